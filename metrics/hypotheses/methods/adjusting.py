"""Covariate adjustment by regression: shares standardised over the covariate distribution of the whole sample."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats
from scipy.special import expit, log_expit, logit

from metrics.hypotheses.methods.estimates import share_difference
from metrics.hypotheses.methods.finding import Estimate
from metrics.hypotheses.methods.patterns import Patterns
from metrics.hypotheses.methods.units import Clusters, Numbers, clusters, numbers

_SEPARATED_FROM = 12.0
"""A logistic coefficient beyond this is taken as divergent: a covariate separates the outcomes."""
_MOST_STEPS, _LONGEST_STEP, _NEAR = 60, 4.0, 1e-12
_BLOCK, _AT_ONCE = 1 << 15, 1 << 17
"""Rows of a design that are taken together, and multiplications of one product: from 2¹⁸ on OpenBLAS uses threads."""


def standardised(sample: pl.DataFrame, found: Patterns) -> tuple[Estimate, bool]:
    """Return the standardised difference of shares (g-computation with a logistic regression), and whether there is separation.

    found: the sample's patterns.
    The 95 % interval is by the delta method with clients as clusters: each event's influence through the coefficients
    and through the covariate distribution (Robins 1986; Stefanski & Boos 2002).
    """
    n, met, columns = found.n, numbers(found.frame, "met"), found.design(found.group)
    fit = fitted(met, n, columns)
    values, line = expit(columns @ fit.coefficients), columns @ fit.coefficients - found.group * fit.coefficients[1]
    share, share0 = expit(line + fit.coefficients[1]), expit(line)
    total = n.sum()
    difference = float((n * (share - share0)).sum() / total)
    slope, slope0 = n * share * (1 - share), n * share0 * (1 - share0)
    gradient = columns.T @ (slope - slope0)
    gradient[1] = slope.sum()
    lead = leading(columns, values, n, gradient / total)
    own = share - share0 - difference - values * lead
    events, successes = numbers(sample, "n"), numbers(sample, "met")
    influence = (events * own[found.place] + successes * lead[found.place]) / total
    return from_influence("adjusted", difference, influence, clusters(sample)), fit.separated


@dataclass(frozen=True, eq=False)
class Logistic:
    """Coefficients of a logistic regression, and whether a covariate separates the outcomes."""

    coefficients: Numbers
    separated: bool


def fitted(met: Numbers, n: Numbers, columns: Numbers) -> Logistic:
    """Return a logistic regression fitted by iteratively reweighted least squares.

    met, n: events that meet the condition, and all, of each row of the design. Under separation it does not fail but
    ends with large coefficients. Only sums of k × k are made: statsmodels' GLM copies the design several times, which is
    gigabytes for a million events.
    """
    coefficients, likelihood = np.zeros(columns.shape[1]), -np.inf
    coefficients[0] = logit(np.clip(met.sum() / n.sum(), 1e-6, 1 - 1e-6))
    for _ in range(_MOST_STEPS):
        line = columns @ coefficients
        before, likelihood = likelihood, float(met @ log_expit(line) + (n - met) @ log_expit(-line))
        if likelihood - before < _NEAR * n.sum():
            break
        values = expit(line)
        information = squares(columns, n * values * (1 - values))
        step = np.linalg.pinv(information, hermitian=True) @ (columns.T @ (met - n * values))
        coefficients = coefficients + step * min(1.0, _LONGEST_STEP / max(float(np.abs(columns @ step).max()), 1e-9))
    return Logistic(coefficients, bool(np.abs(coefficients).max() > _SEPARATED_FROM))


def leading(columns: Numbers, values: Numbers, n: Numbers, gradient: Numbers) -> Numbers:
    """Return for each row of the design by how much an event's residual moves an estimate through the coefficients.

    values: fitted shares; n: events; gradient: of the estimate by the coefficients. Times the number of events.
    """
    information = squares(columns, n * values * (1 - values)) / n.sum()
    moved: Numbers = columns @ (np.linalg.pinv(information, hermitian=True) @ gradient)
    return moved


def squares(columns: Numbers, weights: Numbers) -> Numbers:
    """Return X'WX as a sum of the products of small blocks of rows.

    A larger product is divided among threads that wait for each other: where other work has the cores, that takes a hundred
    times as long.
    """
    terms = columns.shape[1]
    rows = max(_AT_ONCE // terms**2, 1)
    total, many = np.zeros((terms, terms)), max(_BLOCK // rows, 1) * rows
    for start in range(0, len(columns), many):
        block = columns[start : start + many]
        weighted, whole = block * weights[start : start + many, None], len(block) // rows * rows
        left, right = (one[:whole].reshape(-1, rows, terms) for one in (weighted, block))
        total += np.matmul(left.transpose(0, 2, 1), right).sum(axis=0)
        total += np.einsum("ij,ik->jk", weighted[whole:], block[whole:])
    return total


def from_influence(name: str, difference: float, influence: Numbers, people: Clusters) -> Estimate:
    """Return a difference of shares with its t interval, from each row's influence on it, summed by client."""
    error, df = float(np.sqrt(people.variance(influence))), max(people.count - 1, 1)
    reach = float(stats.t.ppf(0.975, df)) * error
    p = float(2 * stats.t.sf(abs(difference) / error, df)) if error > 0 else 1.0
    return share_difference(name, (difference, difference - reach, difference + reach), p)
