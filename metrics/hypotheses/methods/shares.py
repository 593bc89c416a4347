"""Difference of two shares: Newcombe's interval, Fisher's exact test when small, adjusted and weighted for covariates."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, test_proportions_2indep

from metrics.hypotheses.methods.adjusting import standardised
from metrics.hypotheses.methods.estimates import share_difference
from metrics.hypotheses.methods.finding import Assumption, ComparisonGroup, Estimate, MethodResult
from metrics.hypotheses.methods.units import Codes, Numbers, booleans, clusters, few, independence, repeated
from metrics.hypotheses.methods.weighting import weighted

Weights = Literal["overlap", "inverse"]
SMALL_EXPECTED = 5


def compare(sample: pl.DataFrame, covariates: Sequence[str] = (), weights: Weights = "overlap") -> MethodResult:
    """Return the difference of the share of `outcome` between two groups, in percentage points (compared − reference).

    Without covariates the only estimate is the crude difference; with them the adjusted one, the weighted and the
    crude, in this order.
    """
    group, outcome, cluster = booleans(sample, "group"), booleans(sample, "outcome"), clusters(sample)
    counted = [(int(outcome[group == side].sum()), int((group == side).sum())) for side in (1, 0)]
    groups = tuple(
        ComparisonGroup(name, n, 100 * count / n if n else None)
        for name, (count, n) in zip(("compared", "reference"), counted, strict=True)
    )
    if any(one.n == 0 for one in groups):
        return MethodResult("newcombe", (), groups, warnings=("empty_group",))
    assumptions = (independence(cluster), Assumption("unseen_alike", "not_testable"))
    warnings = list(few(cluster))
    if repeated(cluster):
        method, crude = "newcombe_clustered", _clustered(group, outcome, cluster)
    else:
        method, crude = _independent(*counted)
    if not covariates:
        return MethodResult(method, (crude,), groups, assumptions, warnings=tuple(warnings))
    adjusted, separated = standardised(sample, covariates)
    balanced = weighted(sample, covariates, weights)
    warnings += ["separation"] * separated + ["overlap_poor"] * balanced.poor
    return MethodResult(
        "standardised_logistic",
        (adjusted, balanced.estimate, crude),
        groups,
        (*assumptions, *balanced.assumptions),
        balance=balanced.balance,
        warnings=tuple(warnings),
    )


def _independent(compared: tuple[int, int], reference: tuple[int, int]) -> tuple[str, Estimate]:
    """Return method code and estimate: Newcombe's interval (1998, method 10) with the score test.

    When an expected count is under 5, Fisher's exact test replaces the score test.
    """
    (count, n), (count0, n0) = compared, reference
    lower, upper = confint_proportions_2indep(count, n, count0, n0, method="newcomb", compare="diff")
    table = np.array([[count, n - count], [count0, n0 - count0]])
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    if expected.min() < SMALL_EXPECTED:
        method, p = "fisher", stats.fisher_exact(table).pvalue
    else:
        with np.errstate(divide="ignore"):  # statsmodels computes ratios too, which are not used
            test = test_proportions_2indep(count, n, count0, n0, method="score", compare="diff")
        method, p = "newcombe", test.pvalue
    return method, _estimate(count / n - count0 / n0, lower, upper, p)


def _clustered(group: Numbers, outcome: Numbers, cluster: Codes) -> Estimate:
    """Return Newcombe's interval from Wilson intervals at effective sample sizes, for clients with several rows.

    The cluster-robust covariance of the two shares gives each group's design effect (Rao & Scott 1992), with a t
    quantile for the number of clusters (Korn & Graubard 1998), and the correlation of clients who are in both groups
    (Newcombe's paired method; Zou & Donner 2008). The p value is that of the cluster-robust difference.
    """
    fit = sm.OLS(outcome, np.column_stack([group, 1 - group])).fit(
        cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True
    )
    covariance = np.asarray(fit.cov_params())
    df = max(len(np.unique(cluster)) - 1, 1)
    quantiles = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, df)) ** 2
    share: list[float] = []
    below: list[float] = []
    above: list[float] = []
    for side, place in ((1, 0), (0, 1)):
        n, p = (group == side).sum(), float(outcome[group == side].mean())
        sizes = np.bincount(cluster[group == side])
        within = 0 < p < 1
        effect = covariance[place, place] * n / (p * (1 - p)) if within else (sizes**2).sum() / n
        effective = n / max(effect, 1.0) * quantiles
        low, high = proportion_confint(p * effective, effective, method="wilson")
        share, below, above = [*share, p], [*below, p - low], [*above, high - p]
    # The variance of a share of exactly 0 or 1 is zero but for floating point error.
    scale = float(np.sqrt(covariance[0, 0] * covariance[1, 1])) if all(0 < one < 1 for one in share) else 0.0
    correlation = float(covariance[0, 1]) / scale if scale else 0.0
    difference = share[0] - share[1]
    down = below[0] ** 2 + above[1] ** 2 - 2 * correlation * below[0] * above[1]
    up = above[0] ** 2 + below[1] ** 2 - 2 * correlation * above[0] * below[1]
    p_value = float(fit.t_test([1, -1]).pvalue) if any(0 < one < 1 for one in share) else float(share[0] == share[1])
    return _estimate(difference, difference - np.sqrt(max(down, 0)), difference + np.sqrt(max(up, 0)), p_value)


def _estimate(value: float, lower: float, upper: float, p: float) -> Estimate:
    return share_difference("crude", (value, lower, upper), p)
