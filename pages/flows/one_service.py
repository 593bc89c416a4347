"""One receiving service, chosen from a list or by a click on the diagram: on which topics clients get in there."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.charts.bars import bars
from pages.figures import breakdowns, figure, untold
from pages.figures.figure import Figure
from pages.shell import asking
from pages.shell.asking import FigureRows, compose
from pages.shell.on_top import on_top
from pages.shell.page import Page
from pages.view.points import by_size, in_order, largest_label, x_of
from pages.view.table import pivot

PARAMETER = "service"
ALL = "all"
METRIC = "referral_started_share"


def show(page: Page) -> None:
    """Draw the choice of a service, and of the chosen one the share of referred people who got in, by topic."""
    t = page.t
    rows = sorted(page.ask("referrals", by=("to_service",)).rows, key=lambda row: -(row.value or 0))
    names = page.labels("referrals", "to_service", [row.codes["to_service"] for row in rows if row.value])
    if not names:
        return
    options = (ALL, *names)
    chosen = page.choose(PARAMETER, options, t("flows.one"), lambda code: names.get(code, t("flows.one.none")))
    if chosen == ALL:
        return
    found = _asked(page, chosen)
    cells = page.cells(found.rows, x="topic")
    ordered = in_order(cells, by_size(cells, x_of), x_of)
    told, left_out = untold.told_bars(page, ordered)
    drawn = told[: breakdowns.MOST_BARS]
    title, unit = t("flows.one.topics", service=names[chosen]), t("flows.unit.referrals")
    alt = t("flows.one.alt", service=names[chosen], largest=largest_label(cells, x_of))
    notes = (*breakdowns.more(page, len(told), len(drawn)), *left_out)
    chart = bars(drawn, t, x_title=unit, unit="%")
    figure.show(page, Figure("one_service", title, alt, unit, notes), found, chart, pivot(ordered, t("flows.topic")))


@on_top
def pick(service: str) -> None:
    """Choose the service that a clicked ribbon leads to."""
    st.query_params[PARAMETER] = service


def _asked(page: Page, service: str) -> FigureRows:
    # Composed as a breakdown by both, so that no more filters are applied than fit beside them.
    composed = compose(page.view, (METRIC,), ("to_service", "topic"))
    where = (*composed.question.where, ("to_service", (service,)))
    question = replace(composed.question, by=("topic",), where=where)
    return asking.published(page.serving, replace(composed, question=question))
