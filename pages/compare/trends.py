"""The table beside the line of a figure: each area's value now and before, and its change in words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from metrics.model.definition import definitions
from pages.compare import areas, others, sides
from pages.compare.sides import Compared
from pages.figures import comparing, tables
from pages.i18n import formats
from pages.shell.page import Page
from pages.view.table import Line, Table, of_texts
from pages.view.values import is_enough


def are_told(page: Page, group: Sequence[Compared]) -> bool:
    """Return whether there is anything to compare the areas' values with, so that there is a table."""
    return bool(group) and (page.view.against == "target" or sides.pair(page)[1] is not None)


def show(page: Page, metric: str, group: Sequence[Compared]) -> None:
    """Draw the table of values now, before, and the change in words, and what change would show."""
    t, periods = page.t, sides.pair(page)
    if not are_told(page, group):
        st.caption(t("compare.no_trend"))
        return
    if page.view.against == "target":
        _show_targets(page, metric, group)
        return
    if any(one.trend is None and is_enough(one.now) and is_enough(one.before) for one in group):
        st.caption(t("compare.no_rule"))
    header = (t("compare.area"), t("compare.now"), page.before_label, t("compare.trend"))
    table = of_texts(header, [_row(page, one) for one in group])
    period = formats.period_label(periods[0], t.lang)
    caption = t("compare.table", metric=definitions()[metric].name[t.lang], period=period, when=page.when_before)
    st.html(tables.to_html(table, caption, words=(3,), whole=True))
    st.caption(" ".join([*sides.of_rest(group, t), *sides.powers(page, group)]))


def _show_targets(page: Page, metric: str, group: Sequence[Compared]) -> None:
    """Draw the table of values, targets and how far each is from its own."""
    t = page.t
    header = (t("compare.area"), t("compare.now"), *comparing.columns(page))
    lines = [
        Line(
            one.area.label,
            (
                areas.told(page, one.now, lacks=one.lacks, of_rest=one.of_rest),
                *(comparing.values(page, one.now, None) if is_enough(one.now) and one.now else comparing.nothing(page)),
            ),
        )
        for one in group
    ]
    st.html(tables.to_html(Table(header, tuple(lines)), definitions()[metric].name[t.lang], words=(3,)))
    if notes := sides.of_rest(group, t):
        st.caption(" ".join(notes))


def _row(page: Page, one: Compared) -> tuple[str, ...]:
    told = iter(one.refusals)
    values = [
        others.mark_of(page, why)
        if row is None and (why := next(told, None))
        else areas.told(page, row, lacks=lacks, of_rest=of_rest).text
        for row, lacks, of_rest in ((one.now, one.lacks, one.of_rest), (one.before, False, False))
    ]
    return one.area.label, *values, page.t(f"compare.trend.{one.trend or 'none'}")
