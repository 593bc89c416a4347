"""Laatu: the five national characteristics of guidance, each with its figures and their course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.figures import breakdowns
from pages.figures.key_figures import KeyFigure, spark_months
from pages.i18n.formats import period_short
from pages.quality import tiles
from pages.quality.tiles import QualityFigure, tell, verdict
from pages.shell.page import Page, page


@dataclass(frozen=True)
class Characteristic:
    """A national characteristic. course: shares of one fact whose months are drawn."""

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
        # Those who have just started have not had the time: these look at everyone.
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
        # No metric is defined for this one: these tell of work with others and of learning at work.
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
    """Headline, then a section for each characteristic."""
    t = page.t
    every = [[tell(page, key) for key in one.figures] for one in CHARACTERISTICS]
    _headline(page, [told for group in every for told in group])
    months = [period_short(str(month), t.lang) for month in spark_months(page)]
    st.caption(t("overview.spark", first=months[0], last=months[-1]) + " " + t("quality.how"))
    for one, told in zip(CHARACTERISTICS, every, strict=True):
        title = t("quality." + one.key)
        st.subheader(title)
        st.markdown(t(f"quality.{one.key}.note"))
        tiles.show(page, told, one.key, title)
        _course(page, one, title)


def _headline(page: Page, every: Sequence[QualityFigure]) -> None:
    """How many figures are clearly better and worse than a year before."""
    if page.period_before is None:
        return
    found = [verdict(page, told) for told in every]
    if set(found) != {"none"}:
        better, worse = found.count("better"), found.count("worse")
        st.header(page.t("quality.headline", better=better, worse=worse))


def _course(page: Page, one: Characteristic, title: str) -> None:
    t = page.t
    named = t("quality.months", name=title)
    st.markdown(f"**{named}**")
    # Targets stand in the tiles: here several figures share the lines.
    breakdowns.over_time(
        page, *one.course, key=f"{one.key}_months", title=named, alt=t("quality.months.alt", name=title),
        unit=t("quality.unit"), sign="%", corner=t("flows.period"), height=240, titled=True,
    )  # fmt: skip
