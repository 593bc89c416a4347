"""The page Kysyntä: encounters and clients by language, place, topic and time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from metrics.change.largest import FEW, leaders
from metrics.grammar.answer import Row
from pages.charts.lines import lines
from pages.charts.stacked import stacked
from pages.figures import breakdowns, figure, headlines, lacking_marks, metric_table, target_marks
from pages.figures.figure import Figure
from pages.figures.side_by_side import in_tabs, side_by_side
from pages.i18n.formats import value_text
from pages.shell.asking import FigureRows
from pages.shell.drawing import page
from pages.shell.page import Page
from pages.view.points import (
    DataPoint,
    by_size,
    chosen_first,
    in_order,
    known_first,
    largest_label,
    names,
    series_of,
    x_of,
)
from pages.view.sentences import listed, speakers
from pages.view.state import TAB
from pages.view.table import pivot

MOST_STACKED = 10
SERIES = ("5", "3", "8")


@page("demand", own=("series", TAB))
def render(page: Page) -> None:
    """Draw the headline and languages, and in tabs places and language support, topics and time."""
    _headline(page)
    side_by_side(lambda: _languages_by_month(page), lambda: _clients_by(page, "language", "languages"))
    in_tabs(
        page,
        lambda code: page.t("demand.tab." + code),
        {
            "places": lambda: side_by_side(
                lambda: _clients_by(page, "municipality", "municipalities"), lambda: _support(page)
            ),
            "topics": lambda: _topics(page),
            "week": lambda: _week(page),
        },
    )
    metric_table.further(page)


def _headline(page: Page) -> None:
    """Draw who most clients are and what encounters are about, as far as it is told; else how many encounters there were."""
    t, said = page.t, list[str]()
    for metric, dimension in (("clients", "language"), ("encounters", "topic")):
        if page.view.slot(dimension) is None:
            first = leaders(page.ask(metric, by=(dimension,)).rows, exact=page.view.exact)
            if not 0 < len(first) <= FEW:
                said.clear()
                break
            names = listed([_named(page, row) for row in first], t)
            said.append(t(f"demand.headline.{dimension}", count=len(first), names=names))
    if said:
        st.header(" ".join(said))
    else:
        every = page.ask("encounters")
        headlines.instead(page, "encounters", every, every.one("encounters"))


def _named(page: Page, row: Row) -> str:
    if "language" in row.codes:
        return f"{speakers(row.codes['language'], page.t, within_sentence=True)} ({value_text(row, page.t)})"
    return page.label(row.metric, "topic", row.codes["topic"], within_sentence=True)


def _languages_by_month(page: Page) -> None:
    t, (period, each) = page.t, breakdowns.course(page)
    if figure.is_lacking(page, found := page.ask("encounters", by=("language",), each=each, period=period)):
        return
    cells = breakdowns.course_cells(page, found, "language")
    order = chosen_first(by_size(cells, series_of), found.marked_code)
    st.subheader(t("demand.months"))
    most = int(page.choose("series", SERIES, t("demand.series"), str))
    drawn = in_order([cell for cell in cells if cell.series in order[:most]], order, series_of)
    alt = t("demand.months.alt", largest=largest_label(cells, series_of))
    beside = target_marks.marks(page, "encounters", [row.period for row in found.rows])
    rows = breakdowns.there(page, "encounters", by=("language",), each=each, period=period)
    every, said = breakdowns.beside_in_table(page, in_order(cells, order, series_of), rows, "language", order)
    marks = (*breakdowns.more(page, len(order), most), *figure.line_marks(drawn, page), *beside.legend)
    notes = (*said, *figure.hidden_note(drawn, page))
    # A target is for all languages together: it is in the legend's text, not drawn beside lines of single languages.
    chart = lines(drawn, t, y_title=t("unit.encounters"), notes=beside.flags)
    table = lacking_marks.in_table(pivot(every, t("demand.month")), every, page)
    shown = Figure("months", t("demand.months"), alt, t("unit.encounters"), notes, marks=marks)
    figure.show(page, shown, found, chart, table, titled=True)


def _clients_by(page: Page, dimension: str, key: str) -> None:
    t = page.t
    breakdowns.bars_by(
        page, "clients", dimension, key=key, title=t(f"demand.{key}"), unit=t("unit.clients"),
        alt=lambda largest: t(f"demand.{key}.alt", largest=largest), corner=t(f"demand.{dimension}"),
    )  # fmt: skip


def _topics(page: Page) -> None:
    found = page.ask("encounters", by=("topic", "channel"))
    cells = page.cells(found.rows, x="channel", series="topic")
    _heat(page, "topics", found, cells, known_first(cells, series_of), known_first(cells, x_of), ("channel", "topic"))


def _week(page: Page) -> None:
    found = page.ask("load_by_weekday_hour", by=("weekday", "hour"))
    cells = page.cells(found.rows, x="hour", series="weekday")
    seen = sorted(cell.x for cell in cells if cell.value)
    hours = dict.fromkeys(cell.x for cell in cells if seen and seen[0] <= cell.x <= seen[-1])
    days = dict.fromkeys(cell.series for cell in cells)
    _heat(page, "week", found, cells, tuple(days), tuple(hours), ("hour", "weekday"), page.t("demand.week.note"))


def _heat(
    page: Page, key: str, found: FigureRows, cells: Sequence[DataPoint], rows: Sequence[str], columns: Sequence[str],
    of: tuple[str, str], *notes: str,
) -> None:  # fmt: skip
    t = page.t
    alt = t(f"demand.{key}.alt", largest=largest_label(cells, series_of))
    shown = Figure(key, t(f"demand.{key}"), alt, t("unit.encounters"), notes)
    breakdowns.heat(page, shown, found, cells, rows=rows, columns=columns, corner=t(f"demand.{of[1]}"), of=of)


def _support(page: Page) -> None:
    t = page.t
    found = page.ask("encounters", by=("language", "language_support"))
    cells = page.cells(found.rows, x="language", series="language_support")
    order = chosen_first(by_size(cells, x_of), found.marked_code)
    parts = page.labels("encounters", "language_support")
    ranked = in_order(cells, order, x_of)
    drawn = [cell for cell in ranked if cell.x in order[:MOST_STACKED]]
    chart = stacked(drawn, t, parts=tuple(parts), rows=tuple(names(drawn, x_of)), value_title=t("unit.encounters"))
    hidden = (t("demand.support.hidden"),) if any(cell.state == "small" for cell in drawn) else ()
    notes = (t("demand.support.note"), *hidden, *breakdowns.more(page, len(order), MOST_STACKED))
    shown = Figure("support", t("demand.support"), t("demand.support.alt"), t("unit.encounters"), notes)
    figure.show(page, shown, found, chart, pivot(ranked, t("demand.language"), columns=parts))
