"""Difference in differences of municipalities: the change in one against the changes in the others.

Municipalities change in different ways without any reform. The variance of that is estimated from those without the
change, beside the chance of who came in each (random effects), so it needs several of them: two municipalities cannot
tell a reform from what would have happened anyway.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from metrics.hypotheses.methods.before_after import OTHER_CHANGE
from metrics.hypotheses.methods.estimates import LEVEL, RATIOS, estimate
from metrics.hypotheses.methods.finding import Assumption, ComparisonGroup, EffectMeasure, MethodResult
from metrics.hypotheses.methods.units import Numbers, numbers

FEWEST_OTHERS = 6
"""Fewest municipalities without the change from which their own variation is estimated."""
PERMUTED_FROM = 39
"""With so many of them the test is a permutation of municipalities: each stands in for the changed one once."""
CLIENTS_AN_AREA = 25
"""Municipalities with fewer clients before or after the change are left out of the comparison."""
TREND_MONTHS_FROM = 6
_KEYS = ("unit", "place", "area")


@dataclass(frozen=True)
class Difference:
    """The changed municipality's figure minus the others' mean: value, 95 % interval, p value, its standard error."""

    value: float
    lower: float
    upper: float
    p: float
    error: float


def compare(sample: pl.DataFrame, measure: EffectMeasure) -> MethodResult:
    """Return the change in the municipality with the change minus that in the others.

    sample: one row per client, municipality (`place`; `area`: with the change) and month (`day`) with `time` ('before',
    'after'), `n` events, and `met` events that meet a condition (measure `share_difference`: percentage points) or the
    `amount` of each event (`level_change`); for `rate_ratio` the number of events itself changes. With fewer than
    `FEWEST_OTHERS` other municipalities the only uncertainty in the interval is who came, and the assumption `areas_known` is
    contradicted.
    """
    rows = _sums(sample, measure)
    groups = _groups(sample)
    if any(one.n == 0 for one in groups):
        return MethodResult("difference_in_differences", (), groups, warnings=("empty_group",))
    by_area = _changes(rows, measure)
    own, others = by_area.filter("area"), by_area.filter(~pl.col("area"))
    if own.is_empty() or others.is_empty() or not by_area["variance"].sum():
        return MethodResult("difference_in_differences", (), groups, warnings=("constant_outcome",))
    enough = others.height >= FEWEST_OTHERS
    found = against_others(by_area) if enough else _by_clients(own, others)
    bounds = np.array([found.value, found.lower, found.upper])
    permuted = others.height >= PERMUTED_FROM
    return MethodResult(
        ("difference_in_differences_permuted" if permuted else "difference_in_differences_areas")
        if enough
        else "difference_in_differences",
        (estimate("crude", measure, np.exp(bounds) if measure in RATIOS else bounds, found.p),),
        groups,
        (
            Assumption("areas_known", "holds" if enough else "contradicted"),
            _trends(rows, measure) if enough else Assumption("parallel_trends", "not_testable"),
            OTHER_CHANGE,
        ),
        warnings=() if enough else ("few_areas",),
    )


def changes(sample: pl.DataFrame, measure: EffectMeasure) -> pl.DataFrame:
    """Return the change of each municipality (see `of_areas`), of numbers in logarithms. sample, measure: as in `compare`."""
    return _changes(_sums(sample, measure), measure)


def _changes(rows: pl.DataFrame, measure: EffectMeasure) -> pl.DataFrame:
    return of_areas(rows, partial(_change, ratio=measure in RATIOS))


def against_others(figures: pl.DataFrame) -> Difference:
    """Return the changed municipality's figure against the others' with the variation between municipalities taken in.

    figures: `value` and its `variance` by municipality, `area` true for the changed one. Random effects by Paule and
    Mandel's method; the interval is the prediction interval of one more municipality (Higgins, Thompson & Spiegelhalter
    2009), by t, or from `PERMUTED_FROM` others by the distribution over municipalities, each taken as the changed one
    (Ferman & Pinto 2019).
    """
    value, variance, area = numbers(figures, "value"), numbers(figures, "variance"), figures["area"].to_numpy()
    others = int((~area).sum())
    gap, error = _one_against(value, variance, int(np.flatnonzero(area)[0]), ~area)
    if others < PERMUTED_FROM:
        limit = float(stats.t.ppf(1 - LEVEL / 2, others - 1))
        p = float(2 * stats.t.sf(abs(gap) / error, others - 1))
    else:
        placebo = []
        for place in np.flatnonzero(~area):
            rest = ~area
            rest[place] = False
            one, its_error = _one_against(value, variance, int(place), rest)
            placebo.append(abs(one) / its_error)
        ranked = np.sort(placebo)
        # The changed municipality counts among the ranks: P(its rank is beyond the limit) ≤ 5 %.
        limit = float(ranked[min(int(np.ceil((1 - LEVEL) * (others + 1))), others) - 1])
        p = float((1 + (ranked >= abs(gap) / error).sum()) / (others + 1))
    return Difference(gap, gap - limit * error, gap + limit * error, p, error)


def of_areas(rows: pl.DataFrame, figure: "partial[tuple[float, float]]") -> pl.DataFrame:
    """Return a figure and its variance by client for each municipality with enough clients at both times.

    rows: sums per client (see `_sums`); figure: from the rows of one municipality, a value and its variance.
    """
    found = []
    by_area = rows.group_by("place", "area", maintain_order=True)
    sizes = by_area.agg(
        pl.col("unit").filter(pl.col(name) > 0).n_unique().alias(name) for name in ("n_before", "n_after")
    )
    for ((place, area), own), (_, _, *size) in zip(by_area, sizes.rows(), strict=True):
        if min(size) >= (1 if area else CLIENTS_AN_AREA):
            value, variance = figure(own)
            found.append((place, area, value, variance))
    schema = {"place": pl.String, "area": pl.Boolean, "value": pl.Float64, "variance": pl.Float64}
    return pl.DataFrame(found, schema, orient="row").filter(pl.col("value").is_finite()).sort("place")


def _sums(sample: pl.DataFrame, measure: EffectMeasure) -> pl.DataFrame:
    """Return sums per client and municipality: events and outcomes before and after, and by month `t` before the change."""
    outcome = {"share_difference": 100.0 * pl.col("met"), "level_change": pl.col("amount") * pl.col("n")}.get(
        measure, pl.col("n")
    )
    month = (pl.col("day").dt.year() * 12 + pl.col("day").dt.month()).cast(pl.Float64)
    before = pl.col("time") == "before"
    n, y = pl.col("n").cast(pl.Float64), outcome.cast(pl.Float64)
    sums = {"n": n, "y": y, "tn": month * n, "ty": month * y, "ttn": month * month * n}
    return sample.group_by(_KEYS).agg(
        *(value.filter(before).sum().alias(f"{name}_before") for name, value in sums.items()),
        *(sums[name].filter(~before).sum().alias(f"{name}_after") for name in ("n", "y")),
    ).sort(_KEYS)  # fmt: skip


def _change(rows: pl.DataFrame, *, ratio: bool) -> tuple[float, float]:
    """Return the change of a municipality's mean, or with `ratio` of the logarithm of its number, and its variance."""
    n, y, n0, y0 = (numbers(rows, name) for name in ("n_after", "y_after", "n_before", "y_before"))
    if ratio:
        value = np.log(n.sum()) - np.log(n0.sum())
        return float(value), _variance(rows, n / n.sum() - n0 / n0.sum())
    mean, mean0 = y.sum() / n.sum(), y0.sum() / n0.sum()
    return float(mean - mean0), _variance(rows, (y - mean * n) / n.sum() - (y0 - mean0 * n0) / n0.sum())


def _slope(rows: pl.DataFrame, *, ratio: bool) -> tuple[float, float]:
    """Return the slope per month before the change, by least squares, and its variance; of numbers relative to their mean."""
    n, y, tn, ty, ttn = (numbers(rows, f"{name}_before") for name in ("n", "y", "tn", "ty", "ttn"))
    middle = tn.sum() / n.sum()
    if ratio:  # months weigh alike: the trend of a number is the drift of the events' mean month
        spread = (ttn - 2 * middle * tn + middle**2 * n).sum() / n.sum()
        influence = (tn - middle * n) / n.sum()
        return float(middle / spread), _variance(rows, influence) / spread**2
    spread = (ttn - 2 * middle * tn + middle**2 * n).sum()
    if spread <= 0:
        return float("nan"), 0.0
    slope = float((ty - middle * y).sum() / spread)
    mean = y.sum() / n.sum()
    own = ty - middle * y - mean * (tn - middle * n) - slope * (ttn - 2 * middle * tn + middle**2 * n)
    return slope, _variance(rows, own / spread)


def _variance(rows: pl.DataFrame, influence: Numbers) -> float:
    """Return the variance from the clients' influence; rows are one per client of a municipality."""
    return float((influence**2).sum()) * rows.height / max(rows.height - 1, 1)


def _one_against(value: Numbers, variance: Numbers, place: int, others: Numbers) -> tuple[float, float]:
    """Return one municipality's value minus the others' mean, and the standard error of one more municipality's."""
    rest, spread = value[others], np.maximum(variance[others], 1e-12)
    between = float(combine_effects(rest, spread, method_re="iterated").tau2)
    weight = 1 / (spread + between)
    mean = float((weight * rest).sum() / weight.sum())
    return float(value[place] - mean), float(np.sqrt(between + variance[place] + 1 / weight.sum()))


def _by_clients(own: pl.DataFrame, others: pl.DataFrame) -> Difference:
    """Return the difference to the mean of too few others, with the chance of who came only."""
    value = float(own["value"][0] - others["value"].mean())
    error = float(np.sqrt(own["variance"][0] + others["variance"].sum() / others.height**2))
    reach = float(stats.norm.ppf(1 - LEVEL / 2)) * error
    return Difference(value, value - reach, value + reach, float(2 * stats.norm.sf(abs(value) / error)), error)


def _trends(rows: pl.DataFrame, measure: EffectMeasure) -> Assumption:
    """Return the test of parallel trends: the slope before the change against the other municipalities' slopes."""
    n = rows.select(pl.sum("n_before", "tn_before", "ttn_before")).row(0)
    months = np.sqrt(12 * max(n[2] / n[0] - (n[1] / n[0]) ** 2, 0.0)) if n[0] else 0.0  # length of an even spread
    slopes = of_areas(rows, partial(_slope, ratio=measure in RATIOS))
    if months < TREND_MONTHS_FROM - 1 or slopes.filter("area").is_empty() or (~slopes["area"]).sum() < FEWEST_OTHERS:
        return Assumption("parallel_trends", "not_testable")
    found = against_others(slopes)
    return Assumption(
        "parallel_trends", "contradicted" if found.p < LEVEL else "holds", found.p, found.value / found.error
    )


def _groups(sample: pl.DataFrame) -> tuple[ComparisonGroup, ...]:
    return tuple(
        ComparisonGroup(
            f"{name}_{time}", int(sample.filter((pl.col("area") == side) & (pl.col("time") == time))["n"].sum())
        )
        for name, side in (("compared", True), ("reference", False))
        for time in ("before", "after")
    )
