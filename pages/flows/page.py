"""The page Ohjautuminen: referrals between services, whether people start there, and where they are lost."""

from __future__ import annotations

import streamlit as st

from metrics.grammar.answer import Row
from pages.charts.bars import bars
from pages.charts.sankey import Flow, sankey
from pages.figures import breakdowns, figure
from pages.figures.figure import Figure
from pages.flows import routes
from pages.i18n import formats
from pages.shell.page import Page, page
from pages.view import states
from pages.view.points import DataPoint, largest_label, x_of
from pages.view.table import pivot
from pages.view.values import Value

MOST_ROUTES = 45
MOST_ARRIVALS = 15
MOST_PATHS = 10


@page("flows")
def render(page: Page) -> None:
    """Draw the headline, then routes, started shares, losses, returns, referral manners and months."""
    _headline(page)
    found = routes.flows(page, page.ask("flow", by=routes.ENDS).rows)
    _routes(page, found)
    _arrivals(page, found)
    _paths(page)
    _shares(page, "referral_lost_share", "to_service", "lost_service")
    _shares(page, "referral_lost_share", "topic", "lost_topic")
    _shares(page, "return_share", "topic", "returns", unit="cases")
    _manners(page)
    for dimension in ("sex", "age_group"):
        _shares(page, "referral_started_share", dimension, f"started_{dimension}")
    _months(page, "referrals", "months", "unit.referrals")
    _months(page, "referral_started_share", "started_months", "flows.unit.referrals", sign="%")


def _headline(page: Page) -> None:
    """Draw the share of referred people who start in the service, unless suppressed."""
    found = page.ask("referral_started_share")
    started = found.one("referral_started_share")
    if started is not None and started.value is not None:
        text = page.t("flows.headline", share=formats.value_text(started, page.t))
        st.header(text + figure.not_followed(page, found.composed))


def _routes(page: Page, found: tuple[Flow, ...]) -> None:
    t = page.t
    asked = page.ask("flow", by=routes.ENDS)
    hidden = [row.bound for row in asked.rows if row.value is None]
    ends = routes.nodes(page)
    drawn = found[:MOST_ROUTES]
    rest = bool(hidden) or len(drawn) < len(found)
    chart = sankey(
        drawn, t, sources=ends.sources, targets=ends.targets, other=t("flows.other") if rest else "",
        value_title=t("unit.referrals"),
    )  # fmt: skip
    notes = [t("flows.routes.note"), *breakdowns.more(page, len(found), MOST_ROUTES)]
    if rest:
        notes.append(t("flows.other.note"))
    alt = t("flows.routes.alt", largest=routes.route(drawn[0]) if drawn else "–")
    shown = Figure("routes", t("flows.routes"), alt, t("unit.referrals"), tuple(notes))
    figure.show(page, shown, asked, chart, routes.flow_table(page, found, ends, hidden=hidden))


def _arrivals(page: Page, found: tuple[Flow, ...]) -> None:
    """Draw started share and median days of the largest routes."""
    t = page.t
    asked = page.ask("referral_started_share", by=routes.ENDS)
    started = {routes.ends_of(row): row for row in asked.rows}
    days = {routes.ends_of(row): row for row in page.ask("referral_days", by=routes.ENDS).rows}
    cells = [
        _arrival(page, flow, started.get((flow.source, flow.target)), days.get((flow.source, flow.target)))
        for flow in found[:MOST_ARRIVALS]
    ]
    unit = t("flows.unit.referrals")
    chart = bars(cells, t, x_title=unit, unit="%")
    best = largest_label(cells, x_of)
    columns = ((t("flows.started"), started), (t("flows.days"), days))
    notes = (t("flows.arrivals.note"), *breakdowns.more(page, len(found), MOST_ARRIVALS))
    shown = Figure(
        "arrivals", t("flows.arrivals"), t("flows.arrivals.alt", largest=best), unit, notes, ("referral_days",)
    )
    figure.show(page, shown, asked, chart, routes.table_of(page, found, columns))


def _arrival(page: Page, flow: Flow, started: Row | None, days: Row | None) -> DataPoint:
    t = page.t
    text = formats.value_text(started, t) if started else "–"
    if started is not None and days is not None and days.value is not None:
        text += f" · {formats.value_text(days, t, unit=True)}"
    name = routes.route(flow)
    value = started.value if started else None
    return DataPoint(f"{flow.source} {flow.target}", name, "", "", value, Value(text))


def _paths(page: Page) -> None:
    """Draw chains of two consecutive referrals."""
    t = page.t
    asked = page.ask("paths", by=routes.STEPS)
    cells = routes.paths(page, asked.rows)
    drawn = cells[:MOST_PATHS]
    unit = t("unit.paths")
    alt = t("flows.paths.alt", largest=largest_label(cells, x_of))
    notes = (t("flows.paths.note"), *breakdowns.more(page, len(cells), MOST_PATHS))
    shown = Figure("paths", t("flows.paths"), alt, unit, notes)
    figure.show(page, shown, asked, bars(drawn, t, x_title=unit), pivot(cells, t("flows.path")), nothing=not cells)


def _shares(page: Page, metric: str, dimension: str, key: str, unit: str = "referrals") -> None:
    t = page.t
    breakdowns.bars_by(
        page, metric, dimension, key=key, title=t(f"flows.{key}"), unit=t(f"flows.unit.{unit}"), sign="%",
        alt=lambda largest: t(f"flows.{key}.alt", largest=largest), corner=t(f"flows.{dimension}"),
        notes=(t(f"flows.{key}.note"),),
    )  # fmt: skip


def _manners(page: Page) -> None:
    """Draw the started share by manner of referral, with the share of warm referrals."""
    t = page.t
    warm = page.ask("warm_share").one("warm_share")
    said = (
        [t("flows.manners.warm", share=formats.value_text(warm, t))]
        if warm is not None and states.is_said(warm)
        else []
    )
    breakdowns.bars_by(
        page, "referral_started_share", "manner", key="manners", title=t("flows.manners"),
        unit=t("flows.unit.referrals"), sign="%", alt=lambda largest: t("flows.manners.alt", largest=largest),
        corner=t("flows.manner"), notes=(" ".join([*said, t("flows.manners.note")]),),
    )  # fmt: skip


def _months(page: Page, metric: str, key: str, unit: str, sign: str = "") -> None:
    """Draw one metric over the months of the chosen period."""
    t = page.t
    breakdowns.over_time(
        page, metric, key=key, title=t(f"flows.{key}"), alt=t(f"flows.{key}.alt"), unit=t(unit), sign=sign, goal=metric,
        corner=t("flows.period"),
    )  # fmt: skip
