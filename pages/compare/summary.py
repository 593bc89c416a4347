"""What the page Vertailu begins with: how many values have clearly changed, or are clearly other than expected, and which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from metrics.expected.expected import Expectation
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions
from pages.compare import expected
from pages.compare.areas import Area
from pages.compare.sides import Compared
from pages.figures import headlines
from pages.shell.page import Page
from pages.view import sentences
from pages.view.values import percentage, published


def of_changes(page: Page, found: Mapping[str, Sequence[Compared]]) -> None:
    """Draw how many of the values have clearly changed, and which."""
    t = page.t
    decided = [(metric, one) for metric, group in found.items() for one in group if one.trend]
    changed = [(metric, one) for metric, one in decided if one.trend != "unclear"]
    if not decided:
        headlines.undecided(page)
        return
    said = "headline" if changed else "unchanged"
    st.header(t(f"compare.{said}.{page.view.earlier_by}", count=len(changed), of=len(decided)))
    groups: dict[tuple[str, str], list[str]] = {}
    for metric, one in changed:
        groups.setdefault((metric, str(one.trend)), []).append(sentences.plain(one.area.label))
    lines_of_text = [
        f"- **{sentences.plain(_name(page, metric))}** {t(f'compare.trend.{trend}')}: {', '.join(names)}"
        for (metric, trend), names in groups.items()
    ]
    if lines_of_text:
        st.markdown("\n".join(lines_of_text))


def expected_first(page: Page, metrics: Sequence[str], chosen: Sequence[Area]) -> tuple[str, ...]:
    """Return the metrics with those first of which something is expected; their order stays otherwise."""
    return tuple(sorted(metrics, key=lambda metric: expected.why_not(page, metric, chosen) is not None))


def of_expectations(page: Page, metrics: Sequence[str], chosen: Sequence[Area]) -> None:
    """Draw how many of the values are clearly other than expected of the clients, and which."""
    t = page.t
    told = [
        (metric, area, one)
        for metric in metrics
        for area, one in _told(page, metric, chosen)
        if one.expected is not None
    ]
    apart = [(metric, area, one) for metric, area, one in told if one.direction != "unclear"]
    if not told:
        st.header(t("compare.expected.untold"))
        return
    st.header(t("compare.expected.headline" if apart else "compare.expected.alike_all", count=len(apart), of=len(told)))
    groups: dict[tuple[str, str], list[str]] = {}
    for metric, area, one in apart:
        values = t(
            "compare.expected.values", observed=published(one.row, t).text, expected=percentage(one.expected, t).text
        )
        groups.setdefault((metric, str(one.direction)), []).append(f"{sentences.plain(area.label)} ({values})")
    lines = [
        f"- **{sentences.plain(_name(page, metric))}** {t(f'compare.expected.than.{way}')}: {', '.join(names)}"
        for (metric, way), names in groups.items()
    ]
    if lines:
        st.markdown("\n".join(lines))


def _told(page: Page, metric: str, chosen: Sequence[Area]) -> list[tuple[Area, Expectation]]:
    if expected.why_not(page, metric, chosen):
        return []
    try:
        return expected.of_areas(expected.comparisons(page, metric, chosen), chosen)
    except QuestionError:  # its own tab says why
        return []


def _name(page: Page, metric: str) -> str:
    return str(definitions()[metric].name[page.t.lang])
