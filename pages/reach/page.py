"""The page Tavoittavuus: clients per 1 000 foreign-language residents, by language and municipality, and channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from pages.charts.tiles import tiles
from pages.figures import breakdowns, figure, headlines, lacking_marks, metric_table
from pages.figures.figure import Figure
from pages.figures.municipality_map import municipality_map
from pages.figures.side_by_side import in_tabs, side_by_side
from pages.i18n import formats
from pages.reach import evenness, heat_maps
from pages.shell.asking import FigureRows
from pages.shell.drawing import page
from pages.shell.page import Page
from pages.view import sentences
from pages.view.points import DataPoint, in_order, starred, x_of
from pages.view.state import TAB
from pages.view.table import pivot

CHANNELS = ("in_person_share", "remote_share", "outreach_share")


@page("reach", own=(TAB,))
def render(page: Page) -> None:
    """Draw the headline, then whom we do not reach and where, languages, ages, newcomers, how people came, and channels."""
    _headline(page)
    t, unit = page.t, page.t("reach.unit.encounters")
    side_by_side(
        lambda: _bars(page, "reach_gap", "language", "gap", t("reach.gap.unit")), lambda: _municipalities(page)
    )
    evenness.show(page)
    in_tabs(
        page,
        lambda code: t("reach.tab." + code),
        {
            "languages": lambda: heat_maps.languages(page),
            "persons": lambda: side_by_side(
                lambda: heat_maps.persons(page),
                lambda: _months(page, ("newcomer_share",), "newcomers", t("reach.unit.clients")),
            ),
            "found": lambda: side_by_side(
                lambda: _bars(page, "found_via_share", "found_via", "found", unit, "%"),
                lambda: _bars(page, "outside_home_share", "municipality", "outside", unit, "%"),
            ),
            "channels": lambda: side_by_side(
                lambda: _months(page, CHANNELS, "channels", unit), lambda: heat_maps.channels(page, CHANNELS)
            ),
        },
    )
    metric_table.further(page)


def _headline(page: Page) -> None:
    """Draw the clients per 1 000 residents, now and before."""
    t, found = page.t, page.ask("reach_per_1000")
    now = found.one("reach_per_1000")
    if now is None or not headlines.may_be_said(now):
        headlines.instead(page, "reach_per_1000", found, now)
        return
    when = sentences.period_text(page.view.period, t, "in")
    text = t("reach.headline", count=formats.value_text(now, t), when=when)
    then = page.ask_before("reach_per_1000")
    before = then.one("reach_per_1000") if then else None
    if before is not None and before.value is not None:
        text += t("reach.headline.before", count=formats.value_text(before, t), when=page.when_before)
    st.header(text + "." + figure.not_followed(page, found.composed))
    st.caption("  \n".join([t("reach.note"), *figure.filter_notes(page, found.composed)]))


def _municipalities(page: Page) -> None:
    """Draw the municipalities on a map; where they make none, a tile for each, the one with most clients first."""
    t, by = page.t, ("municipality",)
    found = page.ask("reach_per_1000", by=by)
    size = {row.codes["municipality"]: row.n or 0 for row in found.rows}
    order = sorted(size, key=lambda code: -size[code])
    cells = in_order(_now(page, found, "municipality"), order, x_of)
    before: list[DataPoint] = []
    if then := page.ask_before("reach_per_1000", by=by):
        earlier, named = page.cells(then.rows, x="municipality"), page.before_label
        before = [replace(cell, series="before", series_label=named) for cell in earlier]
    unit, pick, told = t("reach.unit.residents"), page.picking("municipality"), starred(cells)
    chart = tiles(told, t, value_title=unit, marked=found.marked_code, is_picked=pick is not None)
    alt = t("reach.municipalities.alt", largest=_largest(cells))
    notes: tuple[str, ...] = (t("reach.municipalities.note"),)
    clients = page.ask_alike(found.composed, "clients", by).rows
    marked = (found.marked_code,) if found.marked_code else ()
    if drawn := municipality_map(page, told, clients, unit=unit, marked=marked, is_picked=pick is not None):
        chart, alt, notes = drawn.chart, t(drawn.alt, largest=_largest(cells)), drawn.notes
    stars, hidden = lacking_marks.note(cells, page, "star"), figure.hidden_note(cells, page)
    marks, title = (*notes, *stars), t("reach.municipalities")
    shown = Figure("municipalities", title, alt, unit, hidden, kind="map" if drawn else None, marks=marks)
    every = [*cells, *in_order(before, order, x_of)]
    table = lacking_marks.in_table(pivot(every, t("demand.municipality")), every, page)
    figure.show(page, shown, found, chart, table, pick=pick)


def _now(page: Page, found: FigureRows, dimension: str) -> list[DataPoint]:
    """Return data points of the one metric, with the period as the name of their series."""
    named = formats.period_label(found.answer.question.period, page.t.lang)
    named = page.t("period.is.all") if found.answer.question.period == "all" else named
    cells = lacking_marks.of_places(page, found.rows, found.answer, dimension)
    return [replace(cell, series_label=named) for cell in cells]


def _largest(cells: Sequence[DataPoint]) -> str:
    """Return the label of the largest single value."""
    shown = [cell for cell in cells if cell.value is not None]
    return max(shown, key=lambda cell: cell.value or 0).x_label if shown else "–"


def _bars(page: Page, metric: str, dimension: str, key: str, unit: str, sign: str = "") -> None:
    t = page.t
    breakdowns.bars_by(
        page, metric, dimension, key=key, title=t(f"reach.{key}"), unit=unit, sign=sign,
        alt=lambda largest: t(f"reach.{key}.alt", largest=largest), corner=t(f"reach.{dimension}"),
        notes=(t(f"reach.{key}.note"),),
    )  # fmt: skip


def _months(page: Page, metrics: Sequence[str], key: str, unit: str) -> None:
    """Draw shares over the months of the chosen period."""
    t = page.t
    breakdowns.over_time(
        page, *metrics, key=key, title=t(f"reach.{key}"), alt=t(f"reach.{key}.alt"), unit=unit, sign="%",
        notes=(t(f"reach.{key}.note"),), goal=metrics[0] if len(metrics) == 1 else None, corner=t("flows.period"),
    )  # fmt: skip
