"""Saved briefings of a store: STORE/briefings/B-1.jsonl, one line per version, never changed and never erased."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from data.personal import plain_line
from data.refusal import Refusal
from data.store import ledger
from metrics.briefings.freezing import Frozen

LONGEST_TITLE = 100
MOST_SLIDES = 40
_ID = re.compile(r"B-[0-9]{1,6}")


class BriefingError(Refusal, ValueError):
    """What was to be saved may not be. `reason`: title, personal, notes, slides, nothing."""

    family = "briefing"


class Briefing(BaseModel):
    """One version of a saved briefing: its slides with the values they were saved with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^B-[0-9]{1,6}$")]
    version: int = Field(ge=1)
    time: datetime
    what: Literal["set", "withdrawn"] = "set"
    title: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=3, max_length=LONGEST_TITLE),
        AfterValidator(plain_line),
    ]
    frozen: Frozen

    @field_validator("frozen")
    @classmethod
    def _is_short_enough(cls, frozen: Frozen) -> Frozen:
        if len(frozen.slides) > MOST_SLIDES:
            raise ValueError("too many slides")
        return frozen


@dataclass(frozen=True)
class Briefings:
    """The saved briefings of a store folder. Cheap to make; reads its files when asked."""

    folder: Path

    @classmethod
    def of(cls, store: Path) -> Self:
        """Those of a store."""
        return cls(store / "briefings")

    def all(self) -> tuple[Briefing, ...]:
        """The newest version of every briefing in force, the last saved first. Raises StoreError("damaged")."""
        paths = self.folder.glob("B-*.jsonl") if self.folder.exists() else ()
        newest = [lines[-1] for path in paths if (lines := ledger.read(path, Briefing))]
        return tuple(sorted((one for one in newest if one.what == "set"), key=lambda one: one.time, reverse=True))

    def history(self, briefing_id: str) -> tuple[Briefing, ...]:
        """Every version, oldest first; none when there is no such briefing. Raises StoreError("damaged")."""
        return ledger.read(self._path(briefing_id), Briefing) if _ID.fullmatch(briefing_id) else ()

    def get(self, briefing_id: str) -> Briefing | None:
        """The newest version, None when there is none or it has been withdrawn."""
        lines = self.history(briefing_id)
        return lines[-1] if lines and lines[-1].what == "set" else None

    def save(self, title: str, frozen: Frozen, briefing_id: str | None = None) -> Briefing:
        """Save a new briefing, or a new version of one. Raises BriefingError, StoreError."""
        if not frozen.slides:
            raise BriefingError("slides")
        with ledger.alone(self.folder):
            before = self.history(briefing_id) if briefing_id else ()
            if briefing_id and not before:
                raise BriefingError("nothing")
            made = _made(briefing_id or self._next(), len(before) + 1, title, frozen)
            return ledger.append(self._path(made.id), made)

    def withdraw(self, briefing_id: str) -> Briefing:
        """Take a briefing off the list; its versions stay. Raises BriefingError("nothing"), StoreError."""
        with ledger.alone(self.folder):
            found = self.get(briefing_id)
            if found is None:
                raise BriefingError("nothing")
            gone = found.model_copy(
                update={"what": "withdrawn", "version": found.version + 1, "time": ledger.now()}
            )  # fmt: skip
            return ledger.append(self._path(briefing_id), gone)

    def _next(self) -> str:
        numbers = [int(path.stem[2:]) for path in self.folder.glob("B-*.jsonl") if _ID.fullmatch(path.stem)]
        return f"B-{1 + max(numbers, default=0)}"

    def _path(self, briefing_id: str) -> Path:
        return self.folder / f"{briefing_id}.jsonl"


def _made(briefing_id: str, version: int, title: str, frozen: Frozen) -> Briefing:
    """A version from what a person gave, or the reason why not; the text itself is in no message."""
    values = {"id": briefing_id, "version": version, "time": ledger.now(), "title": title, "frozen": frozen}
    try:
        return Briefing.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        reason = "slides" if first["loc"][0] == "frozen" else "title"
        raise BriefingError("personal" if "personal" in first["msg"] else reason) from None
