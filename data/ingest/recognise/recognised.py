"""What recognition finds in a sheet: its table, its columns with their fields, and what is left out with the reason."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from data.ingest.readers import Sheet
from data.ingest.recognise.values import Reading
from data.model.records import TABLES

WITH_ANOTHER = "with_another"
"""A column is left out as such, because it is read together with another one."""


@dataclass(frozen=True)
class ColumnMatch:
    """One column and its field. `how`: `header`, `phrase`, `values`, `mark` (an x means `mark`), `profile`, `answer`, `counts`
    (made of columns of numbers), `times` (made of beginnings and ends).
    """

    column: str
    header: str
    field: str
    how: str
    reading: Reading = dataclasses.field(default_factory=Reading)
    mark: str | None = None


@dataclass(frozen=True)
class Ignored:
    """A column left out. `reason`: `unknown_header`, `field_taken`, `empty_column`, `profile_ignores`, `answered`, `names`
    (people's names), `another` (somebody else's or of another time), `stamp` (a time the form writes by itself), `unsure`,
    `with_another`.
    """

    column: str
    header: str
    reason: str


@dataclass(frozen=True)
class Recognised:
    """A sheet with its table and columns. Rows left out are not of `sheet.rows`: `dropped` counts totals, `left_out` those that
    the steward leaves out (cancelled visits, rows of no visitors) and texts under the table.
    """

    sheet: Sheet
    table: str
    columns: tuple[ColumnMatch, ...]
    ignored: tuple[Ignored, ...]
    profile: str | None = None
    dropped: int = 0
    left_out: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Reason → rows."""
    withdrawn: pl.DataFrame | None = dataclasses.field(default=None, repr=False)
    """Rows, as those of `sheet.rows`, that are no encounters: what the store has of them leaves it."""

    def leaving_out(self, reason: str, is_out: pl.Series, *, is_withdrawn: bool = True) -> Self:
        """Without some rows (a mask over those of the sheet). is_withdrawn: an earlier file may have had them as records."""
        is_out = is_out.fill_null(value=False)
        out = self.sheet.rows.filter(is_out)
        withdrawn = self.withdrawn
        if is_withdrawn:
            withdrawn = out if withdrawn is None else pl.concat([withdrawn, out])
        left_out = {**self.left_out, reason: self.left_out.get(reason, 0) + out.height}
        notes = [note for note in self.sheet.notes if not note.startswith(f"left_out_{reason}:")]
        notes += [f"left_out_{reason}:{left_out[reason]}"]
        sheet = dataclasses.replace(self.sheet, rows=self.sheet.rows.filter(~is_out), notes=tuple(notes))
        return dataclasses.replace(self, sheet=sheet, left_out=left_out, withdrawn=withdrawn)

    def of_field(self, name: str) -> tuple[ColumnMatch, ...]:
        """The columns of a field: none, one, several marks, or several columns of one list."""
        return tuple(match for match in self.columns if match.field == name)


class NoTable(Exception):  # noqa: N818  (not a fault of the program: the sheet fits no table)
    """No table fits: the nearest one and the fields it misses.

    reason: what the sheet is instead (`pivot`, `summary`), or `left_out` by the steward; empty when nothing more is known.
    """

    def __init__(self, nearest: str, missing: tuple[str, ...], known: int, reason: str = "") -> None:
        super().__init__(nearest)
        self.nearest = nearest
        self.missing = missing
        self.known = known
        """Columns of the nearest table that were recognised."""
        self.reason = reason


def missing_fields(found: Recognised) -> tuple[str, ...]:
    """Required fields without a column."""
    have = {match.field for match in found.columns}
    return tuple(
        name for name, info in TABLES[found.table].model_fields.items() if info.is_required() and name not in have
    )
