"""Tables of published values, for the page, downloads and handouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pages.view.points import DataPoint, names, series_of, x_of
from pages.view.values import NOTHING, Value


@dataclass(frozen=True)
class Line:
    """One line of a table: its name, its values, and the address that its name leads to on a page, if any."""

    name: str
    values: tuple[Value, ...]
    link: str = ""


@dataclass(frozen=True)
class Table:
    """A table: header, whose first heading is that of the names, and lines."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The lines as texts, the name first."""
        return tuple((line.name, *(value.text for value in line.values)) for line in self.lines)


def of_texts(header: Iterable[str], rows: Iterable[Sequence[str]]) -> Table:
    """Return a table of texts only; the first text of a row is its name."""
    return Table(tuple(header), tuple(Line(row[0], tuple(map(Value, row[1:]))) for row in rows))


def pivot(cells: Sequence[DataPoint], corner: str, *, columns: Mapping[str, str] | None = None) -> Table:
    """Return a table with `DataPoint.x` as rows and `DataPoint.series` as columns; matched by key, headed by label.

    corner: heading of the first column; columns: names of all series by code, if other than those of the data points.
    """
    across = columns if columns is not None else names(cells, series_of)
    by_place = {(cell.x, cell.series): cell.shown for cell in cells}
    lines = (
        Line(name, tuple(by_place.get((code, column), NOTHING) for column in across))
        for code, name in names(cells, x_of).items()
    )
    return Table((corner, *across.values()), tuple(lines))


def with_lacks(table: Table, cells: Sequence[DataPoint], heading: str) -> Table:
    """Return a table of data points (`pivot`) with a last column of what the data lack of each row, where they lack anything."""
    lost: dict[str, dict[str, None]] = {}
    for cell in cells:
        lost.setdefault(cell.x, {}).update({cell.lacks: None} if cell.lacks else {})
    if not any(lost.values()):
        return table
    told = (Value("; ".join(of)) if of else NOTHING for of in lost.values())
    lines = (replace(line, values=(*line.values, one)) for line, one in zip(table.lines, told, strict=True))
    return Table((*table.header, heading), tuple(lines))
