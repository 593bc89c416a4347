"""What a page says of targets and of another place beside its figures, above them and once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import streamlit as st

from data.steward.targets_and_notes import WHOLE_AREA
from metrics.audience import OWN_BY
from metrics.grammar.answer import is_main
from metrics.grammar.period import Period
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions
from pages.shell import goals, links
from pages.shell.page import Page
from pages.view.sentences import plain


def say(page: Page) -> None:
    """Draw it, when the figures are known: they tell which targets they have said themselves."""
    if page.view.against == "place":
        _say_place(page)
    elif page.view.against == "target":
        _say_targets(page)


def _say_place(page: Page) -> None:
    """Draw what stands beside the figures, and where it is told whether places differ."""
    t = page.t
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("against.place.note", name=plain(page.before_label)), width="content")
        if page.id != "compare":
            links.link_to("compare", t.lang, t("against.place.compare"), step="expected")


def _say_targets(page: Page) -> None:
    """Draw the targets that no figure has told, or why there are none."""
    t = page.t
    if page.goals.is_damaged:
        st.info(t("marks.damaged"))
        return
    year, area = Period.parse(page.view.period).year, page.view.area
    of_page = [one for one in page.asked if (one, area.code if area else WHOLE_AREA, year) in page.goals.in_force]
    if lines := list(_untold(page, [one for one in of_page if one not in page.aimed])):
        st.markdown("\n".join(lines))
    elif any(choice.dimension != OWN_BY for choice in page.view.choices):
        st.info(t("against.target.filtered"))
    elif page.asked and not of_page and not page.aimed:
        st.info(t("against.target.none", year=year, page=t("page.targets")))


def _untold(page: Page, metrics: Iterable[str]) -> Iterator[str]:
    """Return the targets of figures that have no tile and no line of a table."""
    for metric in metrics:
        try:
            row = next(filter(is_main, page.ask(metric).rows), None)
        except QuestionError:  # of a metric that has no value without a breakdown
            continue
        goal = page.goals.of(row) if row else None
        if row is not None and goal is not None and row.value is not None:
            page.aimed[metric] = None
            whole = goals.is_whole(row, page.serving, page.view.audience)
            value = goals.value_and_goal(row, goal, page.t, whole=whole)
            yield f"- **{plain(definitions()[metric].name[page.t.lang])}:** {plain(value)}"
