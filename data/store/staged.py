"""A store as it will be once a draft is seen, for whoever makes figures of the draft before that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data.store.generation import Generation
from data.store.ready import DRAFT
from data.store.store import Store


@dataclass(frozen=True)
class StagedStore(Store):
    """The store with a draft in the place of what it will replace. draft: its file, with its description beside it."""

    draft: Path

    @cached_property
    def made(self) -> Generation:
        """What the draft will be. Raises OSError, ValueError."""
        return Generation.read(self.draft.with_suffix(f".json{DRAFT}"))

    def current(self) -> Generation | None:
        """As of Store."""
        return super().current() if self.made.release else self.made

    def release(self) -> Generation | None:
        """As of Store."""
        return self.made if self.made.release else super().release()

    def generation(self, number: int) -> Generation:
        """As of Store."""
        is_made = self.made.release is None and number == self.made.number
        return self.made if is_made else super().generation(number)

    def file(self, generation: Generation) -> Path:
        """As of Store."""
        return self.draft if generation.token == self.made.token else super().file(generation)

    def cube_path(self, generation: Generation) -> Path:
        """As of Store; cells of the draft are drafts too."""
        place = super().cube_path(generation)
        return place.with_name(place.name + DRAFT) if generation.token == self.made.token else place
