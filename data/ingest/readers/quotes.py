"""Quotation marks that are part of the text: a mark that nobody closes makes the rows under it look like one long cell."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import polars as pl

from data.ingest.readers.sheet import BrokenRow

_NARROW = 4
"""Cells of a row up to which a line of a note may have as many by chance."""
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")


def swallowed_row(frame: pl.DataFrame, broken: Iterable[BrokenRow], data: bytes, separator: str) -> int | None:
    """The number of the first row with a cell that holds whole rows of the table; None when every cell is one.

    A note of several lines is no row: it has other numbers of separators, or begins with something else than rows do.
    """
    cells = pl.exclude("row")
    found = frame.filter(pl.any_horizontal(cells.str.contains("\n|\r")))
    suspects = [(row, cells) for row, *cells in found.iter_rows()] + [(one.row, one.cells) for one in broken]
    width = frame.width - 1

    def holding(*, is_malformed: bool) -> list[int]:
        return [row for row, texts in suspects if _holds_rows(texts, separator, width, is_malformed=is_malformed)]

    # Few notes hold what may be a row, and only those are worth another reading of the whole file.
    rows = holding(is_malformed=True)
    if rows and not _is_malformed(data, separator):
        rows = holding(is_malformed=False)
    return min(rows, default=None)


def by_line(data: bytes, separator: str, index: int, header: Sequence[str]) -> pl.DataFrame | None:
    """All rows under the header, a line each, with quotation marks as text where they do not pair up within the line; None when
    some line has not as many cells as the header.
    """
    width = len(header)
    numbers: list[int] = []
    columns: list[list[str]] = [[] for _ in range(width)]
    for number, line in enumerate(io.StringIO(data.decode(), newline=None), start=1):
        text = line.rstrip("\n")
        if number <= index or not text.strip():
            continue
        cells = _cells(text, separator, width)
        if cells is None or (number == index + 1 and cells != list(header)):  # a title above it may be of several lines
            return None
        if number == index + 1:
            continue
        numbers.append(number)
        for column, cell in zip(columns, cells, strict=True):
            column.append(cell)
    series = [pl.Series(f"c{position}", cells, pl.String()) for position, cells in enumerate(columns)]
    return pl.DataFrame([pl.Series("row", numbers, pl.UInt32()), *series])


def _cells(line: str, separator: str, width: int) -> list[str] | None:
    if '"' in line:
        try:
            paired = next(csv.reader([line], delimiter=separator, strict=True))
        except csv.Error:
            paired = []
        if len(paired) == width:
            return paired
    plain = line.split(separator)
    return plain if len(plain) == width else None


def _is_malformed(data: bytes, separator: str) -> bool:
    """Some mark neither opens nor closes a cell."""
    try:
        for _ in csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error:
        return True
    return False


def _holds_rows(cells: Sequence[str | None], separator: str, width: int, *, is_malformed: bool) -> bool:
    for place, cell in enumerate(cells):
        lines = (cell or "").splitlines()
        if len(lines) < 2:
            continue
        begins = _shape((cells[0] or "") if place else lines[0].partition(separator)[0])
        told = is_malformed or width > _NARROW or "#" in begins
        inside = [line for line in lines[1:-1] if line.count(separator) == width - 1]
        # Of two rows one after the other the cell has the end of the first and the beginning of the second alone.
        ends_and_begins = lines[0].count(separator) == width - 1 - place and lines[-1].count(separator) == place
        if is_malformed and ends_and_begins and place:
            inside.append(lines[-1])
        if told and any(_shape(line.partition(separator)[0]) == begins for line in inside):
            return True
    return False


def _shape(text: str) -> str:
    """A text with what varies from row to row made alike: `#.#.#` of a day, `a#` of a number of a client."""
    return _DIGITS.sub("#", _LETTERS.sub("a", text.strip().strip('"')))
