"""Before–after designs of one series: interrupted time series of a monthly figure, alone or beside another municipality's."""

import math

import numpy as np
import polars as pl
import statsmodels.api as sm
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.stats.stattools import durbin_watson

from metrics.hypotheses.methods.autoregression import AutoregressiveRegression
from metrics.hypotheses.methods.estimates import checked, of_coefficient
from metrics.hypotheses.methods.finding import Assumption, ComparisonGroup, MethodResult
from metrics.hypotheses.methods.units import Numbers, booleans, numbers

MONTHS_BEFORE, MONTHS_AFTER = 8, 4
SEASON_FROM = 24
OTHER_CHANGE = Assumption("no_other_change", "not_testable")


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
        method, estimates, groups, (checked("autocorrelation", p, durbin_watson(usual.resid)), OTHER_CHANGE)
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
