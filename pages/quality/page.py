"""The page Laatu: the five national characteristics of guidance, each with its figures and their development."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from data.texts import Texts
from pages.figures import breakdowns, changes, headlines, metric_table
from pages.figures.side_by_side import in_tabs, side_by_side
from pages.quality import releases, revised, tiles
from pages.quality.characteristics import CHARACTERISTICS, Characteristic
from pages.quality.tiles import QualityFigure, ask_figure, verdict
from pages.shell.drawing import page
from pages.shell.page import Page
from pages.view.sentences import plain
from pages.view.state import TAB

FRESH = "network"
"""The characteristic that says how old the data are: a network that develops works from fresh figures, which all of it see."""


@page("quality", own=(TAB,))
def render(page: Page) -> None:
    """Draw the headline, then a section for each characteristic."""
    t = page.t
    every = [[ask_figure(page, key) for key in one.figures] for one in CHARACTERISTICS]
    verdicts = [(one, verdict(page, one)) for group in every for one in group]
    if said := headline([kind for _, kind in verdicts], t, page.when_before):
        st.header(said)
    else:
        headlines.undecided(page)
    if page.view.earlier_by:
        _verdicts(page, verdicts)
    how = [t("quality.how")] if page.earlier else []
    if notes := [*how, *changes.notes(page)]:
        st.caption(" ".join(notes))
    groups = zip(CHARACTERISTICS, every, strict=True)
    in_tabs(page, lambda key: t("quality." + key), {one.key: _group(page, one, figures) for one, figures in groups})
    metric_table.further(page)
    revised.show(page)


def _verdicts(page: Page, verdicts: Sequence[tuple[QualityFigure, str]]) -> None:
    """Draw what is clearly better and clearly worse, as two lists; where nothing is, the headline has said it."""
    t = page.t
    if not any(said in ("better", "worse") for _, said in verdicts):
        return

    def listed(kind: str) -> None:
        found = [one for one, said in verdicts if said == kind]
        st.subheader(t("quality.list." + kind))
        lines = [f"- **{plain(one.name(t))}** {tiles.values_text(page, one)}" for one in found]
        st.markdown("\n".join(lines) or t("quality.list.none"))

    side_by_side(lambda: listed("better"), lambda: listed("worse"))


def _group(page: Page, one: Characteristic, figures: list[QualityFigure]) -> Callable[[], None]:
    t, title = page.t, page.t("quality." + one.key)

    def draw() -> None:
        st.markdown(t(f"quality.{one.key}.note"))
        if one.key == FRESH:
            st.markdown(releases.age(page))
        tiles.show(page, figures, one.key, title)
        _course(page, one, title)
        if one.key == FRESH:
            releases.show(page)

    return draw


def headline(verdicts: Sequence[str], t: Texts, when: str) -> str | None:
    """Return how many figures are clearly better and clearly worse than before; None when no figure could be compared.

    verdicts: of `verdict`, one per figure; when: the earlier time in words, such as "vuotta aiemmin".
    """
    if set(verdicts) <= {"none"}:
        return None
    better, worse = verdicts.count("better"), verdicts.count("worse")
    if better:
        rest = t("quality.headline.and_worse", count=worse) if worse else t("quality.headline.no_worse")
        return t("quality.headline.better", count=better, when=when) + rest
    if worse:
        return t("quality.headline.worse", count=worse, when=when) + t("quality.headline.no_better")
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
