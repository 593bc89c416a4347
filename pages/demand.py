"""Kysyntä: who asks for what, in which language, where and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from metrics.period import Each, Period
from pages.parts import figure, sentences, tables
from pages.parts.asking import Published
from pages.parts.cells import (
    Cell,
    by_size,
    chosen_first,
    in_order,
    known_first,
    labels,
    largest_label,
    series_of,
    turned,
    x_of,
)
from pages.parts.charts.bars import bars
from pages.parts.charts.heatmap import heatmap
from pages.parts.charts.lines import lines
from pages.parts.charts.stacked import stacked
from pages.parts.figure import Figure
from pages.parts.names import UNKNOWN, codes
from pages.parts.page import Page, page

MOST_BARS = 15
MOST_STACKED = 10
SERIES = ("5", "3", "8")


@page("demand", own=("series",))
def render(page: Page) -> None:
    """Headline, then language, place, topic, time and language support."""
    _headline(page)
    _languages_by_month(page)
    _bars(page, "language", "languages")
    _bars(page, "municipality", "municipalities")
    _topics(page)
    _week(page)
    _support(page)


def _headline(page: Page) -> None:
    largest = {}
    for dimension in ("language", "topic"):
        found = page.ask("encounters", by=(dimension,))
        cells = [c for c in page.cells(found.rows, x=dimension) if c.value and c.x not in UNKNOWN]
        if not cells:
            return
        largest[dimension] = max(cells, key=lambda cell: cell.value or 0).x_label
    name = largest["language"]
    name = name if page.t.lang == "en" else name.lower()
    st.header(page.t("demand.headline", language=name, topic=largest["topic"].lower()) + ".")


def _languages_by_month(page: Page) -> None:
    t, period = page.t, Period.parse(page.view.period)
    if period.level in ("month", "quarter") and period.last_day:
        # One month has no course: show the year so far.
        period = Period(period.year, period.last_day.month, "ytd")
    each: Each = "quarter" if period.level == "all" else "month"
    found = page.ask("encounters", by=("language",), each=each, period=str(period))
    cells = page.cells(found.rows, x="period", series="language")
    order = chosen_first(by_size(cells, series_of), _marked(found))
    st.subheader(t("demand.months"))
    most = int(page.choose("series", SERIES, t("demand.series"), str))
    drawn = in_order([cell for cell in cells if cell.series in order[:most]], order, series_of)
    alt = t("demand.months.alt", largest=largest_label(cells, series_of))
    notes = (*_more(page, len(order), most), *figure.hidden_note(drawn, page))
    chart = lines(drawn, t, y_title=t("unit.encounters"))
    table = tables.pivot(in_order(cells, order, series_of), t("demand.month"))
    shown = Figure("months", t("demand.months"), alt, t("unit.encounters"), notes)
    figure.show(page, shown, found, chart, table, titled=True)


def _bars(page: Page, dimension: str, key: str) -> None:
    t = page.t
    found = page.ask("clients", by=(dimension,))
    cells = page.cells(found.rows, x=dimension)
    order = by_size(cells, x_of)
    ranked = in_order(cells, order, x_of)
    before: tuple[Cell, ...] = ()
    notes = _more(page, len(order), MOST_BARS)
    if page.period_before:
        rows = page.ask("clients", by=(dimension,), period=page.period_before).rows
        before = tuple(
            replace(cell, series="before", series_label=t("chart.year_before"))
            for cell in page.cells(rows, x=dimension)
        )
        notes += (t("figure.year_before", period=sentences.period_text(page.period_before, t)),)
    drawn = ranked[:MOST_BARS]
    alt = t(f"demand.{key}.alt", largest=largest_label(cells, x_of))
    chart = bars(
        drawn,
        t,
        x_title=t("unit.clients"),
        before={cell.x: cell for cell in before},
        marked=_marked(found),
    )
    table = tables.pivot([*ranked, *in_order(before, order, x_of)], t(f"demand.{dimension}"))
    shown = Figure(key, t(f"demand.{key}"), alt, t("unit.clients"), (*notes, *figure.hidden_note(drawn, page)))
    figure.show(page, shown, found, chart, table)


def _topics(page: Page) -> None:
    found = page.ask("encounters", by=("topic", "channel"))
    cells = page.cells(found.rows, x="channel", series="topic")
    _heat(
        page,
        "topics",
        found,
        cells,
        known_first(by_size(cells, series_of)),
        known_first(by_size(cells, x_of)),
        "topic",
    )


def _week(page: Page) -> None:
    found = page.ask("load_by_weekday_hour", by=("weekday", "hour"))
    cells = page.cells(found.rows, x="hour", series="weekday")
    seen = sorted(cell.x for cell in cells if cell.value)
    hours = [cell.x for cell in cells if seen and seen[0] <= cell.x <= seen[-1]]
    _heat(
        page,
        "week",
        found,
        cells,
        tuple(dict.fromkeys(c.series for c in cells)),
        tuple(dict.fromkeys(hours)),
        "weekday",
    )


def _heat(
    page: Page,
    key: str,
    found: Published,
    cells: Sequence[Cell],
    rows: Sequence[str],
    columns: Sequence[str],
    corner: str,
) -> None:
    t = page.t
    drawn = in_order(
        in_order([c for c in cells if c.x in columns and c.series in rows], columns, x_of), rows, series_of
    )
    alt = t(f"demand.{key}.alt", largest=largest_label(cells, series_of))
    chart = heatmap(
        drawn, t, columns=labels(in_order(drawn, columns, x_of)),
        rows=labels(drawn, series_of), value_title=t("unit.encounters"),
    )  # fmt: skip
    notes = (*((t("demand.topics.note"),) if key == "topics" else ()), *figure.hidden_note(drawn, page))
    shown = Figure(key, t(f"demand.{key}"), alt, t("unit.encounters"), notes)
    figure.show(page, shown, found, chart, tables.pivot(turned(drawn), t(f"demand.{corner}")))


def _support(page: Page) -> None:
    t = page.t
    found = page.ask("encounters", by=("language", "language_support"))
    cells = page.cells(found.rows, x="language", series="language_support")
    order = chosen_first(by_size(cells, x_of), _marked(found))
    parts = [page.label("language_support", code) for code in codes("language_support")]
    ranked = in_order(cells, order, x_of)
    drawn = [cell for cell in ranked if cell.x in order[:MOST_STACKED]]
    alt = t("demand.support.alt")
    chart = stacked(
        drawn, t, parts=[part for part in parts if any(c.value and c.series_label == part for c in drawn)],
        rows=labels(drawn), value_title=t("unit.encounters"),
    )  # fmt: skip
    notes = (t("demand.support.note"), *_more(page, len(order), MOST_STACKED))
    shown = Figure("support", t("demand.support"), alt, t("unit.encounters"), notes)
    figure.show(page, shown, found, chart, tables.pivot(ranked, t("demand.language"), columns=parts))


def _marked(found: Published) -> str | None:
    return found.composed.marked.code if found.composed.marked else None


def _more(page: Page, there_are: int, shown: int) -> tuple[str, ...]:
    return (page.t("demand.more", count=shown),) if there_are > shown else ()
