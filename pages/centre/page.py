"""The page Osaamiskeskus: the way from guidance to work, inflow, recognition of competence, training and time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.centre import steps
from pages.figures import breakdowns, figure, followed, headlines, metric_table
from pages.figures.side_by_side import in_tabs, side_by_side
from pages.i18n import formats
from pages.shell.drawing import page
from pages.shell.page import Page
from pages.view import sentences
from pages.view.state import TAB

BETWEEN = (
    *("days_arrival_to_enrolment", "days_guidance_to_enrolment", "centre_enrolled_share", "centre_days"),
    *("training_share", "employed_by"),
)
INFLOW = ("active_clients", "to_competence_centre", "source_variety")
COMPETENCE = ("recognition_share", "evidence_share", "employer_recognition_share", "matches_competence_share")
TRAINING = ("training_completed_share", "tailored_share", "beside_work_share", "apprenticeship_share")
TIME = ("guidance_minutes_per_client", "language_gain", "euros_per_employed")


@page("centre", own=(TAB,))
def render(page: Page) -> None:
    """Draw the headline, the steps and what lies between them, and details of the three recommendations in tabs."""
    t = page.t
    _headline(page)
    side_by_side(
        lambda: steps.show(page), lambda: metric_table.show(page, BETWEEN, key="between", title=t("centre.between"))
    )
    in_tabs(
        page,
        lambda code: t("centre.tab." + code),
        {
            "inflow": lambda: side_by_side(
                lambda: _both(
                    lambda: _shares(page, "source_share", "source", "sources"), lambda: _table(page, INFLOW, "inflow")
                ),
                lambda: _starts(page),
            ),
            "competence": lambda: side_by_side(
                lambda: _both(
                    lambda: _shares(page, "recognition_methods", "method", "methods"),
                    lambda: _shares(page, "recognition_partners", "partner", "partners"),
                ),
                lambda: _table(page, COMPETENCE, "competence"),
            ),
            "training": lambda: side_by_side(
                lambda: _shares(page, "training_completed_share", "kind", "completed"),
                lambda: _table(page, TRAINING, "training"),
            ),
            "time": lambda: side_by_side(lambda: _minutes(page), lambda: _table(page, TIME, "time")),
        },
    )
    metric_table.further(page)


def _headline(page: Page) -> None:
    """Draw how many started, and how many of all who have are at work or in studies after a year; each unless suppressed."""
    t, period = page.t, followed.period_of(page)
    starters = page.ask("centre_starters")
    now = starters.one("centre_starters")
    if now is not None and now.value is not None:
        when = sentences.period_text(page.view.period, t, "in")
        text = t("centre.headline", count=formats.value_text(now, t), when=when)
        st.header(text + figure.not_followed(page, starters.composed))
    else:
        headlines.instead(page, "centre_starters", starters, now)
    reached = page.ask("working_or_studying_by", period=period)
    year = reached.one("working_or_studying_by", horizon=12)
    if year is not None and year.value is not None:
        everyone = "" if period == page.view.period else ".everyone"
        text = t("centre.headline.year" + everyone, share=formats.value_text(year, t))
        st.markdown(text + figure.not_followed(page, reached.composed))


def _both(*draw: Callable[[], None]) -> None:
    """Draw figures below each other in one column."""
    for one in draw:
        one()


def _table(page: Page, metrics: tuple[str, ...], key: str) -> None:
    metric_table.show(page, metrics, key=key, title=page.t(f"centre.table.{key}"))


def _shares(page: Page, metric: str, dimension: str, key: str) -> None:
    t = page.t
    breakdowns.bars_by(
        page, metric, dimension, key=key, title=t(f"centre.{key}"), unit=t(f"centre.{key}.unit"), sign="%",
        alt=lambda largest: t(f"centre.{key}.alt", largest=largest), corner=t(f"centre.{dimension}"),
    )  # fmt: skip


def _minutes(page: Page) -> None:
    """Draw the median minutes of a client's first half year by centre."""
    t = page.t
    breakdowns.bars_by(
        page, "guidance_minutes_per_client", "centre", key="minutes", title=t("centre.minutes"), unit=t("centre.minutes.unit"),
        alt=lambda largest: t("centre.minutes.alt", largest=largest), corner=t("centre.centre"),
        period=followed.period_of(page), notes=followed.period_note(page),
    )  # fmt: skip


def _starts(page: Page) -> None:
    t = page.t
    breakdowns.over_time(
        page, "enrolments", key="enrolments", title=t("centre.enrolments"), alt=t("centre.enrolments.alt"),
        unit=t("centre.enrolments.unit"), goal="enrolments", corner=t("centre.period"),
    )  # fmt: skip
