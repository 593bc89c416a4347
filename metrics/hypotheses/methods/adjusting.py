"""Covariate adjustment by regression: shares standardised over the covariate distribution of the whole sample."""

import warnings
from collections.abc import Sequence

import numpy as np
import polars as pl
import statsmodels.api as sm
from scipy import stats

from metrics.hypotheses.methods.estimates import share_difference
from metrics.hypotheses.methods.finding import Estimate
from metrics.hypotheses.methods.units import Codes, Numbers, booleans, clusters, design

_SEPARATED_FROM = 12.0
"""A logistic coefficient beyond this is taken as divergent: a covariate separates the outcomes."""


def standardised(sample: pl.DataFrame, covariates: Sequence[str]) -> tuple[Estimate, bool]:
    """Return the standardised difference of shares (g-computation with a logistic regression), and whether there is separation.

    The 95 % interval is by the delta method with clients as clusters: each row's influence through the coefficients and
    through the covariate distribution (Robins 1986; Stefanski & Boos 2002).
    """
    group, outcome = booleans(sample, "group"), booleans(sample, "outcome")
    columns = design(sample, covariates, group)
    fit = fitted(outcome, columns)
    values = np.asarray(fit.predict(columns))
    separated = bool(np.abs(fit.params).max() > _SEPARATED_FROM or not fit.converged)
    treated, untreated = columns.copy(), columns.copy()
    treated[:, 1], untreated[:, 1] = 1, 0
    share, share0 = np.asarray(fit.predict(treated)), np.asarray(fit.predict(untreated))
    gradient = ((share * (1 - share))[:, None] * treated - (share0 * (1 - share0))[:, None] * untreated).mean(axis=0)
    difference = float((share - share0).mean())
    influence = share - share0 - difference + coefficient_influence(columns, values, outcome) @ gradient
    return from_influence("adjusted", difference, influence, clusters(sample)), separated


def fitted(outcome: Numbers, columns: Numbers) -> sm.GLM:
    """Return a logistic regression fitted by iteratively reweighted least squares.

    outcome: 0/1, n values; columns: n × k design. Under separation it does not fail but ends with large coefficients.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation is detected by the size of the coefficients
        return sm.GLM(outcome, columns, family=sm.families.Binomial()).fit(maxiter=50)


def coefficient_influence(columns: Numbers, values: Numbers, outcome: Numbers) -> Numbers:
    """Return the influence of each row (n × k) on the coefficients of a logistic regression with the given fitted values."""
    information = (columns * (values * (1 - values))[:, None]).T @ columns / len(outcome)
    influence: Numbers = (columns * (outcome - values)[:, None]) @ np.linalg.pinv(information, hermitian=True)
    return influence


def from_influence(name: str, difference: float, influence: Numbers, cluster: Codes) -> Estimate:
    """Return a difference of shares with its t interval, from the rows' influence values summed by cluster."""
    sums = np.bincount(cluster, weights=influence)
    count = len(sums)
    error = float(np.sqrt((sums**2).sum() * count / max(count - 1, 1))) / len(influence)
    df = max(count - 1, 1)
    reach = float(stats.t.ppf(0.975, df)) * error
    p = float(2 * stats.t.sf(abs(difference) / error, df)) if error > 0 else 1.0
    bounds = (difference, difference - reach, difference + reach)
    return share_difference(name, bounds, p)
