"""The page Tilannekuva: key figures, and changes since the year before, the month before or the last import."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from metrics.change import ranking
from metrics.change.earlier import Earlier
from metrics.change.ranking import RankedChange
from metrics.change.trend import Direction
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from pages.charts.lines import lines
from pages.figures import breakdowns, changes, figure, key_figures, lacking_marks
from pages.figures.figure import Figure
from pages.figures.key_figures import KeyFigure, now_and_before
from pages.figures.side_by_side import side_by_side
from pages.i18n import formats
from pages.shell import links
from pages.shell.drawing import page
from pages.shell.page import Page
from pages.targets import watches
from pages.view import sentences, states
from pages.view.state import Choice
from pages.view.table import pivot

MOST_CHANGES, FEW_CHANGES = 6, 3
ICONS: dict[Direction | None, str] = {"up": ":material/trending_up:", "down": ":material/trending_down:"}
OPENS = ":material/chevron_right:"
"""Of a line that tells no change: a level arrow would say that nothing has changed, which chance or a hidden number may hide."""
COMPARED = (("language", "clients"), ("municipality", "clients"), ("topic", "encounters"), ("channel", "encounters"))


KEYS = (
    KeyFigure("clients"),
    KeyFigure("encounters"),
    KeyFigure("new_clients"),
    KeyFigure("wait_days", quantile=0.5),
    KeyFigure("understood_language_share"),
    KeyFigure("solved_share"),
    KeyFigure("referral_started_share"),
    KeyFigure("employed_by", horizon=12, matured=True),
)


@page("overview")
def render(page: Page) -> None:
    """Draw the headline, alerts, key figures, largest changes and months."""
    pairs = [(key, *now_and_before(page, key)) for key in KEYS]
    st.header(_headline(page, *pairs[0][1:]))
    if page.serving.package is None:
        watches.show_alerts(page.serving, page.t)
    key_figures.show(page, pairs)
    side = page.earlier
    if side is not None and side.is_called:
        side_by_side(lambda: _changes(page, side), lambda: _months(page))
    else:  # no change is told then, and half a page would stand empty
        _months(page)


def _headline(page: Page, now: Row | None, before: Row | None) -> str:
    t = page.t
    if now is None:
        return t("published.not_held" if page.lacking else "state.note.no_cases")
    if not states.is_said(now):
        return states.reason((now,), t)
    text = t("overview.headline", now=formats.value_text(now, t), when=sentences.period_text(page.view.period, t, "in"))
    way = changes.direction(page, now, before)
    change = sentences.relative_text(now, before, t) if before is not None else None
    if way is not None and change is not None:
        change = change.lstrip("+±" + formats.MINUS)
        text += t("overview.headline." + way, change=change, when=page.when_before, since=page.since_before)
    return text + "."


def _changes(page: Page, side: Earlier) -> None:
    t = page.t
    st.subheader(t("overview.changes." + side.against))
    groups: list[tuple[RankedChange, ...]] = []
    notes: dict[str, None] = {}
    is_known = is_partial = False
    for dimension, metric in COMPARED:
        now, before = page.ask(metric, by=(dimension,)), page.ask_before(metric, by=(dimension,))
        if before is None or now.composed.marked:
            continue
        is_known = is_known or bool(before.rows)
        groups.append(ranking.compared(dimension, now.rows, before.rows, exact=page.view.exact))
        if ranking.not_compared(dimension, now.rows, before.rows):
            is_partial = True
            notes |= changes.why_not_compared(page, now)
    if not is_known:
        st.markdown(changes.nothing_before(page, side))
        return
    if is_partial:  # whatever is known of why
        st.markdown(
            " ".join([t("overview.changes.not_compared" if any(groups) else "overview.changes.none_compared"), *notes])
        )
    if not any(groups):
        return
    news = ranking.significant(groups)
    listed = ranking.ranked([[c for c in group if c in news] for group in groups], MOST_CHANGES)
    if not listed:
        listed = ranking.ranked(groups, FEW_CHANGES)
        are_compared = all(one.way is not None for one in listed)
        said = "none" if not listed else "chance" if are_compared else "small"
        st.markdown(t(f"overview.changes.{said}"))
    for c in listed:
        way = c.way if c in news else None
        said = sentences.change_sentence(c.dimension, c.now, c.before, way, page.when_before, t, page.serving.places)
        chosen = Choice(c.dimension, c.now.codes[c.dimension])
        links.link_to("demand", t.lang, said, chosen=chosen, icon=ICONS.get(way, OPENS))
    st.caption(t("overview.changes.how"))


def _months(page: Page) -> None:
    """Draw the year and the one before, if there are data of it, as lines by month; beside another place, both places' year."""
    t = page.t
    year = Period.parse(page.view.period).year or page.serving.closed_until.year
    beside = bool(page.view.other)
    earlier = None if beside else page.ask("encounters", period=str(year - 1), each="month")
    if earlier is None or all(row.state == "no_data" for row in earlier.rows):
        breakdowns.over_time(
            page, "encounters", key="months", title=t("overview.monthly.year", year=year),
            alt=t("overview.monthly.here.alt" if beside else "overview.monthly.year.alt"), unit=t("unit.encounters"),
            corner=t("demand.month"), height=280, period=str(year),
        )  # fmt: skip
        return
    found = page.ask("encounters", period=str(year), each="month")
    rows = breakdowns.ended(page, (*found.rows, *earlier.rows))
    cells = tuple(
        replace(
            cell,
            x=row.period[5:],
            x_label=cell.x_label.split(" ")[0],
            series=row.period[:4],
            series_label=row.period[:4],
        )
        for cell, row in zip(lacking_marks.cells(page, rows, found.answer, x="period"), rows, strict=True)
    )
    # In calendar order by month, with the chosen year first in the legend and the table.
    cells = tuple(sorted(cells, key=lambda cell: (cell.x, -int(cell.series))))
    title = t("overview.monthly", year=year, before=year - 1)
    chart = lines(cells, t, y_title=t("unit.encounters"), height=280)
    notes, marks = figure.hidden_note(cells, page), figure.line_marks(cells, page)
    shown = Figure("months", title, t("overview.monthly.alt"), t("unit.encounters"), notes, marks=marks)
    figure.show(page, shown, found, chart, lacking_marks.in_table(pivot(cells, t("demand.month")), cells, page))
