"""Saved briefings of a store: STORE/briefings/B-1.jsonl, append-only with one line per version."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, field_validator

from data.personal import plain_line
from data.refusal import Refusal
from data.store.errors import StoreError
from data.store.ledger import Act, ActLog, LogFolder, alone, in_force, next_number, now
from metrics.briefings.freezing import Frozen

LONGEST_TITLE = 100
MOST_SLIDES = 40
_ID = re.compile(r"B-[0-9]{1,6}")


class BriefingError(Refusal, ValueError):
    """Raised when a briefing cannot be saved. `reason`: title, personal, notes, slides, nothing (no such briefing, or withdrawn),
    meanwhile (somebody else has saved it since it was read).
    """

    family = "briefing"


class Briefing(Act):
    """One version of a saved briefing: its slides with their frozen values."""

    id: Annotated[str, StringConstraints(pattern=r"^B-[0-9]{1,6}$")]
    version: int = Field(ge=1)
    title: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=3, max_length=LONGEST_TITLE),
        AfterValidator(plain_line),
    ]
    frozen: Frozen

    @property
    def key(self) -> str:
        """The id, which identifies the earlier lines that this one replaces."""
        return self.id

    @field_validator("frozen")
    @classmethod
    def _is_short_enough(cls, frozen: Frozen) -> Frozen:
        if len(frozen.slides) > MOST_SLIDES:
            raise ValueError("too many slides")
        return frozen


@dataclass(frozen=True)
class Briefings(LogFolder):
    """The saved briefings of a store. Files are read on every call."""

    NAME = "briefings"

    def all(self) -> tuple[Briefing, ...]:
        """Return the newest version of every briefing in force, the last saved first. Raises StoreError."""
        newest = [one for briefing_id in self.ids() for one in in_force(self.history(briefing_id))]
        return tuple(sorted(newest, key=lambda one: one.time, reverse=True))

    def history(self, briefing_id: str) -> tuple[Briefing, ...]:
        """Return every version, oldest first; empty when there is no such briefing. Raises StoreError."""
        if not _ID.fullmatch(briefing_id):
            return ()
        log = self._log(briefing_id)
        lines = log.lines()
        for number, line in enumerate(lines, 1):
            if line.id != briefing_id:  # the file of another one would be shown by this one's name
                raise StoreError("strange_line", log.path, str(number))
        return lines

    def get(self, briefing_id: str) -> Briefing | None:
        """Return the newest version, None when there is none or it has been withdrawn. Raises StoreError."""
        return next(iter(in_force(self.history(briefing_id))), None)

    def save(self, title: str, frozen: Frozen, briefing_id: str | None = None, seen: int | None = None) -> Briefing:
        """Save a new briefing, or a new version of one, and return it.

        seen: the newest version that whoever saves has seen, so that nobody's version in between is lost unnoticed. Raises
        BriefingError (slides, title, personal, nothing: no such briefing, or withdrawn; meanwhile), StoreError.
        """
        if not frozen.slides:
            raise BriefingError("slides")
        with alone(self.folder):
            before = self.history(briefing_id) if briefing_id else ()
            if briefing_id and (not before or before[-1].what == "withdrawn"):
                raise BriefingError("nothing")
            if seen is not None and len(before) != seen:
                raise BriefingError("meanwhile")
            made = _made(briefing_id or f"B-{next_number(self.ids())}", len(before) + 1, title, frozen)
            return self._log(made.id).append(made)

    def withdraw(self, briefing_id: str) -> Briefing:
        """Withdraw a briefing and return the line written; its versions stay. Raises BriefingError("nothing"), StoreError."""
        with alone(self.folder):
            before = self.history(briefing_id)
            gone = self._log(briefing_id).withdraw(briefing_id, version=len(before) + 1) if before else None
        if gone is None:
            raise BriefingError("nothing")
        return gone

    def ids(self) -> list[str]:
        """Return the ids of all that were ever saved."""
        return [path.stem for path in self.folder.glob("B-*.jsonl") if _ID.fullmatch(path.stem)]

    def _log(self, briefing_id: str) -> ActLog[Briefing]:
        return ActLog(self.folder / f"{briefing_id}.jsonl", Briefing)


def _made(briefing_id: str, version: int, title: str, frozen: Frozen) -> Briefing:
    """Return a validated version. Raises BriefingError; the title given is in no message."""
    values = {"id": briefing_id, "version": version, "time": now(), "title": title, "frozen": frozen}
    try:
        return Briefing.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        reason = "slides" if first["loc"][0] == "frozen" else "title"
        raise BriefingError("personal" if "personal" in first["msg"] else reason) from None
