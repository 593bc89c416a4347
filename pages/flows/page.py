"""The page Ohjautuminen: referrals between services, whether people start there, and where they are lost."""

from __future__ import annotations

import streamlit as st

from pages.charts.sankey import Flow, sankey
from pages.figures import breakdowns, figure, headlines, key_figures, metric_table
from pages.figures.figure import Figure
from pages.figures.key_figures import KeyFigure, now_and_before
from pages.figures.side_by_side import in_tabs, side_by_side
from pages.flows import chains, one_service, routes, services
from pages.i18n import formats
from pages.shell.asking import compose
from pages.shell.drawing import page
from pages.shell.page import Page
from pages.view import states
from pages.view.state import TAB

MOST_ROUTES = 10


KEYS = tuple(
    map(KeyFigure, ("referral_started_share", "referral_lost_share", "return_share", "counter_to_counter_share"))
)


@page("flows", own=("sort", one_service.PARAMETER, TAB))
def render(page: Page) -> None:
    """Draw the headline, who arrives, is lost and returns, and in tabs receiving services beside routes, and details."""
    t = page.t
    _headline(page)
    key_figures.show(page, [(key, *now_and_before(page, key)) for key in KEYS])

    def found() -> tuple[Flow, ...]:
        return routes.flows(page, page.ask("flow", by=routes.ENDS).rows)

    in_tabs(
        page,
        lambda code: t("flows.tab." + code),
        {
            "services": lambda: side_by_side(
                lambda: services.show(page), lambda: _routes(page, found()), widths=(6, 5)
            ),
            "topics": lambda: side_by_side(
                lambda: _shares(page, "referral_lost_share", "topic", "lost_topic"),
                lambda: _shares(page, "return_share", "topic", "returns", unit="cases"),
            ),
            "who": lambda: side_by_side(
                lambda: _manners(page),
                lambda: _shares(page, "referral_started_share", "sex", "started_sex"),
                lambda: _shares(page, "referral_started_share", "age_group", "started_age_group"),
            ),
            "months": lambda: side_by_side(
                lambda: _months(page, "referrals", "months", "unit.referrals"),
                lambda: _months(page, "referral_started_share", "started_months", "flows.unit.referrals", sign="%"),
            ),
            "routes": lambda: side_by_side(lambda: chains.arrivals(page, found()), lambda: chains.paths(page)),
        },
    )
    metric_table.further(page)


def _headline(page: Page) -> None:
    """Draw the share of referred people who start in the service, or why it is not told."""
    found = page.ask("referral_started_share")
    started = found.one("referral_started_share")
    if started is None or not headlines.may_be_said(started):
        headlines.instead(page, "referral_started_share", found, started)
        return
    text = page.t("flows.headline", share=formats.value_text(started, page.t))
    st.header(text + figure.not_followed(page, found.composed))


def _routes(page: Page, found: tuple[Flow, ...]) -> None:
    t = page.t
    asked = page.ask("flow", by=routes.ENDS)
    hidden = [row.bound for row in asked.rows if row.value is None]
    ends = routes.nodes(page, asked.composed)
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
    shown = Figure("routes", t("flows.routes"), alt, t("unit.referrals"), tuple(notes), kind="flow")
    figure.show(page, shown, asked, chart, routes.flow_table(page, found, ends, hidden=hidden), pick=one_service.pick)
    one_service.show(page)


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
    bars = compose(page.view, ("referral_started_share",), ("manner",))
    warm = page.ask_alike(bars, "warm_share").one("warm_share")
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
