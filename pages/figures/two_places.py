"""Another place beside one's own in figures over time: its published rows of the same periods, as a line and in the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from metrics.grammar.answer import Row
from pages.shell.page import Page
from pages.view.points import DataPoint, in_order, series_of

OWN, OTHER = "own", "other"


def own_name(page: Page) -> str:
    """Return the name of the area that the page is of."""
    area = page.view.area
    return page.label("clients", area.dimension, area.code) if area else page.t("filter.all.area")


def as_lines(page: Page, own: Sequence[DataPoint], other: Sequence[DataPoint]) -> tuple[DataPoint, ...]:
    """Return the data points of one metric with the two places as their series, one's own first."""
    named = ((OWN, own_name(page), own), (OTHER, page.before_label, other))
    return tuple(replace(c, series=key, series_label=name) for key, name, cells in named for c in cells)


def in_table(page: Page, other: Sequence[Row], series: str, order: Sequence[str]) -> tuple[DataPoint, ...]:
    """Return the other place's data points of several series for the table, each named after its series and the place.

    series: what the lines are of, `metric` or a dimension; order: of the series.
    """
    cells, place = in_order(page.cells(other, x="period", series=series), order, series_of), page.before_label
    return tuple(replace(c, series=f"{c.series} {OTHER}", series_label=f"{c.series_label}, {place}") for c in cells)
