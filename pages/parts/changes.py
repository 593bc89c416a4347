"""The largest changes between a period and the same a year before, found from published values alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from metrics.answer import Row
from pages.parts import names

ROUNDING = 5
EVENT_ROUNDINGS = (250, 100, 50, 25, 10)
HIDDEN_BELOW = 10
CLEAR = 3.0
"""How many times its own noise a change must be to be told as news."""
LIKELY = 2.0
"""How many times its own noise a key figure must change to be called more or less."""


@dataclass(frozen=True)
class Change:
    """One row of a breakdown now and a year before; `score` is the change in units of its noise."""

    dimension: str
    now: Row
    before: Row
    score: float


def largest(dimension: str, now: Sequence[Row], before: Sequence[Row], *, exact: bool) -> tuple[Change, ...]:
    """Changes larger than rounding alone could make, the clearest first. Unknown codes are no news.

    now, before: counts of one metric by `dimension`; exact: no rounding (internal audience).
    """
    earlier = {row.codes[dimension]: row for row in before}
    found = []
    for row in now:
        code = row.codes[dimension]
        if code in names.UNKNOWN or code not in earlier:
            continue
        score = _score(row, earlier[code], exact)
        if score > 0:
            found.append(Change(dimension, row, earlier[code], score))
    return tuple(sorted(found, key=lambda change: -change.score))


def ranked(groups: Iterable[Sequence[Change]], most: int, per_dimension: int = 2) -> tuple[Change, ...]:
    """The clearest changes of several dimensions together, at most `per_dimension` of each, so that each can be heard."""
    kept = [change for group in groups for change in group[:per_dimension]]
    return tuple(sorted(kept, key=lambda change: -change.score)[:most])


def clear(found: Sequence[Change]) -> tuple[Change, ...]:
    """Those that chance would hardly make, however many rows were compared."""
    return tuple(change for change in found if change.score >= CLEAR)


def is_clear(now: Row, before: Row, *, exact: bool) -> bool:
    """Whether two published values of one metric differ by more than rounding and chance make likely."""
    if now.value is None or before.value is None:
        return False
    if now.unit != "%":
        return (
            _score(now, before, exact) >= LIKELY if now.unit in ("clients", "encounters") else now.value != before.value
        )
    if not now.denominator or not before.denominator:
        return False
    spread = sqrt(sum(r.value * (100 - r.value) / r.denominator for r in (now, before) if r.value and r.denominator))
    return abs(now.value - before.value) > LIKELY * spread


def _score(now: Row, before: Row, exact: bool) -> float:
    if now.value is None and before.value is None:
        return 0.0
    # A hidden count lies somewhere under ten; taking ten never overstates a growth from it or a fall to it.
    first, second = (HIDDEN_BELOW if row.value is None else row.value for row in (now, before))
    rounding = 0.0 if exact else _rounding(now) + _rounding(before)
    difference = abs(first - second)
    if difference <= rounding:
        return 0.0
    # Counts vary by about their square root from year to year by chance alone.
    return difference / sqrt(first + second + rounding**2)


def _rounding(row: Row) -> float:
    """The most a published count may be off. Events are rounded by a base the row does not tell: the largest that fits it."""
    if row.unit == "clients" or row.value is None:
        return ROUNDING - 1
    return next((base for base in EVENT_ROUNDINGS if row.value % base == 0), ROUNDING) - 1
