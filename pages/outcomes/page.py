"""The page Työllistyminen: enrolments in competence centres, and shares at work or in studies over time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.figures import figure, followed, headlines, metric_table
from pages.figures.figure import Figure
from pages.figures.side_by_side import in_tabs, side_by_side
from pages.i18n import formats
from pages.outcomes import by_group
from pages.shell.drawing import page
from pages.shell.page import Page
from pages.view.state import TAB

ALL = "all"
GROUPS = (
    ALL, "sex", "age_group", "source", "education_level", "language_level_start", "language_group", "municipality", "centre",
)  # fmt: skip
CURVES = ("employed_by", "working_or_studying_by")
SHARES = ("employed_by", "at_work_at", "working_or_studying_by")
LASTING = ("still_employed_6", "still_employed", "open_employment_by", "unrecorded_work")


@page("outcomes", own=("group", TAB))
def render(page: Page) -> None:
    """Draw the headline, then curves and shares by a chosen group, and cohorts and lasting work in tabs."""
    t = page.t
    _headline(page)
    asked = page.ask("employed_by", period=followed.period_of(page))
    has_data = bool(asked.refusal) or not figure.is_lacking(page, asked)
    group = (
        ALL
        if not has_data
        else page.choose("group", GROUPS, t("outcomes.group"), lambda code: t(f"outcomes.group.{code}"))
    )
    if group == ALL:
        side_by_side(lambda: _everyone(page), lambda: _shares_of_everyone(page))
    else:
        side_by_side(*(_by(page, _curves, metric, group) for metric in CURVES))
        side_by_side(*(_by(page, _shares, metric, group) for metric in SHARES[:2]))
        side_by_side(lambda: by_group.days(page, group), lambda: by_group.gain(page, group))
    in_tabs(
        page,
        lambda code: t("outcomes.tab." + code),
        {
            "cohorts": lambda: _cohorts(page),
            "lasting": lambda: metric_table.show(page, LASTING, key="lasting", title=t("outcomes.lasting")),
        },
    )
    metric_table.further(page)


def _by(page: Page, draw: Callable[[Page, str, str], None], metric: str, group: str) -> Callable[[], None]:
    return lambda: draw(page, metric, group)


def _headline(page: Page) -> None:
    """Draw the share employed within a year and the median time to employment, each unless suppressed.

    Each sentence names the filters that are not applied to it.
    """
    t, period = page.t, followed.period_of(page)
    everyone = "" if period == page.view.period else ".everyone"
    asked, half = page.ask("employed_by", period=period), page.ask("days_to_employment", period=period)
    year, days = asked.one("employed_by", horizon=12), half.one("days_to_employment")
    if year is not None and year.value is not None:
        text = t("outcomes.headline" + everyone, share=formats.value_text(year, t))
        st.header(text + figure.not_followed(page, asked.composed))
    else:
        headlines.instead(page, "employed_by", asked, year)
    if days is not None and days.value is not None:
        text = t("outcomes.half" + everyone, time=formats.within(days.value, t))
        st.markdown(text + figure.not_followed(page, half.composed))
    elif page.ask_curve("employed_by", period=period):
        # A curve is published, so the median is missing because it is not reached, not because it is suppressed.
        st.markdown(t("outcomes.not_half" + everyone) + figure.not_followed(page, half.composed))


def _everyone(page: Page) -> None:
    """Draw both curves of all enrolled people in one figure."""
    t, period = page.t, followed.period_of(page)
    found = page.ask(*CURVES, period=period)
    points = [point for metric in CURVES for point in page.ask_curve(metric, period=period)]
    every = followed.groups(page, found.rows, points, "metric")
    unit = t("outcomes.unit")
    shown = Figure("curves", t("outcomes.curves"), t("outcomes.curves.alt"), unit, followed.period_note(page))
    followed.show_curves(page, shown, found, every, "metric")


def _curves(page: Page, metric: str, group: str) -> None:
    t, period = page.t, followed.period_of(page)
    found = page.ask(metric, by=(group,), period=period)
    every = followed.groups(page, found.rows, page.ask_curve(metric, by=(group,), period=period), group)
    title = t(f"outcomes.curves.{metric}", group=t(f"outcomes.by.{group}"))
    alt = t("outcomes.curves_by.alt", title=title)
    shown = Figure(f"curves_{metric}", title, alt, t("outcomes.unit"), followed.period_note(page))
    followed.show_curves(page, shown, found, every, group)


def _shares_of_everyone(page: Page) -> None:
    """Draw the shares employed so far, at work on the day, and working or studying, side by side."""
    t = page.t
    found = page.ask(*SHARES, period=followed.period_of(page))
    is_told = any(row.metric == "at_work_at" and row.value is not None for row in found.rows)
    notes = ((t("outcomes.at_work.note"),) if is_told else ()) + followed.period_note(page)
    shown = Figure("shares", t("outcomes.shares"), t("outcomes.shares.alt"), t("outcomes.unit"), notes, also=SHARES[1:])
    followed.show_shares(page, shown, found, "metric", SHARES, t("outcomes.result"))


def _shares(page: Page, metric: str, group: str) -> None:
    t = page.t
    found = page.ask(metric, by=(group,), period=followed.period_of(page))
    order = tuple(one.code for one in followed.groups(page, found.rows, (), group))
    title = t(f"outcomes.shares_by.{metric}", group=t(f"outcomes.by.{group}"))
    notes = ((t("outcomes.at_work.note"),) if metric == "at_work_at" else ()) + followed.period_note(page)
    shown = Figure(f"shares_{metric}", title, t("outcomes.shares.alt"), t("outcomes.unit"), notes)
    followed.show_shares(page, shown, found, group, order, t(f"outcomes.group.{group}"))


def _cohorts(page: Page) -> None:
    """Draw the curves of cohorts by year of enrolment."""
    t = page.t
    found = page.ask("employed_by", each="year", period=ALL)
    points = page.ask_curve("employed_by", each="year", period=ALL)
    every = followed.groups(page, found.rows, points, "period")
    notes = (t("outcomes.cohorts.note"),)
    shown = Figure("cohorts", t("outcomes.cohorts"), t("outcomes.cohorts.alt"), t("outcomes.unit"), notes)
    followed.show_curves(page, shown, found, every, "period")
