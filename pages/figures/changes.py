"""Whether a figure of a page has changed: the one decision of `metrics.change`, for its audience and from cached answers."""

from __future__ import annotations

from metrics.change.decision import asked, decide
from metrics.change.trend import Direction
from metrics.grammar.answer import Row
from pages.shell import asking
from pages.shell.page import Page


def direction(page: Page, now: Row | None, before: Row | None) -> Direction | None:
    """Where a figure goes between two published rows of the page; None when it may not be told."""
    totals = asked(lambda question: asking.answer_to(page.serving, question), page.view.audience)
    return decide(now, before, totals, exact=page.view.exact)
