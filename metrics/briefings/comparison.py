"""Statistical statements about a slide: rows, clear changes, largest groups, and extremes beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.briefings.freezing import Answered
from metrics.change import largest, ranking
from metrics.change.decision import Totals, decide, spread_behind, stored_totals
from metrics.change.power import Power, power
from metrics.change.trend import Direction, Interval, interval_of
from metrics.grammar.answer import MAIN_HORIZON, MAIN_QUANTILE, Row, is_main
from metrics.model.definition import definitions
from metrics.model.kinds import Count, TimeToEvent


@dataclass(frozen=True)
class SlideChange:
    """A row now and before, and the direction of change (`metrics.change.decision`); None when not comparable."""

    now: Row
    before: Row | None
    way: Direction | None


def own(rows: Sequence[Row], answered: Answered) -> tuple[Row, ...]:
    """Return the rows of a slide's horizon and quantile, for metrics that have several."""
    horizon, quantile = answered.slide.horizon or MAIN_HORIZON, answered.slide.quantile or MAIN_QUANTILE
    return tuple(row for row in rows if is_main(row, horizon, quantile))


def change_of(now: Row, before: Row | None, answered: Answered) -> SlideChange:
    """Return the change of one row."""
    return SlideChange(now, before, decide(now, before, _totals(answered), exact=False))


def power_of(row: Row, answered: Answered) -> Power | None:
    """Return how large a change of a figure of this size would be called; None where it is not compared."""
    return power(row, _totals(answered), exact=False)


def before_of(row: Row, answered: Answered) -> Row | None:
    """Return the row of the same group before, None when there is none."""
    return next((other for other in own(answered.before, answered) if dict(other.codes) == dict(row.codes)), None)


def clearest(answered: Answered) -> SlideChange | None:
    """Return the change among the groups of a count that is clearest, if any is significant (false discovery rate 5 %)."""
    if not is_count(answered.slide.metric):
        return None
    pairs = [
        (row, other) for row in shown_rows(answered) if (other := before_of(row, answered)) and other.value is not None
    ]
    found = ranking.significant([[ranking.change("", now, before, exact=False) for now, before in pairs]])
    return SlideChange(found[0].now, found[0].before, "up" if found[0].score > 0 else "down") if found else None


def shown_rows(answered: Answered) -> list[Row]:
    """Return the rows with a published value, largest first, without unknown codes."""
    return largest.known(own(answered.whole, answered))


def leaders(answered: Answered) -> list[Row]:
    """Return the groups of a count that may be the largest, given that rounding may have changed their order."""
    return largest.leaders(own(answered.whole, answered))


def extremes(answered: Answered) -> tuple[Row, Row] | None:
    """Return the highest and the lowest group of a share or rate, if their intervals do not overlap, else None."""
    known = [(row, there) for row in shown_rows(answered) if (there := _interval(row, answered))]
    if len(known) < 2:
        return None
    (high, above), (low, below) = known[0], known[-1]
    return (high, low) if above.lower > below.upper else None


def named_change(answered: Answered) -> SlideChange | None:
    """Return the change among the groups that the headline tells: of a count over time its clearest, if there is one."""
    return clearest(answered) if answered.slide.by and answered.slide.kind == "lines" else None


def named(answered: Answered) -> tuple[Row, ...]:
    """Return the rows whose groups the headline names, all of which the picture must show."""
    if not answered.slide.by:
        return ()
    if not is_count(answered.slide.metric):
        return extremes(answered) or ()
    change = named_change(answered)
    first = [change.now] if change else leaders(answered)
    return tuple(first) if len(first) <= largest.FEW else ()


def comparable(answered: Answered) -> int:
    """Return the number of groups that may be compared."""
    return sum(_interval(row, answered) is not None for row in shown_rows(answered))


def is_count(metric: str) -> bool:
    """Return whether the metric is a count, so that its groups can be ranked by value."""
    return isinstance(definitions()[metric].measure, Count)


def is_followed(metric: str) -> bool:
    """Return whether the metric follows people over time from a start."""
    return isinstance(definitions()[metric].measure, TimeToEvent)


def _interval(row: Row, answered: Answered) -> Interval | None:
    return interval_of(row, spread=spread_behind(row, _totals(answered)))


def _totals(answered: Answered) -> Totals:
    return stored_totals(answered.totals)
