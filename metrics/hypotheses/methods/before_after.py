"""Before and after a change: difference in differences with a comparison area, and interrupted time series."""

import math

import numpy as np
import polars as pl
import statsmodels.api as sm
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.stats.stattools import durbin_watson

from metrics.hypotheses.finding import Assumption, Estimate, Finding, Group, Measure
from metrics.hypotheses.methods.units import FEW_CLUSTERS, Numbers, booleans, clusters, numbers

AREAS_FROM = 10


def difference_in_differences(sample: pl.DataFrame) -> Finding:
    """Compare the change in the area that changed with the change elsewhere, by least squares with clustered errors."""
    share = sample["outcome"].dtype == pl.Boolean
    outcome = 100 * booleans(sample, "outcome") if share else numbers(sample, "outcome")
    area = booleans(sample, "area")
    after = np.asarray((sample["time"] == "after").to_numpy(), dtype=np.float64)
    by_area = "cluster" in sample.columns and sample["cluster"].n_unique() >= AREAS_FROM
    cluster = clusters(sample, "cluster" if by_area else "client")
    columns = np.column_stack([np.ones(len(area)), area, after, area * after])
    fit = sm.OLS(outcome, columns).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    measure: Measure = "share_difference" if share else "level_change"
    low, high = np.asarray(fit.conf_int())[3]
    estimate = Estimate("crude", measure, float(fit.params[3]), float(low), float(high), float(fit.pvalues[3]))
    groups = tuple(
        Group(f"{name}_{time}", int(inside.sum()), float(outcome[inside].mean()))
        for name, side in (("compared", 1), ("reference", 0))
        for time, when in (("before", 0), ("after", 1))
        if (inside := (area == side) & (after == when)).any()
    )
    warnings = ("few_clusters",) * bool(len(np.unique(cluster)) < FEW_CLUSTERS)
    return Finding(
        "difference_in_differences", (estimate,), groups, _trends(sample, outcome, area, after), warnings=warnings
    )


def _trends(sample: pl.DataFrame, outcome: Numbers, area: Numbers, after: Numbers) -> tuple[Assumption, ...]:
    month = sample.select(pl.col("day").dt.year() * 12 + pl.col("day").dt.month()).to_series().to_numpy()
    before = after == 0
    if len(np.unique(month[before])) < 3:
        return (Assumption("parallel_trends", "not_testable"),)
    time = (month - month.min()).astype(np.float64)
    columns = np.column_stack([np.ones(len(area)), area, time, area * time])[before]
    fit = sm.OLS(outcome[before], columns).fit(
        cov_type="cluster", cov_kwds={"groups": clusters(sample)[before]}, use_t=True
    )
    p = float(fit.pvalues[3])
    return (Assumption("parallel_trends", "contradicted" if p < 0.05 else "holds", p, float(fit.params[3])),)


def interrupted_time_series(series: pl.DataFrame) -> Finding:
    """Segmented regression of a monthly series: change of level and of slope, with Newey–West errors."""
    series = series.sort("month")
    value = numbers(series, "value")
    if "value_comparison" in series.columns:
        value = value - numbers(series, "value_comparison")
    month, after = numbers(series, "month"), booleans(series, "after")
    start = month[after == 1].min()
    columns = [np.ones(len(month)), month - month[0], after, after * (month - start)]
    if len(month) >= 24:
        columns += [wave(2 * np.pi * k * month / 12) for k in (1, 2) for wave in (np.sin, np.cos)]
    lag = math.ceil(0.75 * len(month) ** (1 / 3))
    fit = sm.OLS(value, np.column_stack(columns)).fit(
        cov_type="HAC", cov_kwds={"maxlags": lag, "use_correction": True}, use_t=True
    )
    bounds = np.asarray(fit.conf_int())
    estimates = tuple(
        Estimate(
            name, "level_change", float(fit.params[k]), float(bounds[k][0]), float(bounds[k][1]), float(fit.pvalues[k])
        )
        for name, k in (("level", 2), ("slope", 3))
    )
    p = float(acorr_ljungbox(fit.resid, lags=[lag])["lb_pvalue"].iloc[0])
    checked = Assumption("autocorrelation", "contradicted" if p < 0.05 else "holds", p, float(durbin_watson(fit.resid)))
    groups = tuple(
        Group(name, int(series.filter(pl.col("after") == (name == "after"))["n"].sum()) if "n" in series.columns else 0)
        for name in ("before", "after")
    )
    return Finding("interrupted_time_series", estimates, groups, (checked,))
