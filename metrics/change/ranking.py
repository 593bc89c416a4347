"""Selection of the changes to report among many published rows.

Whether a row has changed is decided by `metrics.change.decision`, as everywhere; one of its two counts may be small
here, as in a growth from under ten to two hundred. Hundreds of rows are compared at once, so that at one per cent each
some would always be false positives. The signed z of each row (`metrics.change.noise`) is therefore tested as well, by
the procedure of Benjamini and Hochberg (1995): of the rows reported, a share of at most `RATE` is expected to be chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from metrics.change.decision import decide, spread_behind, stored_totals
from metrics.change.noise import base_of_rounding, most_suppressed, signed_z
from metrics.change.trend import Direction
from metrics.gate import BASE
from metrics.grammar.answer import Row, same_ground
from metrics.model.dimensions import is_unknown

RATE = 0.05
"""False discovery rate; where nothing has changed, the probability that any row is reported."""

_NORMAL = NormalDist()
_NO_TOTALS = stored_totals(())
"""Rows of counts contain their numbers of events and clients themselves."""


@dataclass(frozen=True)
class RankedChange:
    """One row of a breakdown now and before.

    score: the change in standard deviations, 0 if rounding can cause it; way: the direction by the rule for one value,
    one of the two of any size; None when not comparable.
    """

    dimension: str
    now: Row
    before: Row
    score: float
    way: Direction | None


def compared(dimension: str, now: Sequence[Row], before: Sequence[Row], *, exact: bool) -> tuple[RankedChange, ...]:
    """Return every row of a breakdown compared with an earlier one, the clearest change first, without unknown codes.

    now, before: counts of one metric by `dimension`, of `before` only those on known ground
    (`metrics.change.earlier`); exact: values without rounding (internal audience). Rows on different ground are left out.
    """
    found = [
        change(dimension, row, other, exact=exact)
        for row, other in _pairs(dimension, now, before)
        if same_ground(row, other)
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.score)))


def not_compared(dimension: str, now: Sequence[Row], before: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows that `compared` leaves out because they and the earlier ones are not on the same ground."""
    return tuple(row for row, other in _pairs(dimension, now, before) if not same_ground(row, other))


def _pairs(dimension: str, now: Sequence[Row], before: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    earlier = {row.codes[dimension]: row for row in before}
    for row in now:
        code = row.codes[dimension]
        if code in earlier and not is_unknown(row.metric, dimension, code):
            yield row, earlier[code]


def change(dimension: str, now: Row, before: Row, *, exact: bool) -> RankedChange:
    """Return one row of a count compared with an earlier one."""
    way = decide(now, before, _NO_TOTALS, exact=exact, small=True)
    return RankedChange(dimension, now, before, score(now, before, exact=exact), way)


def ranked(groups: Iterable[Sequence[RankedChange]], most: int, per_dimension: int = 2) -> tuple[RankedChange, ...]:
    """Return the clearest changes of several dimensions, at most `most`, and at most `per_dimension` of each.

    Changes that rounding alone could cause are left out.
    """
    kept_ones = [one for group in groups for one in group[:per_dimension] if one.score]
    return tuple(sorted(kept_ones, key=lambda one: -abs(one.score))[:most])


def significant(groups: Sequence[Sequence[RankedChange]]) -> tuple[RankedChange, ...]:
    """Return the significant changes of all dimensions, allowing for the number of rows compared; the clearest first."""
    every = [one for group in groups for one in group]
    found = zip(every, discoveries([one.score for one in every]), strict=True)
    return tuple(
        sorted(
            (one for one, is_found in found if is_found and one.way in ("up", "down")), key=lambda one: -abs(one.score)
        )
    )


def discoveries(scores: Sequence[float], rate: float = RATE) -> tuple[bool, ...]:
    """Return which z scores are significant by Benjamini and Hochberg's procedure on their two-sided p values."""
    p_values = [2 * _NORMAL.cdf(-abs(score)) for score in scores]
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    most = max((rank for rank, i in enumerate(order, 1) if p_values[i] <= rate * rank / len(order)), default=0)
    found = set(order[:most])
    return tuple(i in found for i in range(len(p_values)))


def score(now: Row, before: Row, *, exact: bool) -> float:
    """Return the change of a count in standard deviations; 0 if rounding can cause it or its noise is not known."""
    spreads = [spread for row in (now, before) if (spread := spread_behind(row, _NO_TOTALS)) is not None]
    if not spreads:
        return 0.0
    # Assuming the most of a suppressed count never overstates a rise from it or a fall to it.
    wide = max(spreads)
    first, second = (most_suppressed(row, wide) if row.value is None else row.value for row in (now, before))
    bases = (1, 1) if exact else (_base(now), _base(before))
    return signed_z(first, second, bases=bases, spread=wide)


def _base(row: Row) -> int:
    return base_of_rounding(row.value or BASE, row.unit)
