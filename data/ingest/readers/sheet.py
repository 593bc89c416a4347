"""What every reader hands over: a sheet of text cells with the row numbers a spreadsheet shows, or a refusal."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from data.refusal import Refusal

_GLIMPSED, _FEW = 2_000, 500
"""A column with fewer different texts among its first rows is one of codes: telling them apart is cheaper than searching all."""

NO_RESULTS = "no_results"
"""The note on a column of formulas whose results the file does not have."""


class FileRefused(Refusal):
    """A file that cannot be read. Neither `reason` nor `params` ever hold a cell's content."""

    family = "file"

    def __init__(self, file: str, reason: str, **params: str | int) -> None:
        super().__init__(reason, (), **params)
        self.file = file


@dataclass(frozen=True)
class BrokenRow:
    """A row that does not fit under the header and is therefore not among the sheet's rows."""

    row: int
    """Row number in the file, as a spreadsheet shows it."""
    reason: str
    """A reason of the family `file`."""
    cells: tuple[str, ...] = field(default=(), repr=False)
    """Its cells, for the personal data guard alone: never shown, never stored."""


@dataclass(frozen=True)
class Sheet:
    """One table as it stands in a file: nothing recognised, nothing checked, everything text."""

    file: str
    """File name without its folders."""
    name: str | None
    """Name of the sheet in a workbook; None for other files."""
    header: tuple[str, ...]
    """Header texts, one per column, all different, none empty."""
    rows: pl.DataFrame = field(repr=False)
    """`row` (UInt32, row number in the file as a spreadsheet shows it) and `c0`, `c1`, … (String, null = empty).

    Real dates are ISO dates, numbers have no needless decimals, wholly empty rows are left out."""
    broken: tuple[BrokenRow, ...] = ()
    """Rows left out of `rows`, with the reason."""
    notes: tuple[str, ...] = ()
    """What was noticed while reading, as `code:value`: `encoding:cp1252`, `separator:;`, `header_row:4`, …"""
    titles: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """Cells with their row numbers above the header, for the personal data guard alone."""
    groups: tuple[str, ...] = ()
    """Of a header of two rows the text of the upper one for each column, empty where it has none; nothing for other headers."""

    def texts(self, column: str) -> pl.Series:
        """Every text of a column, for those who look for some: once each where few texts repeat, else as they stand."""
        if column not in self._texts:
            cells = self.rows[column]
            is_repeating = cells.head(_GLIMPSED).n_unique() < _FEW
            self._texts[column] = cells.unique(maintain_order=True) if is_repeating else cells
        return self._texts[column]

    @cached_property
    def _texts(self) -> dict[str, pl.Series]:
        """What `texts` has found: the rows of a sheet never change."""
        return {}

    @property
    def without_results(self) -> tuple[str, ...]:
        """Headers of columns of formulas whose results the file does not have."""
        return tuple(note.partition(":")[2] for note in self.notes if note.startswith(f"{NO_RESULTS}:"))

    @property
    def header_row(self) -> int:
        """Row number of the header, as a spreadsheet shows it."""
        return next((int(note.removeprefix("header_row:")) for note in self.notes if note.startswith("header_row:")), 1)


def file_name(path: Path) -> str:
    """The name a file is called by in messages: without folders, which may tell about the machine.

    Bytes that are no text, which a file system may hold all the same, are `?`.
    """
    return (path.name or str(path)).encode("utf-8", "replace").decode("utf-8")
