"""Clear change of a figure on a page: the rule of `metrics.change.decision`, with cached answers."""

from __future__ import annotations

from metrics.change.decision import decide, queried_totals
from metrics.change.trend import Direction
from metrics.grammar.answer import Row
from pages.shell import asking
from pages.shell.page import Page


def direction(page: Page, now: Row | None, before: Row | None) -> Direction | None:
    """Return the direction of change between two published rows: up, down or unclear; None when they cannot be compared."""
    totals = queried_totals(lambda question: asking.answer_to(page.serving, question), page.view.audience)
    return decide(now, before, totals, exact=page.view.exact)
