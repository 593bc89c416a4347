"""What the steward writes beside the numbers: targets, and notes on dates. Both keep their whole history.

STORE/steward/targets.jsonl, notes.jsonl: one line per act, never changed; a later line on the same thing replaces or withdraws
the earlier one. They belong to the store, not to a generation: an import or a rollback leaves them alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from data.codes import code_list
from data.personal import plain_line
from data.steward.lines import StewardError, made, withdrawn
from data.store.ledger import Act, ActLog, LogFolder, alone, next_number

WHOLE_AREA = "all"
LONGEST_NOTE = 200

LEAST_YEAR, MOST_YEAR = 2000, 2100


class _Line(Act):
    """A line on a municipality or the whole area."""

    municipality: str = WHOLE_AREA

    @field_validator("municipality")
    @classmethod
    def _exists(cls, code: str) -> str:
        municipalities = code_list("municipality")
        if code != WHOLE_AREA and (code == municipalities.unknown or code not in municipalities):
            raise ValueError("no such municipality")
        return code


class Target(_Line):
    """The value a metric is meant to reach in a year, in a municipality or the whole area."""

    metric: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    year: int = Field(ge=LEAST_YEAR, le=MOST_YEAR)
    value: float = Field(ge=0, le=1e9, allow_inf_nan=False)

    @property
    def key(self) -> str:
        """What a later line replaces."""
        return f"{self.metric} {self.municipality} {self.year}"


class Note(_Line):
    """Something that happened on a day and explains the numbers after it."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$")]
    day: date = Field(ge=date(LEAST_YEAR, 1, 1), le=date(MOST_YEAR, 12, 31))
    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=3, max_length=LONGEST_NOTE), AfterValidator(plain_line)
    ]

    @property
    def key(self) -> str:
        """What a later line replaces."""
        return self.id


@dataclass(frozen=True)
class Ledger(LogFolder):
    """The targets and notes of a store folder. Cheap to make; reads its files when asked."""

    NAME = "steward"

    def targets(self) -> tuple[Target, ...]:
        """Targets in force, by metric, year and municipality."""
        return tuple(
            sorted(self._targets.in_force(), key=lambda target: (target.metric, target.year, target.municipality))
        )

    def notes(self) -> tuple[Note, ...]:
        """Notes in force, oldest day first."""
        return tuple(sorted(self._notes.in_force(), key=lambda note: (note.day, int(note.id))))

    def target_history(self) -> tuple[Target, ...]:
        """Every line ever written, oldest first. Raises StoreError."""
        return self._targets.lines()

    def note_history(self) -> tuple[Note, ...]:
        """Every line ever written, oldest first. Raises StoreError."""
        return self._notes.lines()

    def set_target(
        self, metric: str, year: int, value: float, municipality: str = WHOLE_AREA, *,
        known: Mapping[str, tuple[float, float]],
    ) -> Target:  # fmt: skip
        """Set or replace a target. known: the least and the greatest value of each metric there is. Raises StewardError,
        StoreError.
        """
        if metric not in known:
            raise StewardError("metric")
        least, most = known[metric]
        if not least <= value <= most:
            raise StewardError("limits", least=f"{least:g}", most=f"{most:g}")
        target = made(Target, metric=metric, year=year, value=value, municipality=municipality)
        return self._targets.append(target)

    def withdraw_target(self, key: str) -> Target:
        """Withdraw a target in force. Raises StewardError("nothing"), StoreError."""
        return withdrawn(self._targets, key)

    def write_note(self, day: date, text: str, municipality: str = WHOLE_AREA, *, replaces: str | None = None) -> Note:
        """Write a note, or put another in the place of one. Raises StewardError, StoreError."""
        with alone(self.folder):
            if replaces is not None and replaces not in {note.id for note in self.notes()}:
                raise StewardError("nothing")
            number = replaces or str(next_number(note.id for note in self.note_history()))
            return self._notes.append(made(Note, id=number, day=day, text=text, municipality=municipality))

    def withdraw_note(self, key: str) -> Note:
        """Withdraw a note in force. Raises StewardError("nothing"), StoreError."""
        return withdrawn(self._notes, key)

    @property
    def _targets(self) -> ActLog[Target]:
        return ActLog(self.folder / "targets.jsonl", Target)

    @property
    def _notes(self) -> ActLog[Note]:
        return ActLog(self.folder / "notes.jsonl", Note)
