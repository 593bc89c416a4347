"""Ratio of two numbers of events, with clients as clusters."""

import numpy as np
import polars as pl
from scipy import stats

from metrics.hypotheses.methods.estimates import checked, estimate
from metrics.hypotheses.methods.finding import Assumption, ComparisonGroup, MethodResult
from metrics.hypotheses.methods.units import Numbers, booleans, clusters, numbers

MONTHS_FROM = 6
"""Fewest months whose variation can widen the interval."""


def compare_counts(sample: pl.DataFrame) -> MethodResult:
    """Return the ratio of the events of two groups in the same months, by a Poisson model with clients as clusters.

    sample: one row per client, group and month (`day`) with `n` events. Who comes is a matter of chance, and a client
    who comes brings all of their events: the number is a compound Poisson one, with the sum of the clients' squared
    events as its variance (the cluster-robust one of a Poisson regression on the group), by t with the effective number
    of clusters (Carter, Schnepel & Steigerwald 2017). Where the months' shares of
    the two groups vary more than clients explain, months are the clusters (Liang & Zeger 1986), by t.
    """
    group, n, people = booleans(sample, "group"), numbers(sample, "n"), clusters(sample)
    months = sample["day"].n_unique()
    sizes = [float(n[group == side].sum()) for side in (1, 0)]
    groups = tuple(
        ComparisonGroup(name, int(size), size / months if months else None)
        for name, size in zip(("compared", "reference"), sizes, strict=True)
    )
    if not all(sizes):
        return MethodResult("poisson_clustered", (), groups, warnings=("no_events" if any(sizes) else "empty_group",))
    share = np.where(group == 1, n / sizes[0], -n / sizes[1])
    squares = people.sums(share) ** 2
    variance = float(squares.sum())
    if not variance:  # every client comes to both groups equally often
        return MethodResult("poisson_clustered", (), groups, warnings=("constant_outcome",))
    monthly = _by_month(sample, share)
    variation, spread = float((monthly**2).sum()), Assumption("months_alike", "not_testable")
    # Few clients with many events decide much of the variance: as many clusters as that many alike would be.
    method, df = "poisson_clustered", max(variance**2 / float((squares**2).sum()) - 1, 1.0)
    if months >= MONTHS_FROM:
        ratio = variation / variance
        spread = checked(
            "months_alike", float(stats.chi2.sf(ratio * months, months - 1)), ratio * months / (months - 1)
        )
        if spread.verdict == "contradicted":
            method, df, variance = "poisson_months", months - 1, variation * months / (months - 1)
    level, reach = float(np.log(sizes[0] / sizes[1])), float(stats.t.ppf(0.975, df) * np.sqrt(variance))
    p = float(2 * stats.t.sf(abs(level) / np.sqrt(variance), df))
    bounds = np.exp([level, level - reach, level + reach])
    return MethodResult(
        method,
        (estimate("crude", "rate_ratio", bounds, p),),
        groups,
        (people.independence, spread),
        warnings=people.few,
    )


def _by_month(sample: pl.DataFrame, share: Numbers) -> Numbers:
    """Return the sum of the rows' influence on the logarithm of the ratio in each month."""
    rows = pl.DataFrame({"day": sample["day"], "share": share})
    return numbers(rows.group_by("day").agg(pl.sum("share")).sort("day"), "share")
