"""What one steward's browser session holds of an import: what was prepared, what was published, what waits for a yes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import streamlit as st

from data.ingest.batch import Wishes
from data.ingest.pipeline import publish
from data.ingest.plan import Prepared
from data.store.generation import Generation
from data.store.store import Store
from data.texts import Texts
from metrics.watching.evaluation import evaluate
from pages.shell import publishing

_KEY = "import_session"
_PUBLISHING = "import_publishing"


@dataclass
class ImportSession:
    """The state of the import page between reruns."""

    round: int = 0
    """Number of the uploader in use; a new one is empty, and the server forgets the files of the old one."""
    uploads: tuple[str, ...] = ()
    """Ids of the uploaded files that `prepared` was made of."""
    wishes: Wishes = field(default_factory=Wishes)
    """What the steward has said about the files: source, period, answers."""
    asked: int = 0
    """How many times answers have been given; the next form is another one."""
    prepared: Prepared | None = None
    published: Generation | None = None
    """The generation that `prepared` became."""
    left: str = ""
    """Why its figures are not all ready."""
    rollback_to: str | None = None
    """Token of the generation that waits for the steward's yes: the number may be another one's by then."""

    def received(self, uploads: tuple[str, ...], prepared: Prepared | None) -> None:
        """Other files have been chosen, or something else said of them: what was known of the earlier ones is forgotten."""
        self.uploads, self.prepared, self.published, self.rollback_to = uploads, prepared, None, None

    def answer(self, file: str, sheet: str | None, key: str, answer: str) -> None:
        """Keep the answer to a question of a sheet; the files are prepared anew."""
        answers = self.wishes.answers.with_answer(file, sheet, key, answer)
        self.wishes = replace(self.wishes, answers=answers)
        self.asked += 1

    def say(self, source: str | None, covers: tuple[date, date] | None) -> None:
        """Keep whose the files are and which period they cover; the files are prepared anew."""
        self.wishes = replace(self.wishes, source=source, covers=covers)
        self.asked += 1

    def publish(self, prepared: Prepared, store: Store, cause: str) -> None:
        """Begin to publish; it goes on whatever is clicked meanwhile."""

        def act() -> tuple[Prepared, Generation | None]:
            done = publish(prepared, store, cause)
            evaluate(store)  # what is watched is looked at in every generation, whoever opens a page first
            return done

        publishing.begin(_PUBLISHING, act)

    @property
    def is_publishing(self) -> bool:
        """Whether something is being published, or has been since the page was drawn."""
        return publishing.is_kept(_PUBLISHING)

    def wait(self, t: Texts) -> None:
        """Wait for what is being published. Raises what that raises."""
        if found := publishing.awaited(_PUBLISHING, t):
            self.left = publishing.left_text(found, t)
            self.done(*found.result())

    def done(self, prepared: Prepared, generation: Generation | None) -> None:
        """Published: keep the report, let go of the rows and of the uploaded files."""
        self.round += 1
        self.uploads, self.published, self.wishes = (), generation, Wishes()
        self.prepared = without_rows(prepared)


def import_session() -> ImportSession:
    """The one of this browser session."""
    found = st.session_state.setdefault(_KEY, ImportSession())
    assert isinstance(found, ImportSession)
    return found


def without_rows(prepared: Prepared) -> Prepared:
    """The report alone, for showing it after the rows have been published."""
    files = tuple(
        replace(
            file,
            parts=tuple(
                replace(part, frame=part.frame.clear(), told=part.told.clear(), clients=part.clients.clear())
                for part in file.parts
            ),
        )
        for file in prepared.files
    )
    return replace(prepared, files=files)
