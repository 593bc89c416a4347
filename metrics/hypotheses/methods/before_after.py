"""Before–after designs: difference in differences with a comparison area, and interrupted time series."""

import math

import numpy as np
import polars as pl
import statsmodels.api as sm
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.stats.stattools import durbin_watson

from metrics.hypotheses.methods.autoregression import AutoregressiveRegression
from metrics.hypotheses.methods.estimates import checked, of_coefficient
from metrics.hypotheses.methods.finding import Assumption, ComparisonGroup, EffectMeasure, MethodResult
from metrics.hypotheses.methods.units import (
    FEW_CLUSTERS,
    Codes,
    Numbers,
    booleans,
    clusters,
    independence,
    numbers,
)

AREAS_FROM = 10
"""From this many areas on (column `cluster`), errors are clustered by area; with fewer, by client."""
AREAS_A_SIDE = 20
"""With fewer areas than this on either side, clustered errors are too small, so the mean changes of areas are compared."""
TREND_MONTHS_FROM = 3
MONTHS_BEFORE, MONTHS_AFTER = 8, 4
SEASON_FROM = 24
_OTHER_CHANGE = Assumption("no_other_change", "not_testable")


def difference_in_differences(sample: pl.DataFrame) -> MethodResult:
    """Return the change in the area with the change minus that elsewhere, by least squares with clustered errors.

    Columns `outcome` (Boolean: percentage points, by a linear probability model; else a number), `area` (true:
    changed), `time` ('before', 'after') and `client` or `cluster`; with `day` the trends before the change are tested
    for being parallel. Errors are clustered by client, or by area when there are many. In between, the mean changes of
    whole areas are compared by t (Donald & Lang 2007): with two areas that changed, clustered errors reject a true null
    16–19 % of the time.
    """
    share = sample["outcome"].dtype == pl.Boolean
    measure: EffectMeasure = "share_difference" if share else "level_change"
    outcome = 100 * booleans(sample, "outcome") if share else numbers(sample, "outcome")
    area = booleans(sample, "area")
    after = np.asarray((sample["time"] == "after").to_numpy(), dtype=np.float64)
    cells = {
        f"{name}_{time}": outcome[(area == side) & (after == when)]
        for name, side in (("compared", 1), ("reference", 0))
        for time, when in (("before", 0), ("after", 1))
    }
    groups = tuple(
        ComparisonGroup(name, len(cell), float(cell.mean()) if len(cell) else None) for name, cell in cells.items()
    )
    if any(one.n == 0 for one in groups):
        return MethodResult("difference_in_differences", (), groups, warnings=("empty_group",))
    if np.ptp(outcome) == 0:
        return MethodResult("difference_in_differences", (), groups, warnings=("constant_outcome",))
    assumptions = (independence(clusters(sample)), _OTHER_CHANGE)
    changes = _area_changes(sample, outcome)
    by_area = changes.height >= AREAS_FROM
    trends = _trends(sample, outcome, area, after == 0, clusters(sample, "cluster" if by_area else "client"))
    sides = (changes["area"].sum(), (~changes["area"]).sum())
    if by_area and 0 < min(sides) < AREAS_A_SIDE:
        apart = sm.OLS(numbers(changes, "change"), sm.add_constant(booleans(changes, "area"))).fit()
        found = of_coefficient(apart, 1, "crude", measure)
        return MethodResult("difference_in_differences_areas", (found,), groups, (trends, *assumptions))
    cluster = clusters(sample, "cluster" if by_area else "client")
    columns = np.column_stack([np.ones(len(area)), area, after, area * after])
    fit = sm.OLS(outcome, columns).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    return MethodResult(
        "difference_in_differences",
        (of_coefficient(fit, 3, "crude", measure),),
        groups,
        (trends, *assumptions),
        warnings=("few_clusters",) * bool(len(np.unique(cluster)) < FEW_CLUSTERS),
    )


def _area_changes(sample: pl.DataFrame, outcome: Numbers) -> pl.DataFrame:
    """Return the change of the mean of each area (`cluster`) that has rows both before and after."""
    if "cluster" not in sample.columns:
        return pl.DataFrame(schema={"area": pl.Boolean, "change": pl.Float64})
    mean = (
        pl.col("numbers").filter(pl.col("time") == "after").mean()
        - pl.col("numbers").filter(pl.col("time") == "before").mean()
    )
    rows = sample.with_columns(pl.Series("numbers", outcome)).drop_nulls("cluster")
    return rows.group_by("cluster", "area").agg(mean.alias("change")).drop_nulls("change").sort("cluster")


def _trends(sample: pl.DataFrame, outcome: Numbers, area: Numbers, before: Codes, cluster: Codes) -> Assumption:
    """Return the test of parallel trends: the interaction month × area in the months before the change."""
    if "day" not in sample.columns:
        return Assumption("parallel_trends", "not_testable")
    day = pl.col("day")
    month = sample.select((day.dt.year() * 12 + day.dt.month()).cast(pl.Float64).alias("month"))["month"].to_numpy()
    if any(len(np.unique(month[before & (area == side)])) < TREND_MONTHS_FROM for side in (0, 1)):
        return Assumption("parallel_trends", "not_testable")
    time = month - month.mean()
    columns = np.column_stack([np.ones(len(area)), area, time, area * time])[before]
    fit = sm.OLS(outcome[before], columns).fit(cov_type="cluster", cov_kwds={"groups": cluster[before]}, use_t=True)
    if not fit.bse[3] > 0:
        return Assumption("parallel_trends", "not_testable")
    return checked("parallel_trends", fit.pvalues[3], fit.params[3])


def interrupted_time_series(series: pl.DataFrame, *, season: bool | None = None) -> MethodResult:
    """Return the change of level, and of slope per month, from a segmented regression of a monthly series.

    Columns `month` (consecutive integers), `value`, `after`, optionally `value_comparison` (then the difference of the
    two is analysed) and `n` (people or events of each month, without which nothing may be published). Two harmonics
    model the season (Bernal, Cummins & Gasparrini 2017): season True or False, by default from 24 months on.

    `level` and `slope` come first, with autoregressive errors; `level_newey_west` and `slope_newey_west` are ordinary
    least squares with Newey–West errors, lag 0.75 · months^(1/3) rounded up, by t: common practice, but too narrow.
    """
    series = series.sort("month")
    method, value = "interrupted_time_series", numbers(series, "value")
    if "value_comparison" in series.columns:
        method, value = f"{method}_controlled", value - numbers(series, "value_comparison")
    month, after = numbers(series, "month"), booleans(series, "after")
    people = numbers(series, "n") if "n" in series.columns else np.zeros(len(month))
    groups = tuple(
        ComparisonGroup(
            name, int(people[after == side].sum()), float(value[after == side].mean()) if any(after == side) else None
        )
        for name, side in (("before", 0), ("after", 1))
    )
    if (after == 0).sum() < MONTHS_BEFORE or (after == 1).sum() < MONTHS_AFTER:
        return MethodResult(method, (), groups, warnings=("too_few_points",))
    if np.ptp(value) == 0:
        return MethodResult(method, (), groups, warnings=("constant_outcome",))
    columns = segments(month, after, season=len(month) >= SEASON_FROM if season is None else season)
    lag = newey_west_lag(len(month))
    usual = sm.OLS(value, columns).fit(cov_type="HAC", cov_kwds={"maxlags": lag, "use_correction": True}, use_t=True)
    autoregressive = AutoregressiveRegression(value, columns)
    p = acorr_ljungbox(usual.resid, lags=[lag])["lb_pvalue"].iloc[0]
    estimates = (
        *(autoregressive.estimate(place, name) for name, place in (("level", 2), ("slope", 3))),
        *(
            of_coefficient(usual, place, f"{name}_newey_west", "level_change")
            for name, place in (("level", 2), ("slope", 3))
        ),
    )
    return MethodResult(
        method, estimates, groups, (checked("autocorrelation", p, durbin_watson(usual.resid)), _OTHER_CHANGE)
    )


def newey_west_lag(months: int) -> int:
    """Return the lag of Newey–West errors for a number of months (Stock & Watson's rule, rounded up)."""
    return math.ceil(0.75 * math.cbrt(months))


def segments(month: Numbers, after: Numbers, *, season: bool) -> Numbers:
    """Return the n × k design of a segmented regression: constant, slope, change of level, change of slope, and harmonics."""
    start = month[after == 1].min()
    columns = [np.ones(len(month)), month - month.mean(), after, after * (month - start)]
    if season:
        columns += [wave(2 * np.pi * times * month / 12) for times in (1, 2) for wave in (np.sin, np.cos)]
    return np.column_stack(columns)
