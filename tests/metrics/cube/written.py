"""All cells of a set, to be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from metrics.cube import files
from metrics.cube.packed import PackedCells


def rows_in(file: Path) -> list[tuple[Any, ...]]:
    """All rows of a file, as `every_row`."""
    cells = files.load(file)
    assert cells is not None
    return every_row(cells)


def every_row(cells: PackedCells) -> list[tuple[Any, ...]]:
    """All rows in one order, each with its period and whether that is open."""
    return sorted((*key, *row) for key in cells.periods for row in cells.rows(key, cells.columns))
