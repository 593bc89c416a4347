"""One metric of all areas beside each other, hundreds of them: a dot for each, those that are compared or searched for named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data.refusal import Refusal
from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row, is_main
from metrics.model.definition import definitions
from pages.charts.frame import MOST_SERIES
from pages.charts.strip import strip
from pages.compare import areas, others, sides
from pages.compare.areas import Area
from pages.figures import figure
from pages.figures.figure import Figure
from pages.shell.asking import FigureRows
from pages.shell.page import Page
from pages.view import sentences, states
from pages.view.points import DataPoint
from pages.view.table import pivot
from pages.view.values import Value, is_enough

_PLACE = "municipality"
_LETTERS = 60


def show(page: Page, metric: str, compared: Sequence[Area], known: Sequence[Area], search: str) -> None:
    """Draw the plot and the table of the period that is compared. search: part of the names to look for."""
    t, definition = page.t, definitions()[metric]
    period, _ = sides.pair(page)
    every = [area for area in known if area.dimension == _PLACE or area.package or area in compared]
    rows, first, refusals = asked(page, metric, every, period)
    if first is None:
        for why in others.reasons(page, refusals.values()):
            st.info(why)
        return
    cells = [_cell(page, area, rows.get(area.token), refusals.get(area.token)) for area in every]
    cells.sort(key=lambda cell: (cell.value is None, -(cell.value or 0), cell.x_label))
    found = [cell.x for cell in cells if search and search.casefold() in cell.x_label.casefold()]
    marked = [*dict.fromkeys([*(area.token for area in compared), *found[:MOST_SERIES]])]
    shown = [cell for cell in cells if cell.value is not None]
    unit = sentences.unit_text(definition, t)
    chart = strip(cells, t, x_title=unit, unit="%" if definition.unit == "%" else "", marked=marked)
    few = any(row.value is not None and not is_enough(row) for row in rows.values())
    small = t("compare.few.note", count=COMPARED_FROM)
    notes = (
        t("compare.all.count", shown=len(shown), count=len(cells)),
        *([t("compare.all.found", count=len(found))] if search else []),
        *([small] if few and shown else []),
        *states.notes((row.state for row in rows.values()), t),
        *([t("package.rounded")] if any(area.package for area in every) else []),
    )
    title = t("compare.all.title", metric=definition.name[t.lang])
    alt = t("compare.all.alt", largest=shown[0].x_label if shown else "–", count=len(shown))
    about = Figure(f"{metric}_all", title, alt, unit, notes, counts=True)
    of = page if first.package is None else areas.over(page, first)
    question = replace(asked_of(of, metric, first, period), rows=tuple(rows.values()))
    table = pivot(cells if not search else [cell for cell in cells if cell.x in found], t("compare.area"))
    figure.show(of, about, question, chart, table, titled=True, nothing=small if few and not shown else not shown)


def search_field(page: Page) -> str:
    """Draw the field that looks for areas by name, and return what is in it."""
    t = page.t
    return st.text_input(t("compare.all.search"), key="compare_search", max_chars=_LETTERS).strip()


def asked(
    page: Page, metric: str, every: Sequence[Area], period: str
) -> tuple[dict[str, Row], Area | None, dict[str, Refusal]]:
    """Return each area's row by its token, the first area that has been answered, and why others have not been, by theirs."""
    rows: dict[str, Row] = {}
    first: Area | None = None
    refusals: dict[str, Refusal] = {}
    for area in every:
        try:
            found = asked_of(areas.over(page, area), metric, area, period).rows
        except Refusal as refusal:
            refusals[area.token] = refusal
            continue
        first = first or area
        row = next((row for row in areas.of_area(found, area) if is_main(row)), None)
        if row is not None:
            rows[area.token] = row
    return rows, first, refusals


def asked_of(page: Page, metric: str, area: Area, period: str) -> FigureRows:
    """Return the answer that an area's row is in. Raises Refusal."""
    return areas.asked(page, metric, area.dimension, period)


def _cell(page: Page, area: Area, row: Row | None, refusal: Refusal | None) -> DataPoint:
    told = Value(others.mark_of(page, refusal)) if refusal else areas.told(page, row, lacks=row is None)
    value = row.value if row is not None and is_enough(row) else None
    return DataPoint(
        area.token, area.label, "value", page.t("compare.value"), value, told, state=row.state if row else "no_data"
    )
