"""The page Laatu: the five national characteristics of guidance, each with its figures and their development."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from data.texts import Texts
from pages.figures import breakdowns, changes
from pages.figures.key_figures import KeyFigure, spark_months
from pages.i18n.formats import period_short
from pages.quality import tiles
from pages.quality.tiles import ask_figure, verdict
from pages.shell.page import Page, page


@dataclass(frozen=True)
class Characteristic:
    """A national characteristic. course: shares of one fact to draw by month."""

    key: str
    figures: tuple[KeyFigure, ...]
    course: tuple[str, ...]


CHARACTERISTICS = (
    Characteristic(
        "multilingual",
        (
            KeyFigure("understood_language_share"),
            KeyFigure("own_language_share"),
            KeyFigure("interpreted_share"),
            KeyFigure("language_unmet_share"),
            KeyFigure("staff_language_cover"),
            KeyFigure("interpreting_need_hours"),
        ),
        ("understood_language_share", "own_language_share", "interpreted_share", "staff_language_cover"),
    ),
    Characteristic(
        "integration",
        # Recent starters have too short a follow-up, so these are computed over everyone.
        (
            KeyFigure("newcomer_share"),
            KeyFigure("language_gain", matured=True),
            KeyFigure("working_or_studying_by", horizon=12, matured=True),
        ),
        ("newcomer_share",),
    ),
    Characteristic(
        "accessible",
        (
            KeyFigure("same_day_share"),
            KeyFigure("wait_days", quantile=0.5),
            KeyFigure("solved_share"),
            KeyFigure("referral_days"),
            KeyFigure("several_topics_share"),
        ),
        ("same_day_share", "solved_share", "several_topics_share"),
    ),
    Characteristic(
        "reliable",
        (
            KeyFigure("understood_share"),
            KeyFigure("satisfaction"),
            KeyFigure("relative_interpreting_share"),
            KeyFigure("joint_encounter_share"),
        ),
        ("understood_share", "relative_interpreting_share", "joint_encounter_share"),
    ),
    Characteristic(
        "network",
        # No metric measures this one directly: these are proxies for cooperation and staff training.
        (
            KeyFigure("ngo_share"),
            KeyFigure("warm_share"),
            KeyFigure("one_stop_share"),
            KeyFigure("training_days_per_person_year"),
        ),
        ("warm_share", "ngo_share"),
    ),
)


@page("quality")
def render(page: Page) -> None:
    """Draw the headline, then a section for each characteristic."""
    t = page.t
    every = [[ask_figure(page, key) for key in one.figures] for one in CHARACTERISTICS]
    if said := headline([verdict(page, one) for group in every for one in group], t, page.when_before):
        st.header(said)
    months = [period_short(str(month), t.lang) for month in spark_months(page)]
    spark = t("overview.spark", first=months[0], last=months[-1], when=page.when_before)
    st.caption(" ".join([spark, t("quality.how"), *changes.notes(page)]))
    for one, figures in zip(CHARACTERISTICS, every, strict=True):
        title = t("quality." + one.key)
        st.subheader(title)
        st.markdown(t(f"quality.{one.key}.note"))
        tiles.show(page, figures, one.key, title)
        _course(page, one, title)


def headline(verdicts: Sequence[str], t: Texts, when: str) -> str | None:
    """Return how many figures are clearly better and clearly worse than before; None when no figure could be compared.

    verdicts: of `verdict`, one per figure; when: the earlier time in words, such as "vuotta aiemmin".
    """
    if set(verdicts) <= {"none"}:
        return None
    better, worse = verdicts.count("better"), verdicts.count("worse")
    if better or worse:
        return t("quality.headline", better=better, worse=worse, when=when)
    return t("quality.headline.same", when=when)


def _course(page: Page, one: Characteristic, title: str) -> None:
    t = page.t
    named = t("quality.months", name=title)
    st.markdown(f"**{named}**")
    # Targets are in the tiles, because several figures share this chart.
    breakdowns.over_time(
        page, *one.course, key=f"{one.key}_months", title=named, alt=t("quality.months.alt", name=title),
        unit=t("quality.unit"), sign="%", corner=t("flows.period"), height=240, titled=True,
    )  # fmt: skip
