"""Putting a comparison with others' packages on a slide of a briefing."""

from __future__ import annotations

from collections.abc import Sequence

from metrics.briefings.slide import MOST_AREAS, Slide
from pages.compare.areas import WHOLE, Area, composed
from pages.figures import adding
from pages.shell.page import Page


def offer(page: Page, metric: str, compared: Sequence[Area]) -> None:
    """Draw the button for users who may save briefings, where areas of others are compared. A slide has eight at most."""
    if any(area.package for area in compared) and page.serving.package is None:
        adding.offer_slide(page, f"areas_{metric}", slide_of(page, metric, compared))


def slide_of(page: Page, metric: str, compared: Sequence[Area]) -> Slide | None:
    """Return the slide of a metric in the areas that are compared; None where a filter has several codes."""
    default = page.known.default_period
    period = default if page.view.period == WHOLE else page.view.period
    question = composed(page, metric, None, period).question
    if any(len(codes) != 1 for _, codes in question.where):
        return None
    return Slide(
        metric=metric, kind="areas", where=tuple((name, codes[0]) for name, codes in question.where), period=period,
        follows="to_date" if period == default else None, areas=tuple(area.token for area in compared[:MOST_AREAS]),
    )  # fmt: skip
