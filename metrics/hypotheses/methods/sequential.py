"""Repeated tests of one hypothesis on growing data: the 5 % of false findings divided among the planned tests."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import optimize, stats

from metrics.hypotheses.methods.estimates import LEVEL, RATIOS
from metrics.hypotheses.methods.finding import Estimate
from metrics.hypotheses.methods.units import Numbers

_POINTS = 801
_LEAST_GROWTH = 0.02
"""Data that grow less than this part of the first look's are taken to grow so much, since a difference must have a variance."""
_FURTHEST = 8.0


def limit(information: Sequence[float], looks: int) -> float:
    """Return the critical value of |z| at the latest of the tests made so far.

    information: of each test so far, the size of its data, in any unit; looks: how many tests are planned. Group
    sequential test with a linear spending function (Lan & DeMets 1983; close to Pocock's): a false finding at the first k of
    K tests has probability 5 % · k / K, whatever the sizes were. With one planned test it is 1.96. The recursive
    integration is that of Armitage, McPherson & Rowe (1969).
    """
    sizes = _growing(information)
    crossed, before = 0.0, 0.0
    grid, density, found = np.zeros(1), np.ones(1), 0.0
    for place, size in enumerate(sizes):
        step = math.sqrt(size - before)
        spent = LEVEL * min(place + 1, looks) / looks - crossed
        if spent <= 0:
            return _FURTHEST
        found = _solved(grid, density, step, spent, math.sqrt(size))
        crossed, before = crossed + spent, size
        edge = found * math.sqrt(size)
        points = np.linspace(-edge, edge, _POINTS)
        mass = stats.norm.pdf(points[:, None], loc=grid, scale=step) @ density
        weights = np.full(_POINTS, points[1] - points[0])
        weights[[0, -1]] /= 2
        grid, density = points, mass * weights
    return found


def at_level(one: Estimate, critical: float) -> Estimate:
    """Return an estimate with the interval and the p value of a test whose critical value is not 1.96 (`limit`).

    The interval covers the truth at all planned tests together in 95 % (Jennison & Turnbull 1989); p is below 5 %
    exactly when the test rejects.
    """
    usual = float(stats.norm.ppf(1 - LEVEL / 2))
    if critical <= usual + 1e-6:
        return one
    wider, nominal = critical / usual, float(2 * stats.norm.sf(critical))
    p = min(one.p * LEVEL / nominal, 1.0)
    if one.measure in RATIOS:
        lower, upper = (one.value * (bound / one.value) ** wider for bound in (one.lower, one.upper))
        return replace(one, lower=lower, upper=upper, p=p)
    lower, upper = (one.value + wider * (bound - one.value) for bound in (one.lower, one.upper))
    if one.measure == "share_difference":
        lower, upper = max(lower, -100.0), min(upper, 100.0)
    return replace(one, lower=lower, upper=upper, p=p)


def _solved(grid: Numbers, density: Numbers, step: float, spent: float, scale: float) -> float:
    """Return the critical value that is crossed at this look, and at none before, with probability `spent`."""

    def excess(critical: float) -> float:
        edge = critical * scale
        beyond = stats.norm.sf((edge - grid) / step) + stats.norm.cdf((-edge - grid) / step)
        return float(density @ beyond) - spent

    return float(optimize.brentq(excess, 0.0, _FURTHEST))


def _growing(information: Sequence[float]) -> list[float]:
    """Return sizes relative to the first one, each larger than the one before."""
    sizes: list[float] = []
    for size in information:
        least = sizes[-1] + _LEAST_GROWTH if sizes else 1.0
        sizes.append(max(size / max(information[0], 1e-9), least))
    return sizes
