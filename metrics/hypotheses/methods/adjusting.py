"""Adjustment by regression: what the shares would be if both groups had the covariates of the whole sample."""

import warnings
from collections.abc import Sequence

import numpy as np
import polars as pl
import statsmodels.api as sm
from scipy import stats

from metrics.hypotheses.methods.estimates import share_difference
from metrics.hypotheses.methods.finding import Estimate
from metrics.hypotheses.methods.units import Codes, Numbers, booleans, clusters, design

_RUNAWAY = 12.0
"""A logistic coefficient beyond this is on its way to infinity: a value of a covariate decides the outcome."""


def standardised(sample: pl.DataFrame, covariates: Sequence[str]) -> tuple[Estimate, bool]:
    """Difference of shares standardised over the sample (g-computation from a logistic regression), and separation.

    The interval is the delta method's with clients as clusters: influence of each row through the coefficients and
    through the covariates it brings (Robins 1986; Stefanski & Boos 2002).
    """
    group, outcome = booleans(sample, "group"), booleans(sample, "outcome")
    columns = design(sample, covariates, group)
    fit = fitted(outcome, columns)
    values = np.asarray(fit.predict(columns))
    separated = bool(np.abs(fit.params).max() > _RUNAWAY or not fit.converged)
    treated, untreated = columns.copy(), columns.copy()
    treated[:, 1], untreated[:, 1] = 1, 0
    share, share0 = np.asarray(fit.predict(treated)), np.asarray(fit.predict(untreated))
    gradient = ((share * (1 - share))[:, None] * treated - (share0 * (1 - share0))[:, None] * untreated).mean(axis=0)
    difference = float((share - share0).mean())
    influence = share - share0 - difference + through(columns, values, outcome) @ gradient
    return from_influence("adjusted", difference, influence, clusters(sample)), separated


def fitted(outcome: Numbers, columns: Numbers) -> sm.GLM:
    """A logistic regression by iterated least squares: it ends with large coefficients where a covariate separates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the size of the coefficients tells the same
        return sm.GLM(outcome, columns, family=sm.families.Binomial()).fit(maxiter=50)


def through(columns: Numbers, values: Numbers, outcome: Numbers) -> Numbers:
    """Influence of each row on the coefficients of a logistic regression with these fitted values."""
    information = (columns * (values * (1 - values))[:, None]).T @ columns / len(outcome)
    influence: Numbers = (columns * (outcome - values)[:, None]) @ np.linalg.pinv(information, hermitian=True)
    return influence


def from_influence(name: str, difference: float, influence: Numbers, cluster: Codes) -> Estimate:
    """A difference of shares with a t interval from influences summed by client."""
    sums = np.bincount(cluster, weights=influence)
    count = len(sums)
    error = float(np.sqrt((sums**2).sum() * count / max(count - 1, 1))) / len(influence)
    df = max(count - 1, 1)
    reach = float(stats.t.ppf(0.975, df)) * error
    p = float(2 * stats.t.sf(abs(difference) / error, df)) if error > 0 else 1.0
    bounds = (difference, difference - reach, difference + reach)
    return share_difference(name, bounds, p)
