"""The difference of two groups from their published sides, with chance and the gate's rounding in its interval."""

from __future__ import annotations

import math
from collections.abc import Iterable

from scipy import stats

from metrics.change.trend import Z
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.methods.estimates import Bounds, difference_bounds
from metrics.hypotheses.published_cells import Number, PublishedFigure
from metrics.hypotheses.published_groups import ComparedSide, may_be_compared
from metrics.hypotheses.register import Effect


def difference(hypothesis: Hypothesis, sides: tuple[ComparedSide, ComparedSide]) -> Effect | None:
    """Return the first estimate that both sides have: compared − reference. None where a side's is not published.

    The same people in both groups make the interval too wide, never too narrow.
    """
    one, other = sides
    if not all(may_be_compared(hypothesis, side) for side in sides):
        return None
    for name, bounds in one.bounds:
        beside = other.value(name)
        if beside is not None:
            return of_bounds(name, bounds, beside)
    return None


def of_bounds(name: str, one: Bounds, other: Bounds) -> Effect:
    """Return the difference of two estimates with its interval (MOVER), and the p value that goes with it."""
    value = one[0] - other[0]
    lower, upper = difference_bounds(one, other, 0.0)
    error = (value - lower if value > 0 else upper - value) / Z
    p = float(2 * stats.norm.sf(abs(value) / error)) if error > 0 else float(value == 0)
    return Effect(name=name, value=value, lower=lower, upper=upper, p=p)


def wider(effect: Effect, critical: float) -> Effect:
    """Return an effect at the critical value of one test among several (`methods.sequential.limit`)."""
    if critical <= Z + 1e-4:
        return effect
    factor = critical / Z
    p = min(effect.p * 2 * float(stats.norm.sf(Z)) / (2 * float(stats.norm.sf(critical))), 1.0)
    lower, upper = (effect.value + factor * (bound - effect.value) for bound in (effect.lower, effect.upper))
    return effect.model_copy(update={"lower": lower, "upper": upper, "p": p})


def monthly(total: Number, months: int, spread: float) -> Bounds | None:
    """Return a number a month with its Poisson interval on the logarithmic scale, `spread` and rounding taken in."""
    if total.value <= 0 or not months:
        return None
    error = math.sqrt(spread / total.value + total.noise / total.value**2)
    value = total.value / months
    return value, value * math.exp(-Z * error), value * math.exp(Z * error)


def month_dispersion(pairs: Iterable[tuple[PublishedFigure, PublishedFigure]], spread: float) -> float | None:
    """Return how much more the months' shares of two groups vary than clients and rounding explain, at least 1.

    pairs: figures of both groups by month. None where a month of either is not published.
    """
    counts = []
    for one, other in pairs:
        if one.row.value is None or other.row.value is None:
            return None
        counts.append((one.number(one.row.value), other.number(other.row.value)))
    if len(counts) < 3:
        return None
    whole = sum(a.value + b.value for a, b in counts)
    part = sum(a.value for a, _ in counts) / whole
    found = 0.0
    for a, b in counts:
        size = a.value + b.value
        rounding = (1 - part) ** 2 * a.noise + part**2 * b.noise
        found += (a.value - part * size) ** 2 / (spread * part * (1 - part) * size + rounding)
    return max(found / (len(counts) - 1), 1.0)
