"""What a slide's published values say: which rows are its own, what has changed for certain, who is largest for certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.briefings.freezing import Answered
from metrics.change import ranking
from metrics.change.decision import Totals, decide, kept, spread_behind
from metrics.change.noise import base_of_rounding
from metrics.change.trend import Direction, Interval, interval_of
from metrics.grammar.answer import MAIN_HORIZON, MAIN_QUANTILE, Row, is_main
from metrics.model.definition import definitions
from metrics.model.dimensions import has_unknown
from metrics.model.kinds import Count, TimeToEvent

FEW = 3
"""At most so many names stand in a headline."""


@dataclass(frozen=True)
class SlideChange:
    """A row now and a year before, and where it goes (`metrics.change.decision`); None when it may not be told."""

    now: Row
    before: Row | None
    way: Direction | None


def own(rows: Sequence[Row], answered: Answered) -> tuple[Row, ...]:
    """The rows of a slide: of its horizon and quantile, when the metric has several."""
    horizon, quantile = answered.slide.horizon or MAIN_HORIZON, answered.slide.quantile or MAIN_QUANTILE
    return tuple(row for row in rows if is_main(row, horizon, quantile))


def change_of(now: Row, before: Row | None, answered: Answered) -> SlideChange:
    """The change of one row."""
    return SlideChange(now, before, decide(now, before, _totals(answered), exact=False))


def before_of(row: Row, answered: Answered) -> Row | None:
    """The row of the same group a year before."""
    return next((other for other in own(answered.before, answered) if dict(other.codes) == dict(row.codes)), None)


def clearest(answered: Answered) -> SlideChange | None:
    """The change among many groups that is clearest, if any is no chance (false discovery rate 5 %); counts alone."""
    if not is_count(answered.slide.metric):
        return None
    pairs = [(row, other) for row in told(answered) if (other := before_of(row, answered)) and other.value is not None]
    found = ranking.told([[ranking.change("", now, before, exact=False) for now, before in pairs]])
    return SlideChange(found[0].now, found[0].before, "up" if found[0].score > 0 else "down") if found else None


def told(answered: Answered) -> list[Row]:
    """Rows with a published value, unknown codes aside, largest first."""
    rows = [row for row in own(answered.whole, answered) if row.value is not None]
    known = [row for row in rows if not has_unknown(row.metric, row.codes)]
    return sorted(known, key=lambda row: -(row.value or 0))


def leaders(answered: Answered) -> list[Row]:
    """The groups of a count that may be the largest: rounding could have put them in any order."""
    rows = told(answered)
    if not rows:
        return []
    top = _range(rows[0])
    return [row for row in rows if _range(row).upper >= top.lower]


def extremes(answered: Answered) -> tuple[Row, Row] | None:
    """The highest and the lowest group of a share or rate, when their intervals are apart; None when chance can make it."""
    known = [(row, there) for row in told(answered) if (there := _interval(row, answered))]
    if len(known) < 2:
        return None
    (high, above), (low, below) = known[0], known[-1]
    return (high, low) if above.lower > below.upper else None


def comparable(answered: Answered) -> int:
    """How many groups may be compared."""
    return sum(_interval(row, answered) is not None for row in told(answered))


def is_count(metric: str) -> bool:
    """Whether the metric counts, so that its groups may be ranked as they stand."""
    return isinstance(definitions()[metric].measure, Count)


def is_followed(metric: str) -> bool:
    """Whether the metric is about people followed from a start on."""
    return isinstance(definitions()[metric].measure, TimeToEvent)


def _interval(row: Row, answered: Answered) -> Interval | None:
    return interval_of(row, spread=spread_behind(row, _totals(answered)))


def _totals(answered: Answered) -> Totals:
    return kept(answered.totals)


def _range(row: Row) -> Interval:
    off = base_of_rounding(row.value or 0, row.unit) - 1
    return Interval((row.value or 0) - off, (row.value or 0) + off)
