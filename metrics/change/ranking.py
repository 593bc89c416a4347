"""Which of many published rows have changed since a year before: the news of a breakdown.

Here hundreds of rows are compared at once, so that one in a hundred would be false news every time. The signed z of each
(`metrics.change.noise`: the noise, spread and rounding of the rule for one figure) goes through the procedure of Benjamini and
Hochberg (1995): of what is told, at most `RATE` is expected to be chance. It decides which rows are told, and never against
`metrics.change.decision`: a row whose own change is unclear there is no news. Rows of too few for that rule may be news here,
since a count grown from under ten to two hundred is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from metrics.change.decision import decide, kept, spread_behind
from metrics.change.noise import base_of_rounding, signed_z
from metrics.change.trend import Direction
from metrics.gate import BASE, SHOWN_FROM
from metrics.grammar.answer import Row
from metrics.model.dimensions import is_unknown

RATE = 0.05
"""False discovery rate. Where nothing has changed, the chance that anything at all is told."""

_NORMAL = NormalDist()
_NO_TOTALS = kept(())
"""Rows of counts say themselves how bundled their events are."""


@dataclass(frozen=True)
class RankedChange:
    """One row of a breakdown now and a year before. score: the change in units of its noise, 0 if rounding can make it; way:
    where the row goes by the rule for one figure, None when that may not be told."""

    dimension: str
    now: Row
    before: Row
    score: float
    way: Direction | None


def compared(dimension: str, now: Sequence[Row], before: Sequence[Row], *, exact: bool) -> tuple[RankedChange, ...]:
    """Every row of a breakdown against the year before, the clearest change first. Unknown codes are no news.

    now, before: counts of one metric by `dimension`; exact: no rounding (internal audience).
    """
    earlier = {row.codes[dimension]: row for row in before}
    found = [
        change(dimension, row, earlier[row.codes[dimension]], exact=exact)
        for row in now
        if row.codes[dimension] in earlier and not is_unknown(row.metric, dimension, row.codes[dimension])
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.score)))


def change(dimension: str, now: Row, before: Row, *, exact: bool) -> RankedChange:
    """One row of a count against its year before."""
    way = decide(now, before, _NO_TOTALS, exact=exact)
    return RankedChange(dimension, now, before, score(now, before, exact=exact), way)


def ranked(groups: Iterable[Sequence[RankedChange]], most: int, per_dimension: int = 2) -> tuple[RankedChange, ...]:
    """The clearest changes of several dimensions together, at most `per_dimension` of each, so that each can be heard.
    Those that rounding alone could make are none."""
    kept_ones = [one for group in groups for one in group[:per_dimension] if one.score]
    return tuple(sorted(kept_ones, key=lambda one: -abs(one.score))[:most])


def told(groups: Sequence[Sequence[RankedChange]]) -> tuple[RankedChange, ...]:
    """The changes of all dimensions that are no chance, however many rows were compared; the clearest first."""
    every = [one for group in groups for one in group]
    found = zip(every, discoveries([one.score for one in every]), strict=True)
    return tuple(
        sorted((one for one, is_told in found if is_told and one.way != "unclear"), key=lambda one: -abs(one.score))
    )


def discoveries(scores: Sequence[float], rate: float = RATE) -> tuple[bool, ...]:
    """Which of many z scores are told, by Benjamini and Hochberg's procedure on their two-sided p-values."""
    p_values = [2 * _NORMAL.cdf(-abs(score)) for score in scores]
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    most = max((rank for rank, i in enumerate(order, 1) if p_values[i] <= rate * rank / len(order)), default=0)
    found = set(order[:most])
    return tuple(i in found for i in range(len(p_values)))


def score(now: Row, before: Row, *, exact: bool) -> float:
    """The change of a count in units of its noise, 0 if rounding can make it or its noise is not known."""
    spreads = [spread for row in (now, before) if (spread := spread_behind(row, _NO_TOTALS)) is not None]
    if not spreads:
        return 0.0
    # A hidden count lies somewhere under ten; taking ten never overstates a growth from it or a fall to it.
    first, second = (SHOWN_FROM if row.value is None else row.value for row in (now, before))
    bases = (1, 1) if exact else (_base(now), _base(before))
    return signed_z(first, second, bases=bases, spread=max(spreads))


def _base(row: Row) -> int:
    return base_of_rounding(row.value or BASE, row.unit)
