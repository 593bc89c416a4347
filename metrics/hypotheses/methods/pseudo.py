"""Jackknife pseudo-values of a cumulative incidence, for regression of a censored outcome."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from metrics.hypotheses.methods.adjusting import squares
from metrics.hypotheses.methods.patterns import patterns
from metrics.hypotheses.methods.units import Clusters, Numbers, booleans, numbers


def pseudo_values(rows: pl.DataFrame, horizon: int) -> Numbers:
    """Return each row's pseudo-value of the Aalen–Johansen estimate at the horizon (Andersen, Klein & Rosthøj 2003).

    rows: `days`, `cause`, and `n` people of these. N F − (N − 1) F₋ᵢ, where F₋ᵢ leaves one person out. Rows with the
    same day and cause share their value, so each pair is computed once.
    """
    kind = rows.select(
        pl.when(pl.col("cause") == "event").then(2).when(pl.col("cause") != "").then(1).otherwise(0).alias("kind")
    )["kind"].to_numpy()
    people, days = numbers(rows, "n"), rows["days"].cast(pl.Int64).to_numpy()
    times = np.minimum(days, horizon + 1)
    kind = np.where(times > horizon, 0, kind)
    pairs, place = np.unique(times * 3 + kind, return_inverse=True)
    grid = np.unique(times)
    spot, total = np.searchsorted(grid, times), people.sum()
    left = np.bincount(spot, weights=people, minlength=len(grid)).cumsum()
    at_risk = total - np.concatenate([[0.0], left[:-1]])
    own, any_cause = (
        np.asarray(np.bincount(spot, weights=people * chosen, minlength=len(grid)), dtype=np.float64)
        for chosen in (kind == 2, kind > 0)
    )
    time, gone = pairs[:, None] // 3, pairs[:, None] % 3
    without = _incidence(
        at_risk - (grid <= time), own - ((grid == time) & (gone == 2)), any_cause - ((grid == time) & (gone > 0))
    )
    whole = _incidence(at_risk[None], own[None], any_cause[None])
    values: Numbers = (total * whole - (total - 1) * without)[place]
    return values


def difference_at(
    sample: pl.DataFrame, covariates: Sequence[str], people: Clusters, horizon: int
) -> tuple[float, float]:
    """Return the adjusted difference of incidence at the horizon and its standard error by client, in percentage points.

    Weighted least squares of pseudo-values on group and covariates.
    """
    outcome, group = np.zeros(sample.height), booleans(sample, "group")
    for side in (0, 1):
        outcome[group == side] = pseudo_values(sample.filter(pl.col("group") == bool(side)), horizon)
    n, found = numbers(sample, "n"), patterns(sample, covariates)
    columns = found.design(found.group)
    inverse = np.linalg.pinv(squares(columns, found.n), hermitian=True)
    sums = np.bincount(found.place, weights=n * outcome, minlength=len(found.n))
    fit = inverse @ (columns.T @ sums)
    rest = outcome - (columns @ fit)[found.place]
    influence = n * rest * (columns @ inverse[:, 1])[found.place]
    return 100 * float(fit[1]), 100 * float(np.sqrt(people.variance(influence)))


def _incidence(at_risk: Numbers, own: Numbers, any_cause: Numbers) -> Numbers:
    """Return the Aalen–Johansen estimate at the end of each row of counts (rows × days)."""
    known = np.maximum(at_risk, 1)
    survival = np.cumprod(1 - any_cause / known, axis=1)
    before = np.column_stack([np.ones(len(survival)), survival[:, :-1]])
    total: Numbers = (before * own / known).sum(axis=1)
    return total
