"""Conversion of fitted models and test results to estimates and assumptions."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy import stats

from metrics.hypotheses.methods.finding import Assumption, EffectMeasure, Estimate, Verdict

LEVEL = 0.05
RATIOS = {"rate_ratio", "odds_ratio", "hazard_ratio"}


def estimate(name: str, measure: EffectMeasure, bounds: Iterable[float], p: float) -> Estimate:
    """Return an estimate from its value, lower and upper bound."""
    value, lower, upper = (float(number) for number in bounds)
    return Estimate(name, measure, value, lower, upper, float(p))


def share_difference(name: str, bounds: Iterable[float], p: float) -> Estimate:
    """Return an estimate in percentage points from a difference of shares 0–1 and its bounds."""
    return estimate(name, "share_difference", (100 * number for number in bounds), p)


Bounds = tuple[float, float, float]
"""A value, its lower and its upper bound."""


def difference_bounds(one: Bounds, other: Bounds, correlation: float) -> tuple[float, float]:
    """Return the interval of a difference from the intervals of its parts (MOVER: Zou & Donner 2008).

    correlation: of the two values, from clients who are in both groups.
    """
    below, above = (one[0] - one[1], other[0] - other[1]), (one[2] - one[0], other[2] - other[0])
    down = below[0] ** 2 + above[1] ** 2 - 2 * correlation * below[0] * above[1]
    up = above[0] ** 2 + below[1] ** 2 - 2 * correlation * above[0] * below[1]
    value = one[0] - other[0]
    return value - float(np.sqrt(max(down, 0.0))), value + float(np.sqrt(max(up, 0.0)))


def of_coefficient(fit: Any, place: int, name: str, measure: EffectMeasure, df: float | None = None) -> Estimate:
    """Return the coefficient at `place` of a statsmodels fit as an estimate with a 95 % t interval.

    df: degrees of freedom, by default those of the fit. Ratios are the exponential of coefficient and bounds.
    """
    value, error = float(fit.params[place]), float(fit.bse[place])
    df = getattr(fit, "df_resid_inference", None) or fit.df_resid if df is None else df
    reach = stats.t.ppf(0.975, df) * error
    p = 2 * stats.t.sf(abs(value) / error, df) if error > 0 else 1.0
    bounds = np.array([value, value - reach, value + reach])
    return estimate(name, measure, np.exp(bounds) if measure in RATIOS else bounds, p)


def checked(name: str, p: float, statistic: float | None = None) -> Assumption:
    """Return an assumption with its test: contradicted when p is below 5 %, else holds."""
    verdict: Verdict = "contradicted" if p < LEVEL else "holds"
    return Assumption(name, verdict, float(p), None if statistic is None else float(statistic))
