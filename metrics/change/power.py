"""Power: how likely the rule of change is to notice a real change of a figure of this size.

Computed by the rule itself: the interval of a row, and that of the same row changed. Both vary by chance with the
standard errors that their intervals are made of, so the rule sees the change with probability Φ(gap / √(se² + se²)), where
the gap is what is left between the two intervals. Tested against simulated years.
"""

from dataclasses import dataclass, replace
from math import sqrt
from statistics import NormalDist

from metrics.change.decision import Totals, spread_behind
from metrics.change.noise import most_off, usual_base
from metrics.change.trend import Interval, Z, brings_interval, counts_clients, interval_of
from metrics.gate import BASE
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.kinds import Rate, Share

PERCENT, POINTS = 10, 5
"""The change asked about: of a share in percentage points, of anything else in percent of the figure."""


@dataclass(frozen=True)
class Power:
    """The probability that a change is called.

    chance: 0–1; size: published number of clients or events behind the figure; unit: what is counted (`clients`,
    `encounters` …); change: in percent, or in percentage points where `in_points`.
    """

    chance: float
    size: float
    unit: str
    change: int
    in_points: bool


def power(row: Row | None, totals: Totals, *, exact: bool) -> Power | None:
    """Return the power of the rule for a figure of this size; None where it is not compared.

    totals: as for `metrics.change.decision.decide`; exact: values without rounding.
    """
    if row is None:
        return None
    spread = spread_behind(row, totals)
    definition = definitions()[row.metric]
    there = interval_of(row, spread=spread, exact=True)
    if there is None or spread is None or row.n is None:
        return None
    in_points = row.unit == "%"
    changed = (
        _shifted(row, there) if brings_interval(definition) else interval_of(_changed(row), spread=spread, exact=True)
    )
    if changed is None:
        return None
    low, high = sorted((there, changed), key=lambda one: one.lower + one.upper)
    off = 0.0 if exact or brings_interval(definition) else _rounding(row, spread)
    gap = high.lower - low.upper - 2 * off
    error = sqrt(sum(((one.upper - one.lower) / (2 * Z)) ** 2 for one in (low, high)))
    chance = NormalDist().cdf(gap / error) if error else float(gap > 0)
    unit = "clients" if counts_clients(definition) else definition.of_fact.events
    return Power(chance, row.n, unit, POINTS if in_points else PERCENT, in_points)


def _changed(row: Row) -> Row:
    """Return the row with more of what it counts; a share with more or less of its numerator."""
    measure = definitions()[row.metric].measure
    factor = 1 + PERCENT / 100
    if isinstance(measure, Share) and row.numerator is not None and row.denominator:
        more = POINTS * row.denominator / 100
        # A share near the top has no room to rise, so it is asked about a fall.
        return replace(row, numerator=row.numerator + (more if row.numerator + 2 * more <= row.denominator else -more))
    if isinstance(measure, Rate) and measure.upside == "amount" and row.denominator:
        return replace(row, denominator=factor * row.denominator)
    top = None if row.numerator is None else factor * row.numerator
    value = None if row.value is None else factor * row.value
    return replace(row, value=value, numerator=top)


def _shifted(row: Row, there: Interval) -> Interval:
    by = POINTS if row.unit == "%" else (row.value or 0) * PERCENT / 100
    return Interval(there.lower + by, there.upper + by)


def _rounding(row: Row, spread: float) -> float:
    """Return the largest rounding error of the row's value, in its unit, with the base that so many clients usually need."""
    definition = definitions()[row.metric]
    counted = row.numerator or row.value or 0
    if isinstance(definition.measure, Share):
        counted = row.denominator or 0
    base = BASE if counts_clients(definition) else usual_base(counted, spread)
    if isinstance(definition.measure, Share):
        return 100 * most_off(base) / max(counted, 1)
    return most_off(base) * (row.value or 0) / max(counted, 1)
