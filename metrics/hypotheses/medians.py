"""Comparison of durations or amounts in two groups: difference of medians, hazard ratio and log-rank test."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from scipy import stats

from metrics.hypotheses.methods import durations
from metrics.hypotheses.methods.finding import Estimate, MethodResult
from metrics.hypotheses.methods.units import Numbers, clusters, numbers

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

    Interval of each median: Woodruff (1952) at the effective number of events; of the difference: MOVER (Zou & Donner
    2008). None where a group has under `LEAST` events.
    """
    one, other = (_median(sample.filter(pl.col("group") == side)) for side in (True, False))
    if one is None or other is None:
        return None
    value = one[0] - other[0]
    # MOVER (Zou & Donner 2008): the interval of a difference from the intervals of its parts.
    lower = value - math.hypot(one[0] - one[1], other[2] - other[0])
    upper = value + math.hypot(one[2] - one[0], other[0] - other[1])
    error = (upper - lower) / (2 * _Z)
    p = float(2 * stats.norm.sf(abs(value) / error)) if error else float(value == 0)
    return Estimate("median", "days_difference", value, lower, upper, p)


def _median(rows: pl.DataFrame) -> tuple[float, float, float] | None:
    """Return a median, its lower and its upper 95 % bound; None with under `LEAST` events.

    Several events of a client count for less: the variance is multiplied by the design effect of clustering at the
    median.
    """
    total = int(rows["n"].sum())
    if total < LEAST:
        return None
    spread = rows.group_by("days").agg(pl.col("n").cast(pl.Int64).sum()).sort("days")
    values, counts = numbers(spread, "days"), numbers(spread, "n")
    days, n = numbers(rows, "days"), numbers(rows, "n")
    upto = counts.cumsum() / total
    low, high = (values[np.searchsorted(upto, 0.5, side=side)] for side in ("left", "right"))
    # −1 below the median, 0 at it, 1 above it; ties at the median are common.
    place = np.sign(days - (low + high) / 2)
    rest = place - np.average(place, weights=n)
    sums = clusters(rows).sums(n * rest)
    squares = (n * rest**2).sum()
    effect = (sums**2).sum() / squares if squares else 1.0
    reach = _Z * math.sqrt(0.25 * max(effect, 1.0) / total)
    return _at(values, upto, 0.5), _at(values, upto, max(0.5 - reach, 0)), _at(values, upto, min(0.5 + reach, 1))


def _at(values: Numbers, upto: Numbers, part: float) -> float:
    """Return a quantile of whole days, interpolated linearly within each day, so that ties do not make it jump."""
    place = min(int(np.searchsorted(upto, part)), len(values) - 1)
    before = upto[place - 1] if place else 0.0
    return float(values[place] - 0.5 + (part - before) / (upto[place] - before))
