"""Each area of the compare page now and before, and the direction of a clear change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from data.refusal import Refusal
from data.texts import Texts
from metrics.change.earlier import Earlier
from metrics.change.trend import Direction
from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row, is_main
from metrics.grammar.question import QuestionError
from pages.compare.areas import WHOLE, Area, asked, composed, of_area, over
from pages.figures import changes
from pages.shell import asking
from pages.shell.page import Page
from pages.view import states
from pages.view.values import is_enough


@dataclass(frozen=True)
class Compared:
    """One area in one metric: its published value now and before, and the direction of a clear change.

    refusals: why a package does not tell one of the two; lacks: nothing has been imported of what the metric counts there,
    so that there is no row.
    """

    area: Area
    now: Row | None
    before: Row | None
    trend: Direction | None
    refusals: tuple[Refusal, ...] = ()
    lacks: bool = False


def pair(page: Page) -> tuple[str, Earlier | None]:
    """Return the period that is shown and what it is compared with; None without a comparison.

    Instead of all time, which has no year before, the page compares its default period. Beside a target or one other place,
    and in a period without an earlier one, the areas stand beside each other without any change.
    """
    now = page.known.default_period if page.view.period == WHOLE else page.view.period
    return now, page.earlier_than(now)


def compared(page: Page, metric: str, chosen: Sequence[Area]) -> tuple[Compared, ...]:
    """Return each area's value now and before; empty if the metric cannot be asked."""
    periods = pair(page)
    made = []
    for area in chosen:
        there = over(page, area)
        side = there.earlier_than(periods[0]) if area.package else periods[1]
        found: list[Row | None] = []
        refusals: list[Refusal] = []
        for tell in (partial(_one, there, metric, area, periods[0]), partial(_one_before, there, metric, area, side)):
            try:
                found.append(tell())
            except Refusal as refusal:
                if area.package is None:
                    if isinstance(refusal, QuestionError):
                        return ()
                    raise
                found.append(None)
                refusals.append(refusal)
        now, before = found
        lacks = now is None and area.package is None and _lacks(page, metric, area, periods[0])
        trend = changes.direction(there, now, before, side)
        made.append(Compared(area, now, before, trend, tuple(refusals), lacks))
    return tuple(made)


def powers(page: Page, group: Sequence[Compared]) -> list[str]:
    """Return what change would show in the largest and the smallest of the areas that are compared."""
    periods = pair(page)
    found = sorted((one for one in group if one.trend is not None), key=lambda one: -(one.now.n or 0) if one.now else 0)
    ends = [*found[:1], *found[1:][-1:]]
    said = (changes.power_text(over(page, one.area), one.now, periods[1]) for one in ends)
    return [line for line in [*changes.notes(page), *said] if line]


def unsaid(group: Sequence[Compared], t: Texts) -> tuple[str, ...]:
    """Return why values now are missing from a table: too few to be compared, or what the files leave open."""
    few = any(one.now is not None and one.now.value is not None and not is_enough(one.now) for one in group)
    there = [one.now.state if one.now else "no_data" for one in group if one.now or one.lacks]
    return (*((t("compare.few.note", count=COMPARED_FROM),) if few else ()), *states.notes(there, t))


def _lacks(page: Page, metric: str, area: Area, period: str) -> bool:
    return bool(asking.tables_without_data(page.serving, composed(page, metric, area.dimension, period).question))


def _one(page: Page, metric: str, area: Area, period: str) -> Row | None:
    rows = of_area(asked(page, metric, area.dimension, period).rows, area)
    return next((row for row in rows if is_main(row)), None)


def _one_before(page: Page, metric: str, area: Area, side: Earlier | None) -> Row | None:
    if side is None:
        return None
    question = composed(page, metric, area.dimension, side.period)
    found = asking.published_before(page.serving, side, question)
    if found.refusal:
        raise found.refusal
    return next(filter(is_main, of_area(found.rows, area)), None)
