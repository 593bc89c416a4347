"""How much a file may ask for: time and memory by its kind and size, and how large a table it may unfold into.

An honest file's needs grow with its size, a hostile one's do not. So a small file gets little whatever it says of itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from data.ingest.readers.sheet import FileRefused

Kind = Literal["text", "json_lines", "px", "parquet", "workbook", "old_workbook", "ods", "zip"]

LONGEST_CELL = 10_000
"""Characters: four pages of text, a third of what Excel allows."""

LONGEST_LINE = 1 << 20
"""Bytes of a line of text: a hundred cells of the longest kind."""

MOST_COLUMNS = 16_384
"""As many as Excel has."""

MOST_BYTES = 8_000_000_000
"""Larger files are not opened."""

_MEGABYTE = 1_000_000
_SECONDS = 10.0
_MEMORY = 800 * _MEGABYTE
"""Beside it stand some 100 MB of libraries, which are no data: together less than a gigabyte."""
_SMALL = {"workbook": 5, "old_workbook": 5, "ods": 2, "px": 5, "zip": 5, "parquet": 20}
"""Megabytes that are read with the least limits; other kinds of text 20."""
_SECONDS_PER_MB = {"workbook": 1.0, "old_workbook": 1.0, "ods": 2.0, "px": 0.5, "zip": 0.5, "parquet": 0.1}
"""Beyond `_SMALL`; other kinds of text 0.05. Measured ones are a third of these or less."""
_MEMORY_PER_MB = {"workbook": 40, "old_workbook": 20, "ods": 80, "px": 20, "zip": 50, "parquet": 40, "json_lines": 20}
"""Megabytes for each megabyte beyond `_SMALL`; other text 10."""
_CELLS = {
    "parquet": (1_000_000, 20),
    "workbook": (8_000_000, 20),
    "old_workbook": (20_000_000, 20),
    "ods": (4_000_000, 20),
}
"""Cells of a table: how many any file may have, and how many for each byte of it; other kinds 10 million and 2."""
_TEXT_BYTES = 50 * _MEGABYTE
_TEXT_PER_BYTE = 20


@dataclass(frozen=True)
class Limits:
    """What the process that reads a file may use."""

    seconds: float
    """Of processor time."""
    memory: int
    """Bytes."""


def limits(kind: Kind, size: int) -> Limits:
    """The limits for a file of a kind and a size in bytes."""
    beyond = max(0.0, size / _MEGABYTE - _SMALL.get(kind, 20))
    seconds = _SECONDS + beyond * _SECONDS_PER_MB.get(kind, 0.05)
    return Limits(seconds, _MEMORY + int(beyond * _MEMORY_PER_MB.get(kind, 10)) * _MEGABYTE)


def check_area(file: str, kind: Kind, rows: int, columns: int, size: int, *, cells: int = 0) -> None:
    """Raises FileRefused `too_large_area` for more cells than a file of this size holds in earnest, or too many columns.

    cells: how many there are, when it is more than rows × columns (lists in a cell).
    """
    floor, per_byte = _CELLS.get(kind, (10_000_000, 2))
    if columns > MOST_COLUMNS or max(rows * columns, cells) > max(floor, per_byte * size):
        raise FileRefused(file, "too_large_area", rows=rows, columns=columns)


def check_texts(file: str, rows: pl.DataFrame, size: int) -> None:
    """Raises FileRefused `long_cell` (with its row), or `too_large_area` when a little file repeats a lot of text."""
    total = 0
    for name in rows.columns[1:]:
        lengths = rows[name].str.len_bytes()
        total += int(lengths.sum())
        if (lengths > LONGEST_CELL).any():  # bytes first: they are known, characters have to be counted
            long = rows["row"].filter(rows[name].str.len_chars() > LONGEST_CELL)
            if long.len():
                raise FileRefused(file, "long_cell", row=int(long[0]), most=LONGEST_CELL)
    if total > max(_TEXT_BYTES, _TEXT_PER_BYTE * size):
        raise FileRefused(file, "too_large_area", rows=rows.height, columns=rows.width - 1)
