"""What stands beside a published value in tiles and tables: an earlier one with the change, a target, or another place's."""

from __future__ import annotations

from metrics.grammar.answer import Row
from pages.i18n import formats
from pages.shell import goals
from pages.shell.page import Page
from pages.view import sentences, states
from pages.view.values import NOTHING, Value, published


def change(page: Page, now: Row | None, before: Row | None) -> str | None:
    """Return the change as text; None where the other value is of no earlier time, because a difference is no change then."""
    if now is None or page.view.earlier_by is None:
        return None
    return sentences.change_text(now, before, page.t, points=now.unit == "%")


def beside(page: Page, now: Row, before: Row | None) -> str | None:
    """Return what a tile says under its value: "+12 %", "Tavoite 65 %: 2 %-yks. alle", "Vantaa: 63 %"; None for nothing.

    A hidden value is compared with nothing.
    """
    if not states.is_said(now):
        return None
    if page.view.against == "target":
        goal = _goal(page, now)
        return None if goal is None else goals.said_of(now, goal, page.t, whole=_is_whole(page, now))
    if page.view.other:
        unit = now.unit in formats.OF_TIME
        return f"{page.before_label}: {formats.value_text(before, page.t, unit=unit)}" if before else None
    return change(page, now, before)


def columns(page: Page) -> tuple[str, ...]:
    """Return the headings of the columns beside a value in a table."""
    t = page.t
    if page.view.other:
        return (page.before_label,)
    return page.before_label, t("goal.distance" if page.view.against == "target" else "overview.change")


def values(page: Page, now: Row, before: Row | None, *, without: Value = NOTHING) -> tuple[Value, ...]:
    """Return a row's values of these columns. without: where there is no change or distance."""
    t = page.t
    if page.view.other:
        return (published(before, t, unit=True),)
    if page.view.against == "target":
        goal = _goal(page, now)
        if goal is None:
            return NOTHING, without
        text, distance = goals.goal_and_distance(now, goal, t, whole=_is_whole(page, now))
        return Value(text), Value(distance) if distance else without
    said = change(page, now, before)
    return published(before, t, unit=True), Value(said) if said else without


def nothing(page: Page) -> tuple[Value, ...]:
    """Return the same of a figure without a row."""
    return (NOTHING,) * len(columns(page))


def _is_whole(page: Page, row: Row) -> bool:
    return goals.is_whole(row, page.serving, page.view.audience)


def _goal(page: Page, row: Row) -> float | None:
    goal = page.goals.of(row)
    if goal is not None:
        page.aimed[row.metric] = None
    return goal
