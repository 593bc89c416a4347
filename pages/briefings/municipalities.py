"""The map of municipalities on a slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.texts import Texts
from metrics.briefings.freezing import Answered
from metrics.briefings.slide import MAPPED
from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row
from metrics.measures.gaps import named, within
from metrics.model.definition import definitions
from metrics.model.dimensions import Places
from pages.briefings.picture import Picture
from pages.charts.place_map import place_map
from pages.charts.place_window import LEAST, spots
from pages.view import sentences, states
from pages.view.points import by_size, cells, in_order, starred, x_of
from pages.view.table import pivot, with_lacks
from pages.view.values import told_if_enough

HEIGHTS = {False: 250, True: 145}
"""Points of the map without its legend, alone and beside another figure."""


def municipalities(
    answered: Answered, rows: Sequence[Row], t: Texts, places: Places, *, beside: bool
) -> Picture | None:
    """Return municipalities where they are, by value and number of clients; None where too few have a value.

    beside: whether another figure stands beside it. Values of few clients are not compared, as on *Vertailu*.
    """
    definition, (place,) = definitions()[answered.slide.metric], MAPPED
    told = [told_if_enough(row, t) for row in rows]
    made = [
        replace(cell, lacks=named(within(answered.lacking, row), t.lang))
        if value == cell.shown
        else replace(cell, value=None, shown=value)
        for cell, value, row in zip(cells(rows, t, places, x=place), told, rows, strict=True)
    ]
    at = spots(starred(made), answered.sizes, t)
    if sum(not spot.point.hidden for spot in at) < LEAST:
        return None
    unit = sentences.unit_text(definition, t)
    chart = place_map(
        at, t, value_title=unit, people_title=t("map.clients"), unit="%" if definition.unit == "%" else "",
        height=HEIGHTS[beside],
    )  # fmt: skip
    few = any(cell.hidden and row.value is not None for cell, row in zip(made, rows, strict=True))
    notes = (t("map.note"), *((t("compare.few.note", count=COMPARED_FROM),) if few else ()))
    notes += (t("figure.star"),) if any(cell.is_of_rest for cell in made) else ()
    notes += (*states.notes((row.state for row in rows), t), t("map.credit"))
    every = in_order(made, by_size(made, x_of), x_of)
    return Picture(chart, with_lacks(pivot(every, t("compare.area")), every, t("table.lacks")), notes)
