"""Difference of two shares: Newcombe's interval, Fisher's exact test when small, adjusted and weighted for covariates."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, test_proportions_2indep

from metrics.hypotheses.methods.adjusting import standardised
from metrics.hypotheses.methods.estimates import Bounds, difference_bounds, share_difference
from metrics.hypotheses.methods.finding import Assumption, ComparisonGroup, Estimate, MethodResult
from metrics.hypotheses.methods.units import Clusters, Numbers, booleans, clusters, correlation, numbers
from metrics.hypotheses.methods.weighting import Propensity, Weights, propensity, weighted

SMALL_EXPECTED = 5


def compare(
    sample: pl.DataFrame, covariates: Sequence[str] = (), chance: Propensity | None = None, weights: Weights = "overlap"
) -> MethodResult:
    """Return the difference of the share of events that meet a condition, in percentage points (compared − reference).

    sample: one row per client, group and covariates with `n` events, of which `met` meet it. Without covariates the only
    estimate is the crude difference; with them the adjusted one, the weighted and the crude, in this order. chance: the
    propensity by the covariates, where it has been computed.
    """
    people, group = clusters(sample), booleans(sample, "group")
    n, met = numbers(sample, "n"), numbers(sample, "met")
    counted = [(int(met[group == side].sum()), int(n[group == side].sum())) for side in (1, 0)]
    groups = tuple(
        ComparisonGroup(name, size, 100 * count / size if size else None)
        for name, (count, size) in zip(("compared", "reference"), counted, strict=True)
    )
    if any(one.n == 0 for one in groups):
        return MethodResult("newcombe", (), groups, warnings=("empty_group",))
    assumptions = (people.independence, Assumption("unseen_alike", "not_testable"))
    if people.repeated:
        method, crude = "newcombe_clustered", _clustered(counted, group, n, met, people)
    else:
        method, crude = _independent(*counted)
    if not covariates:
        return MethodResult(method, (crude,), groups, assumptions, warnings=people.few)
    chance = chance or propensity(sample, covariates)
    adjusted, separated = standardised(sample, chance.patterns)
    balanced = weighted(sample, chance, weights)
    return MethodResult(
        "standardised_logistic",
        (adjusted, balanced, crude),
        groups,
        assumptions,
        warnings=(*people.few, *("separation",) * separated),
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


def _clustered(
    counted: Sequence[tuple[int, int]], group: Numbers, n: Numbers, met: Numbers, people: Clusters
) -> Estimate:
    """Return Newcombe's interval from Wilson intervals at effective sample sizes, for clients with several events.

    The cluster-robust covariance of the two shares gives each group's design effect (Rao & Scott 1992), with a t
    quantile for the number of clusters (Korn & Graubard 1998), and the correlation of clients who are in both groups
    (Newcombe's paired method; Zou & Donner 2008). The p value is that of the cluster-robust difference.
    """
    share = [count / size for count, size in counted]
    influence = [
        people.sums((group == side) * (met - p * n) / size)
        for side, p, (_, size) in zip((1, 0), share, counted, strict=True)
    ]
    covariance = np.cov(np.vstack(influence), bias=True) * people.count**2 / max(people.count - 1, 1)
    df = max(people.count - 1, 1)
    quantiles = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, df)) ** 2
    bounds: list[Bounds] = []
    for place, (side, p) in enumerate(zip((1, 0), share, strict=True)):
        size = counted[place][1]
        sizes = people.sums(n * (group == side))
        within = 0 < p < 1
        effect = covariance[place, place] * size / (p * (1 - p)) if within else (sizes**2).sum() / size
        effective = size / max(effect, 1.0) * quantiles
        bounds.append((p, *proportion_confint(p * effective, effective, method="wilson")))
    together = correlation(*influence) if all(0 < one < 1 for one in share) else 0.0
    lower, upper = difference_bounds(bounds[0], bounds[1], together)
    difference = share[0] - share[1]
    error = float(np.sqrt(max(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1], 0.0)))
    told = error > 0 and any(0 < one < 1 for one in share)
    p_value = float(2 * stats.t.sf(abs(difference) / error, df)) if told else float(share[0] == share[1])
    return _estimate(difference, lower, upper, p_value)


def _estimate(value: float, lower: float, upper: float, p: float) -> Estimate:
    return share_difference("crude", (value, lower, upper), p)
