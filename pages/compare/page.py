"""The page Vertailu: municipalities and areas side by side, and their clear changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from metrics.gate import COMPARED_FROM
from metrics.model.definition import definitions
from metrics.model.labels import distinct
from pages.charts.frame import MOST_SERIES
from pages.compare import areas, drawing, everybody, matrix, others, sides, summary
from pages.compare.areas import Area
from pages.compare.sides import Compared
from pages.figures.side_by_side import in_tabs
from pages.shell.choosing import choose_many
from pages.shell.drawing import page
from pages.shell.page import Page
from pages.view.state import TAB

METRICS = ("reach_per_1000", "understood_language_share", "solved_share", "referral_started_share")
"""Metrics shown by default."""
MOST_METRICS = 12
FIRST_AREAS = 4


@page("compare", own=("areas", "metrics", "step", TAB))
def render(page: Page) -> None:
    """Draw the choices, the clear changes, the rule, a matrix, and a chart and a table for each metric in tabs."""
    t = page.t
    known = others.with_others(page, areas.areas(page))
    names = {area.token: area.label for area in known}
    chosen = choose_many(
        page, "areas", tuple(names), _first(page, known), t("compare.areas"), names.__getitem__, most=MOST_SERIES
    )
    wanted = choose_many(
        page, "metrics", areas.metrics(), METRICS, t("compare.metrics"), lambda m: _name(page, m), most=MOST_METRICS
    )
    step = page.choose("step", drawing.steps(known), t("compare.step"), lambda code: t(f"compare.step.{code}"))
    compared = [area for area in known if area.token in chosen]
    if any(area.package for area in (known if step == drawing.EVERYBODY else compared)):
        page = others.as_published(page)
    else:
        others.say_offer(page, known)
    found = {metric: sides.compared(page, metric, compared) for metric in wanted}
    if step == drawing.EXPECTED:
        wanted = summary.expected_first(page, wanted, compared)
        summary.of_expectations(page, wanted, compared)
    else:
        summary.of_changes(page, found)
        if page.earlier:
            with st.expander(t("compare.rule.title")):
                st.markdown(t("compare.rule", count=COMPARED_FROM, when=page.when_before))
        matrix.show(page, found)
    others.say_why_not(page, found.values())
    others.say_whose(page, compared)
    search = everybody.search_field(page) if step == drawing.EVERYBODY else ""
    # Names may be alike in a language, and tabs may not.
    names = distinct({metric: _name(page, metric) for metric in wanted})
    in_tabs(
        page,
        names.__getitem__,
        {metric: _drawing(page, metric, compared, found[metric], step, known, search) for metric in wanted},
        known=definitions(),
    )


def _drawing(
    page: Page, metric: str, compared: Sequence[Area], group: Sequence[Compared], step: str,
    known: Sequence[Area], search: str,
) -> Callable[[], None]:  # fmt: skip
    return lambda: drawing.show(page, metric, compared, group, step, known, search)


def _first(page: Page, known: Sequence[Area]) -> tuple[str, ...]:
    """Return the areas chosen by default: the whole area with the largest municipalities, or with the area of the filter bar, or
    that area and the other place beside it.
    """
    if page.serving.package is not None:
        return tuple(area.token for area in known if area.dimension is None)[: FIRST_AREAS + 1]
    tokens = [area.token for area in known]
    of_bar = areas.token_of(page.view.area)
    if (there := page.view.in_other_place) and {of_bar, areas.token_of(there.area)} <= set(tokens):
        return of_bar, areas.token_of(there.area)
    if page.view.area is not None and of_bar in tokens:
        return areas.WHOLE, of_bar
    return tuple(area.token for area in known if area.dimension in (None, "municipality") and not area.package)[
        : FIRST_AREAS + 1
    ]


def _name(page: Page, metric: str) -> str:
    return str(definitions()[metric].name[page.t.lang])
