"""From the numbers of a fitted model to an estimate."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy import stats

from metrics.hypotheses.methods.finding import Assumption, EffectMeasure, Estimate, Verdict

LEVEL = 0.05
RATIOS = {"rate_ratio", "odds_ratio", "hazard_ratio"}


def estimate(name: str, measure: EffectMeasure, bounds: Iterable[float], p: float) -> Estimate:
    """An estimate of (value, lower, upper)."""
    value, lower, upper = (float(number) for number in bounds)
    return Estimate(name, measure, value, lower, upper, float(p))


def share_difference(name: str, bounds: Iterable[float], p: float) -> Estimate:
    """A difference of shares 0-1, as percentage points."""
    return estimate(name, "share_difference", (100 * number for number in bounds), p)


def of_coefficient(fit: Any, place: int, name: str, measure: EffectMeasure, df: float | None = None) -> Estimate:
    """A coefficient of a statsmodels fit with a t interval (`df`: its degrees of freedom, when the fit knows none).

    Ratios are exponents of theirs.
    """
    value, error = float(fit.params[place]), float(fit.bse[place])
    df = getattr(fit, "df_resid_inference", None) or fit.df_resid if df is None else df
    reach = stats.t.ppf(0.975, df) * error
    p = 2 * stats.t.sf(abs(value) / error, df) if error > 0 else 1.0
    bounds = np.array([value, value - reach, value + reach])
    return estimate(name, measure, np.exp(bounds) if measure in RATIOS else bounds, p)


def checked(name: str, p: float, statistic: float | None = None) -> Assumption:
    """An assumption and its test: contradicted when the test rejects it at 5 %."""
    verdict: Verdict = "contradicted" if p < LEVEL else "holds"
    return Assumption(name, verdict, float(p), None if statistic is None else float(statistic))
