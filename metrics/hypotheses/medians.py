"""Comparison of durations or amounts in two groups: difference of medians, hazard ratio and log-rank test."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from scipy import stats

from metrics.hypotheses.methods import durations
from metrics.hypotheses.methods.finding import Estimate, MethodResult
from metrics.hypotheses.methods.units import Numbers, clusters

LEAST = 10
"""Fewest rows of a group for which a median gets an interval."""
_Z = float(stats.norm.ppf(0.975))


def compare(sample: pl.DataFrame, covariates: Sequence[str] = ()) -> MethodResult:
    """Return the difference of medians and the hazard ratio (Cox regression, log-rank test) of `days` in two groups.

    sample: `group`, `client`, `days` (days or minutes), `cause`, and covariates. With covariates only the hazard ratio
    is estimated, because the difference of medians would not be adjusted for them.
    """
    finding = durations.compare(sample, covariates)
    if not finding.estimates:  # a group is empty, or nothing has happened
        return finding
    ratio, median = finding.estimates[0], None if covariates else difference(sample)
    # Incidences at horizons of months are meaningless for waits of some days or minutes.
    return replace(finding, estimates=(ratio,) if median is None else (median, ratio), curves=())


def difference(sample: pl.DataFrame) -> Estimate | None:
    """Return the difference of the medians of `days`, compared − reference, with its 95 % interval and p value.

    Interval of each median: Woodruff (1952) at the effective number of rows; of the difference: MOVER (Zou & Donner
    2008). None where a group has under `LEAST` rows.
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
    """Return a median, its lower and its upper 95 % bound; None with under `LEAST` rows.

    Several rows of a client count for less: the variance is multiplied by the design effect of clustering at the
    median.
    """
    if rows.height < LEAST:
        return None
    days = rows["days"].to_numpy().astype(np.float64)
    # −1 below the median, 0 at it, 1 above it; ties at the median are common.
    place = np.sign(days - np.median(days))
    rest = place - place.mean()
    sums = np.bincount(clusters(rows), weights=rest)
    effect = (sums**2).sum() / (rest**2).sum() if rest.any() else 1.0
    reach = _Z * math.sqrt(0.25 * max(effect, 1.0) / rows.height)
    return _grouped(days, 0.5), _grouped(days, max(0.5 - reach, 0)), _grouped(days, min(0.5 + reach, 1))


def _grouped(days: Numbers, part: float) -> float:
    """Return a quantile of whole days, interpolated linearly within each day, so that ties do not make it jump."""
    values, counts = np.unique(days, return_counts=True)
    upto = counts.cumsum() / counts.sum()
    place = min(int(np.searchsorted(upto, part)), len(values) - 1)
    before = upto[place - 1] if place else 0.0
    return float(values[place] - 0.5 + (part - before) / (upto[place] - before))
