"""Data points that are of a part of what they are about: marked in a chart, and named in its table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from metrics.grammar.answer import Answer, Row
from metrics.measures.gaps import named
from pages.shell import asking
from pages.view.points import DataPoint, series_of, x_of
from pages.view.table import Table, with_lacks

if TYPE_CHECKING:
    from pages.shell.page import Page

STAR = "*"
"""Stands after a name, with no space: names of columns are broken at spaces."""
PLACES = ("municipality", "region", "employment_area", "centre", "service_point")
"""Dimensions of which one code may lack something that another has."""


def marked(page: Page, made: Sequence[DataPoint], rows: Sequence[Row], answer: Answer) -> tuple[DataPoint, ...]:
    """Return data points with what the data lack of each. rows: theirs, one by one, of an answer.

    Of a package that does not tell, nothing is marked; the note above says so.
    """
    lost = asking.lacking_for_rows(page.serving, replace(answer, rows=tuple(rows)))
    if lost is None:
        return tuple(made)
    words = [named(one, page.t.lang) for one in lost]
    return tuple(replace(cell, lacks=of) if of else cell for cell, of in zip(made, words, strict=True))


def of_row(page: Page, row: Row, answer: Answer) -> str:
    """Return what the data lack of an answer's row, in words; nothing where they lack nothing, or a package does not tell it."""
    lost = asking.lacking_for_rows(page.serving, replace(answer, rows=(row,)))
    return "".join(named(one, page.t.lang) for one in lost or ())


def cells(
    page: Page, rows: Sequence[Row], answer: Answer, *, x: str, series: str = "metric"
) -> tuple[DataPoint, ...]:  # fmt: skip
    """Return rows of an answer as data points with what the data lack of each. x, series: as in `pages.view.points.cells`."""
    return marked(page, page.cells(rows, x=x, series=series), rows, answer)


def of_places(page: Page, rows: Sequence[Row], answer: Answer, dimension: str) -> tuple[DataPoint, ...]:
    """Return rows by a dimension as data points; those of places with what the data lack of each."""
    return cells(page, rows, answer, x=dimension) if dimension in PLACES else page.cells(rows, x=dimension)


def note(cells: Sequence[DataPoint], page: Page, mark: str = "hollow") -> tuple[str, ...]:
    """Return what the mark means where a chart has any. mark: `hollow` of lines, `star` of bars."""
    return (page.t(f"figure.{mark}"),) if any(cell.is_of_rest for cell in cells) else ()


def in_names(cells: Sequence[DataPoint]) -> list[DataPoint]:
    """Return the data points of a heat map with a star after each column and row of which every told value is of a part.

    A star in every box of it would say the same again.
    """
    across, down = _of_parts(cells, x_of), _of_parts(cells, series_of)
    return [
        replace(
            cell,
            x_label=cell.x_label + STAR * (cell.x in across),
            series_label=cell.series_label + STAR * (cell.series in down),
        )
        for cell in cells
    ]


def _of_parts(cells: Sequence[DataPoint], key: Callable[[DataPoint], str]) -> set[str]:
    told = [cell for cell in cells if cell.value is not None]
    return {key(cell) for cell in told} - {key(cell) for cell in told if not cell.is_of_rest}


def in_table(table: Table, cells: Sequence[DataPoint], page: Page) -> Table:
    """Return the table with a column of what lacks."""
    return with_lacks(table, cells, page.t("table.lacks"))
