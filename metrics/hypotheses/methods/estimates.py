"""From the numbers of a fitted model to an estimate."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from metrics.hypotheses.finding import Assumption, Estimate, Measure, Verdict

LEVEL = 0.05


def estimate(name: str, measure: Measure, bounds: Iterable[float], p: float) -> Estimate:
    """An estimate of (value, lower, upper)."""
    value, lower, upper = (float(number) for number in bounds)
    return Estimate(name, measure, value, lower, upper, float(p))


def share_difference(name: str, bounds: Iterable[float], p: float) -> Estimate:
    """A difference of shares 0-1, as percentage points."""
    return estimate(name, "share_difference", (100 * number for number in bounds), p)


def of_coefficient(fit: Any, place: int, name: str, measure: Measure) -> Estimate:
    """A coefficient of a statsmodels fit with its interval; ratios are the exponent of theirs."""
    bounds = np.array([fit.params[place], *np.asarray(fit.conf_int())[place]])
    ratio = measure in {"rate_ratio", "odds_ratio", "hazard_ratio"}
    return estimate(name, measure, np.exp(bounds) if ratio else bounds, fit.pvalues[place])


def checked(name: str, p: float, statistic: float | None = None) -> Assumption:
    """An assumption and its test: contradicted when the test rejects it at 5 %."""
    verdict: Verdict = "contradicted" if p < LEVEL else "holds"
    return Assumption(name, verdict, float(p), None if statistic is None else float(statistic))
