"""Clear change of a figure on a page: the rule of `metrics.change.decision`, with cached answers."""

from __future__ import annotations

from dataclasses import replace

from data.store.generation import Generation
from metrics.change.decision import Totals, decide, queried_totals
from metrics.change.earlier import Earlier
from metrics.change.power import power
from metrics.change.trend import Direction
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from pages.i18n import formats
from pages.shell import asking
from pages.shell.asking import FigureRows
from pages.shell.page import Page
from pages.view import sentences


def direction(page: Page, now: Row | None, before: Row | None, side: Earlier | None = None) -> Direction | None:
    """Return the direction of change between two published rows: up, down or unclear; None when they cannot be compared.

    side: what the earlier row is of, by default of the view.
    """
    side = side or page.earlier
    if side is None or not side.is_called:
        return None
    now_totals, totals_before = totals(page, page.serving.generation), totals(page, side.generation)
    return decide(now, before, now_totals, exact=page.view.exact, totals_before=totals_before)


def totals(page: Page, generation: Generation) -> Totals:
    """Return the totals of a generation, with cached answers."""
    serving = replace(page.serving, generation=generation)
    return queried_totals(lambda question: asking.answer_to(serving, question), page.view.audience)


def power_text(page: Page, row: Row | None, side: Earlier | None = None, *, short: bool = False) -> str | None:
    """Return how often a change of a figure of this size would show, as a sentence; None where it is not compared."""
    side = side or page.earlier
    if side is None or not side.is_called:
        return None
    found = power(row, totals(page, page.serving.generation), exact=page.view.exact)
    return sentences.power_text(found, page.t, short=short) if found else None


def notes(page: Page) -> list[str]:
    """Return what to know of the comparison: that months differ anyhow, or why no difference is called a change."""
    side = page.earlier
    if side is None:
        return []
    if side.against == "month":
        return [page.t("against.month.note")]
    day = formats.day(side.generation.closed_until, page.t.lang)
    return [] if side.is_called else [page.t("against.import.open", day=day)]


def nothing_before(page: Page, side: Earlier) -> str:
    """Return that the store has no data of the earlier period, or of a part of it only."""
    asked, starts = Period.parse(side.period), side.begins
    period = sentences.period_text(side.period, page.t)
    first, last = asked.first_day, asked.last_day
    if starts is None or first is None or last is None or not first < starts <= last:
        return page.t("overview.changes.no_data", period=period)
    return page.t("overview.changes.part", period=period, day=formats.day(starts, page.t.lang))


def why_not_compared(page: Page, found: FigureRows) -> dict[str, None]:
    """Return whose data end before the period of a figure does, as sentences."""
    t = page.t
    ends = asking.early_ends(page.serving, found.composed.question)
    return {
        t("overview.changes.ends", area=sentences.plain(page.label("clients", "municipality", code)), day=day)
        if code
        else t("overview.changes.ends_somewhere", day=day): None
        for code, day in ((code, formats.day(until, t.lang)) for code, until in ends.items())
    }
