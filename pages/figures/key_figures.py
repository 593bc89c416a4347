"""Key figures as tiles: current value, change from an earlier one, and a line of the last months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from data.texts import Texts
from metrics.change.trend import Direction
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.model.definition import definitions
from pages.downloads import menu
from pages.downloads.about import about
from pages.figures import changes, comparing, figure, tables
from pages.figures.unrecorded import keep_reasons
from pages.i18n import formats
from pages.shell.page import Page
from pages.view import sentences, states
from pages.view.table import Line, Table
from pages.view.values import published

Colour = Literal["green", "red", "blue"]
ARROWS: dict[Direction | None, Literal["up", "down", "off"]] = {
    "up": "up",
    "down": "down",
    "unclear": "off",
    None: "off",
}
"""Arrow of a tile by direction of change: none for a change that may be chance."""


@dataclass(frozen=True)
class KeyFigure:
    """One key figure: a metric and which of its rows. `matured`: computed over everyone who has started, in all time."""

    metric: str
    quantile: float | None = None
    horizon: int | None = None
    matured: bool = False


def now_and_before(page: Page, key: KeyFigure) -> tuple[Row | None, Row | None]:
    """Return the figure's row in the view's period and the earlier one; None where there is no such row. Raises QuestionError."""
    if key.matured:
        return page.ask(key.metric, period="all").one(key.metric, horizon=key.horizon), None
    now = page.ask(key.metric).one(key.metric, quantile=key.quantile)
    before = page.ask_before(key.metric)
    return now, before.one(key.metric, quantile=key.quantile) if before else None


def show(page: Page, pairs: list[tuple[KeyFigure, Row | None, Row | None]]) -> None:
    """Draw the tiles and the table of their values."""
    t = page.t
    st.subheader(t("overview.key_figures"))
    grid = st.grid(4, min_column_width=155)
    lines: list[Line] = []
    compared: list[Row] = []
    has_line = is_changed = False
    for key, now, before in pairs:
        if now is None:
            continue
        definition = definitions()[key.metric]
        label = t("key." + key.metric)
        beside, change = comparing.beside(page, now, before), comparing.change(page, now, before)
        way = changes.direction(page, now, before)
        if way is not None:
            compared.append(now)
        line = spark(page, key)
        has_line = has_line or line is not None
        is_changed = is_changed or change is not None
        grid.metric(
            label,
            tile_text(now, t, unit=now.unit in formats.OF_TIME),
            beside or _instead(page, key, now),
            delta_color=colour(definition.good, way) if change else "off",
            delta_arrow=ARROWS[way] if change else "off",
            help=sentences.meaning(definition, t),
            border=True,
            height="stretch",
            chart_data=line,
        )
        values = (published(now, t, unit=True), *comparing.values(page, now, before))
        lines.append(Line(line_name(key, label, t), values))
    keep_reasons(page, [(t("key." + key.metric), now) for key, now, _ in pairs if now is not None])
    drawn = [spark_note(page)] if has_line else []
    st.caption(" ".join([*drawn, *([t("overview.spark.change", when=page.when_before)] if is_changed else [])]))
    # Of a count and of a share that are compared: the others stand on numbers of about the same size.
    rows = [next((now for now in compared if (now.unit == "%") == is_share), None) for is_share in (False, True)]
    said = [*changes.notes(page), *(changes.power_text(page, row) for row in rows)]
    st.caption(" ".join(filter(None, said)))
    table = Table(
        header=(t("overview.figure"), t("overview.now"), *comparing.columns(page)),
        lines=tuple(lines),
    )
    found = about(page, t("overview.table"), [key.metric for key, _, _ in pairs], ())
    name = figure.csv_name(page, "key_figures", page.view.period)
    tables.show(
        table, t, caption=t("overview.table"), file_name=name, notes=found.lines, key="key_figures",
        more=lambda: menu.offer(table, found, t, stem=name.removesuffix(".csv"), key="key_figures"),
    )  # fmt: skip


def _instead(page: Page, key: KeyFigure, now: Row) -> str | None:
    """Return what a tile says in place of a comparison; of a target that nobody has set, nothing."""
    if not states.is_said(now):
        return states.in_short(now, page.t)
    if key.matured:
        return page.t("overview.everyone_started")
    return None if page.view.against == "target" else page.t("overview.no_comparison")


def line_name(key: KeyFigure, label: str, t: Texts) -> str:
    """Return the name of a figure in a table of a period, and in its file: one of all time says that it is."""
    return f"{label} ({t('overview.everyone_started')})" if key.matured else label


def tile_text(row: Row, t: Texts, *, unit: bool) -> str:
    """Return the large number of a tile; a dash where there is none, since a tile has no room for the reason."""
    return formats.value_text(row, t, unit=unit) if states.is_said(row) else "–"


def colour(good: str, way: Direction | None) -> Colour:
    """Return the colour of a change: green if good, red if bad, blue if neither or unclear; the arrow repeats it."""
    if good == "none" or way in (None, "unclear"):
        return "blue"
    return "green" if (way == "up") == (good == "high") else "red"


def spark_months(page: Page) -> tuple[Period, ...]:
    """Return the months of a tile's line: the last one of the period and the twelve before it."""
    last = Period.parse(page.view.period).last_day
    until = min(last, page.serving.closed_until) if last else page.serving.closed_until
    first = until.replace(year=until.year - 1, day=1)
    return Period.parse("all").split("month", first, until)


def spark_note(page: Page) -> str:
    """Return of which months the line of a tile is."""
    months = [formats.period_short(str(month), page.t.lang) for month in spark_months(page)]
    return page.t("overview.spark", first=months[0], last=months[-1])


def spark(page: Page, key: KeyFigure) -> list[float] | None:
    """Return the published values of these months; None when any is suppressed, since a gap cannot be drawn."""
    if key.matured:
        return None
    months = [str(month) for month in spark_months(page)]
    found = page.ask(key.metric, period="all", each="month")
    values = {row.period: row.value for row in found.of(key.metric) if row.quantile == key.quantile}
    shown = [values.get(month) for month in months]
    return [value for value in shown if value is not None] if None not in shown else None
