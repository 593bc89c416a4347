"""The largest changes between a period and the same a year before, found from published values alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from metrics.change.noise import base_of_rounding, discoveries, signed_z
from metrics.gate import BASE
from metrics.grammar.answer import Row
from metrics.model.dimensions import UNKNOWN_CODES

HIDDEN_BELOW = 10
LIKELY = 2.0
"""How many times its own noise a key figure must change to be called more or less."""


@dataclass(frozen=True)
class Change:
    """One row of a breakdown now and a year before; `score` is the change in units of its noise, 0 if rounding can make it."""

    dimension: str
    now: Row
    before: Row
    score: float


def compared(
    dimension: str, now: Sequence[Row], before: Sequence[Row], *, exact: bool, spread: float = 1.0
) -> tuple[Change, ...]:
    """Every row of a breakdown against the year before, the clearest change first. Unknown codes are no news.

    now, before: counts of one metric by `dimension`; exact: no rounding (internal audience); spread: see `metrics.change`.
    """
    earlier = {row.codes[dimension]: row for row in before}
    pairs = [(row, earlier[row.codes[dimension]]) for row in now if row.codes[dimension] in earlier]
    found = [
        Change(dimension, row, other, score(row, other, exact=exact, spread=spread))
        for row, other in pairs
        if row.codes[dimension] not in UNKNOWN_CODES
    ]
    return tuple(sorted(found, key=lambda change: -abs(change.score)))


def ranked(groups: Iterable[Sequence[Change]], most: int, per_dimension: int = 2) -> tuple[Change, ...]:
    """The clearest changes of several dimensions together, at most `per_dimension` of each, so that each can be heard.
    Those that rounding alone could make are none."""
    kept = [change for group in groups for change in group[:per_dimension] if change.score]
    return tuple(sorted(kept, key=lambda change: -abs(change.score))[:most])


def told(groups: Sequence[Sequence[Change]]) -> tuple[Change, ...]:
    """The changes of all dimensions that are no chance, however many rows were compared; the clearest first."""
    every = [change for group in groups for change in group]
    kept = [change for change, is_told in zip(every, discoveries([c.score for c in every]), strict=True) if is_told]
    return tuple(sorted(kept, key=lambda change: -abs(change.score)))


def is_clear(now: Row, before: Row, *, exact: bool) -> bool:
    """Whether two published values of one metric differ by more than rounding and chance make likely.

    Medians, means and rates have no rule here: nothing is called clear of them.
    """
    if now.value is None or before.value is None:
        return False
    if now.unit in ("clients", "encounters"):
        return abs(score(now, before, exact=exact)) >= LIKELY
    if now.unit != "%":
        return False
    if not now.denominator or not before.denominator:
        return False
    spread = sqrt(sum(r.value * (100 - r.value) / r.denominator for r in (now, before) if r.value and r.denominator))
    return abs(now.value - before.value) > LIKELY * spread


def score(now: Row, before: Row, *, exact: bool, spread: float = 1.0) -> float:
    """The change of a count in units of its noise, 0 if rounding can make it."""
    if now.value is None and before.value is None:
        return 0.0
    # A hidden count lies somewhere under ten; taking ten never overstates a growth from it or a fall to it.
    first, second = (HIDDEN_BELOW if row.value is None else row.value for row in (now, before))
    bases = (1, 1) if exact else (_base(now), _base(before))
    return signed_z(first, second, bases=bases, spread=spread)


def _base(row: Row) -> int:
    return base_of_rounding(row.value or BASE, row.unit)
