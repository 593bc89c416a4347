"""A table of published values: what is under a chart, in a file and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pages.view.points import Cell


@dataclass(frozen=True)
class Table:
    """Header, and rows of a name and its values. Values are published texts; `numbers` the same as numbers, None where hidden."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[tuple[float | None, ...], ...]


def pivot(cells: Sequence[Cell], corner: str, *, columns: Sequence[str] | None = None) -> Table:
    """A table with `Cell.x` down and `Cell.series` across. corner: heading of the first column."""
    across = tuple(columns or dict.fromkeys(cell.series_label for cell in cells))
    by_place = {(cell.x_label, cell.series_label): cell for cell in cells}
    down = tuple(dict.fromkeys(cell.x_label for cell in cells))
    grid = [[by_place.get((row, column)) for column in across] for row in down]
    return Table(
        header=(corner, *across),
        rows=tuple((row, *(cell.text if cell else "–" for cell in line)) for row, line in zip(down, grid, strict=True)),
        numbers=tuple(tuple(cell.value if cell else None for cell in line) for line in grid),
    )
