"""Jackknife pseudo-values of a cumulative incidence, for regression of a censored outcome."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import statsmodels.api as sm

from metrics.hypotheses.methods.units import Codes, Numbers, booleans, design


def pseudo_values(days: Numbers, causes: Sequence[str], horizon: int) -> Numbers:
    """Return each row's pseudo-value of the Aalen–Johansen estimate at the horizon (Andersen, Klein & Rosthøj 2003).

    n F − (n − 1) F₋ᵢ, where F₋ᵢ leaves the row out. Rows with the same day and cause share their value, so each pair is
    computed once.
    """
    kind = np.array([2 if cause == "event" else 1 if cause else 0 for cause in causes])
    times = np.minimum(days, horizon + 1).astype(np.int64)
    kind = np.where(times > horizon, 0, kind)
    pairs, place = np.unique(times * 3 + kind, return_inverse=True)
    grid = np.unique(times)
    at_risk = (len(times) - np.searchsorted(np.sort(times), grid)).astype(np.float64)
    own, any_cause = (
        np.bincount(np.searchsorted(grid, times[chosen]), minlength=len(grid)).astype(np.float64)
        for chosen in (kind == 2, kind > 0)
    )
    time, left = pairs[:, None] // 3, pairs[:, None] % 3
    without = _incidence(
        at_risk - (grid <= time), own - ((grid == time) & (left == 2)), any_cause - ((grid == time) & (left > 0))
    )
    whole = _incidence(at_risk[None], own[None], any_cause[None])
    values: Numbers = (len(times) * whole - (len(times) - 1) * without)[place]
    return values


def regression(sample: pl.DataFrame, covariates: Sequence[str], cluster: Codes, horizon: int) -> Any:
    """Return the least squares fit of pseudo-values, in percent, on group (second column) and covariates; errors by cluster."""
    outcome = np.zeros(sample.height)
    group = booleans(sample, "group")
    for side in (0, 1):
        rows = sample.filter(pl.col("group") == bool(side))
        outcome[group == side] = pseudo_values(
            np.asarray(rows["days"].to_numpy(), dtype=np.float64), rows["cause"].to_list(), horizon
        )
    columns = design(sample, covariates, group)
    return sm.OLS(100 * outcome, columns).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)


def _incidence(at_risk: Numbers, own: Numbers, any_cause: Numbers) -> Numbers:
    """Return the Aalen–Johansen estimate at the end of each row of counts (rows × days)."""
    known = np.maximum(at_risk, 1)
    survival = np.cumprod(1 - any_cause / known, axis=1)
    before = np.column_stack([np.ones(len(survival)), survival[:, :-1]])
    total: Numbers = (before * own / known).sum(axis=1)
    return total
