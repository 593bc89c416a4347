"""The matrix of a comparison: areas as rows, figures as columns, each value a link to the page that tells more of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from metrics.model.definition import definitions
from pages.compare import areas, others, sides
from pages.compare.sides import Compared
from pages.figures import tables
from pages.i18n import formats
from pages.shell.page import Page
from pages.shell.screen_only import screen_only
from pages.view.state import Choice
from pages.view.table import Line, Table
from pages.view.values import Value

ARROWS = {"up": " ↗", "down": " ↘"}


def show(page: Page, found: Mapping[str, Sequence[Compared]]) -> None:
    """Draw the matrix, of the period that is compared. found: each metric's areas, the same in all that could be asked."""
    t, periods = page.t, sides.pair(page)
    asked = {metric: group for metric, group in found.items() if group}
    if len(asked) < 2 or not any(one.now or one.lacks for group in asked.values() for one in group):
        return
    lines = [
        Line(one.area.label, tuple(_value(page, metric, group[place]) for metric, group in asked.items()))
        for place, one in enumerate(next(iter(asked.values())))
    ]
    header = (t("compare.area"), *(definitions()[metric].name[t.lang] for metric in asked))
    caption = t("compare.matrix", period=formats.period_label(periods[0], t.lang))
    st.html(tables.to_html(Table(header, tuple(lines)), caption, whole=True))
    every = [one for group in asked.values() for one in group]
    has_arrow = any(str(one.trend) in ARROWS for one in every)
    notes = [t("compare.matrix.note", when=page.when_before)] if has_arrow else []
    if said := [*notes, *sides.unsaid(every, t)]:
        st.caption(" ".join(said))
    if any(value.link for line in lines for value in line.values):
        with screen_only("compare_open"):
            st.caption(t("compare.matrix.open"))


def _value(page: Page, metric: str, one: Compared) -> Value:
    if one.now is None and one.refusals:
        return Value(others.mark_of(page, one.refusals[0]))
    told = areas.told(page, one.now, lacks=one.lacks, of_rest=one.of_rest)
    told = replace(told, text=told.text + ARROWS.get(str(one.trend), ""))
    if one.area.package:  # no page tells more of another's figures
        return told
    named = f"{one.area.label}, {definitions()[metric].name[page.t.lang]}"
    return replace(told, link=_address(page, metric, one), named=named)


def _address(page: Page, metric: str, one: Compared) -> str:
    """Return the address of the metric's own page, with the filters of this one and the area of the row."""
    area = Choice(one.area.dimension, one.area.code) if one.area.dimension else None
    there = replace(page, view=page.view.with_slot("area", area))
    on = definitions()[metric].page
    return there.address("catalogue", metric=metric) if on == page.id else there.address(on)
