"""Comparison of durations or amounts in two groups: difference of medians, hazard ratio and log-rank test."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from metrics.hypotheses.methods import durations
from metrics.hypotheses.methods.estimates import difference_bounds
from metrics.hypotheses.methods.finding import Estimate, MethodResult
from metrics.hypotheses.methods.units import Clusters, Numbers, booleans, clusters, correlation, numbers

LEAST = 10
"""Fewest events of a group for which a median gets an interval."""
_Z = float(stats.norm.ppf(0.975))


def compare(sample: pl.DataFrame, covariates: Sequence[str] = ()) -> MethodResult:
    """Return the difference of medians and the hazard ratio (Cox regression, log-rank test) of `days` in two groups.

    sample: `unit`, `group`, `days` (days or minutes), `cause`, covariates, and `n` events of these. With covariates only
    the hazard ratio is estimated, because the difference of medians would not be adjusted for them.
    """
    finding = durations.compare(sample, covariates, horizons=())
    if not finding.estimates:  # a group is empty, or nothing has happened
        return finding
    ratio, median = finding.estimates[0], None if covariates else difference(sample)
    return replace(finding, estimates=(ratio,) if median is None else (median, ratio), curves=())


def difference(sample: pl.DataFrame) -> Estimate | None:
    """Return the difference of the medians of `days`, compared − reference, with its 95 % interval and p value.

    Interval of each median: Woodruff (1952) at the effective number of events; of the difference: `difference_bounds`,
    with the correlation of the two medians by clients who are in both groups. None where a group has under `LEAST` events.
    """
    people, group = clusters(sample), booleans(sample, "group")
    one, other = (_median(sample, group == side, people) for side in (1, 0))
    if one is None or other is None:
        return None
    value = one.value - other.value
    lower, upper = difference_bounds(one.bounds, other.bounds, correlation(one.influence, other.influence))
    error = (upper - lower) / (2 * _Z)
    p = float(2 * stats.norm.sf(abs(value) / error)) if error else float(value == 0)
    return Estimate("median", "days_difference", value, lower, upper, p)


@dataclass(frozen=True, eq=False)
class _Median:
    """A median, its 95 % bounds, and each client's influence on how much lies below it."""

    value: float
    lower: float
    upper: float
    influence: Numbers

    @property
    def bounds(self) -> tuple[float, float, float]:
        return self.value, self.lower, self.upper


def _median(sample: pl.DataFrame, side: NDArray[np.bool_], people: Clusters) -> _Median | None:
    """Return the median of the rows of a side with its 95 % bounds; None with under `LEAST` events.

    Several events of a client count for less: the variance is multiplied by the design effect of clustering at the
    median.
    """
    n = numbers(sample, "n") * side
    total = int(n.sum())
    if total < LEAST:
        return None
    spread = sample.filter(side).group_by("days").agg(pl.col("n").cast(pl.Int64).sum()).sort("days")
    values, counts = numbers(spread, "days"), numbers(spread, "n")
    upto = counts.cumsum() / total
    low, high = (values[np.searchsorted(upto, 0.5, side=end)] for end in ("left", "right"))
    # −1 below the median, 0 at it, 1 above it; ties at the median are common.
    place = np.sign(numbers(sample, "days") - (low + high) / 2)
    rest = place - np.average(place, weights=n)
    influence = people.sums(n * rest)
    squares = (n * rest**2).sum()
    effect = (influence**2).sum() / squares if squares else 1.0
    reach = _Z * math.sqrt(0.25 * max(effect, 1.0) / total)
    lower, upper = (_at(values, upto, part) for part in (max(0.5 - reach, 0), min(0.5 + reach, 1)))
    return _Median(_at(values, upto, 0.5), lower, upper, influence)


def _at(values: Numbers, upto: Numbers, part: float) -> float:
    """Return a quantile of whole days, interpolated linearly within each day, so that ties do not make it jump."""
    place = min(int(np.searchsorted(upto, part)), len(values) - 1)
    before = upto[place - 1] if place else 0.0
    return float(values[place] - 0.5 + (part - before) / (upto[place] - before))
