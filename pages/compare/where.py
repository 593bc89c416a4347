"""One metric of all municipalities on a map, those that are compared with a thick edge; a click adds one to the comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from data.refusal import Refusal
from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import is_main
from metrics.model.definition import definitions
from metrics.model.dimensions import members
from pages.charts.frame import MOST_SERIES
from pages.compare import areas, sides
from pages.compare.areas import Area
from pages.figures import figure, lacking_marks
from pages.figures.figure import Figure
from pages.figures.municipality_map import municipality_map
from pages.shell.on_top import on_top
from pages.shell.page import Page
from pages.view import sentences, states
from pages.view.points import starred
from pages.view.table import pivot
from pages.view.values import is_enough

_PLACE = "municipality"


def show(page: Page, metric: str, compared: Sequence[Area], known: Sequence[Area]) -> None:
    """Draw the map of the period that is compared; nothing where too few municipalities have a value. known: all areas."""
    t, definition = page.t, definitions()[metric]
    period, _ = sides.pair(page)
    try:
        found = areas.asked(page, metric, _PLACE, period)
        clients = areas.asked(page, "clients", _PLACE, period).rows
    except Refusal:
        return
    rows = [row for row in found.rows if is_main(row)]
    cells = [
        cell if is_enough(row) else replace(cell, value=None, shown=areas.told(page, row))
        for row, cell in zip(rows, lacking_marks.cells(page, rows, found.answer, x=_PLACE), strict=True)
    ]
    chosen = _codes(compared)
    unit = sentences.unit_text(definition, t)
    pick = _adding(compared, known)
    drawn = municipality_map(
        page, starred(cells), clients, unit=unit, sign="%" if definition.unit == "%" else "", around=chosen, marked=chosen,
        is_picked=pick is not None,
    )  # fmt: skip
    if drawn is None:
        return
    largest = max((cell for cell in cells if cell.value is not None), key=lambda cell: cell.value or 0)
    few = any(row.value is not None and not is_enough(row) for row in rows)
    notes = (
        *([t("compare.map.marked")] if chosen else []),
        *drawn.notes,
        *([t("compare.few.note", count=COMPARED_FROM)] if few else []),
    )
    marks, notes = (*notes, *lacking_marks.note(cells, page, "star")), states.notes((row.state for row in rows), t)
    title = t("compare.map", metric=definition.name[t.lang])
    shown = Figure(f"{metric}_map", title, t(drawn.alt, largest=largest.x_label), unit, notes, kind="map", marks=marks)
    table = lacking_marks.in_table(pivot(cells, t("compare.area")), cells, page)
    figure.show(page, shown, replace(found, rows=tuple(rows)), drawn.chart, table, pick=pick)


def _codes(compared: Sequence[Area]) -> list[str]:
    """Return the municipalities of one's own that are compared, themselves or as members of an area."""
    found = [
        member
        for area in compared
        if area.dimension and area.package is None
        for member in ((area.code,) if area.dimension == _PLACE else members(area.dimension, area.code))
    ]
    return list(dict.fromkeys(found))


def _adding(compared: Sequence[Area], known: Sequence[Area]) -> Callable[..., None] | None:
    """Return what adds a clicked municipality to the comparison, while there is room."""
    tokens = [area.token for area in compared]
    free = {area.token for area in known if area.dimension == _PLACE and area.package is None} - set(tokens)
    if len(tokens) >= MOST_SERIES or not free:
        return None

    @on_top
    def pick(code: str) -> None:
        if code in free:
            st.query_params["areas"] = ",".join([*tokens, code])

    return pick
