"""A table of published values: what is under a chart, in a file and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pages.view.points import DataPoint, names, series_of, x_of
from pages.view.values import NOTHING, Value


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is about, and its values."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """A header, whose first heading is that of the names, and lines."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The lines as texts."""
        return tuple((line.name, *(value.text for value in line.values)) for line in self.lines)


def of_texts(header: Iterable[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table of words alone."""
    return Table(tuple(header), tuple(Line(row[0], tuple(map(Value, row[1:]))) for row in rows))


def pivot(cells: Sequence[DataPoint], corner: str, *, columns: Mapping[str, str] | None = None) -> Table:
    """A table with `DataPoint.x` down and `DataPoint.series` across; codes are the keys, labels the headings.

    corner: heading of the first column; columns: codes of the series with their names, when not those of the cells.
    """
    across = columns if columns is not None else names(cells, series_of)
    by_place = {(cell.x, cell.series): cell.shown for cell in cells}
    lines = (
        Line(name, tuple(by_place.get((code, column), NOTHING) for column in across))
        for code, name in names(cells, x_of).items()
    )
    return Table((corner, *across.values()), tuple(lines))
