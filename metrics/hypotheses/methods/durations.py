"""Comparison of times to an event: log-rank test, Cox regression, and cumulative incidence at fixed horizons."""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError, ConvergenceWarning
from lifelines.statistics import logrank_test, proportional_hazard_test

from metrics.hypotheses.methods.estimates import checked, estimate
from metrics.hypotheses.methods.finding import Assumption, ComparisonGroup, Estimate, MethodResult
from metrics.hypotheses.methods.incidence import at_horizons, curve_steps, incidence, paths_cross
from metrics.hypotheses.methods.units import (
    Codes,
    Numbers,
    booleans,
    clusters,
    design,
    few,
    independence,
    numbers,
    repeated,
)

_PENALTY = 0.01


def compare(sample: pl.DataFrame, covariates: Sequence[str] = ()) -> MethodResult:
    """Return the hazard ratio of two groups and the differences of cumulative incidence at 183, 365 and 730 days.

    sample: `days`, `cause` ('event'; '' or null: censored; anything else: a competing event), `group`, `client` and
    covariates. The hazard ratio comes first; its p value is the log-rank test's where nothing is adjusted and no client
    has several rows. Then the differences in percentage points. With competing events the hazard ratio is
    cause-specific: others are censored.
    """
    sample = sample.with_columns(pl.col("cause").fill_null(""))
    group, cluster = booleans(sample, "group"), clusters(sample)
    event = np.asarray((sample["cause"] == "event").to_numpy(), dtype=np.float64)
    competing = bool((~sample["cause"].is_in(["", "event"])).any())
    method = "cause_specific" if competing else "log_rank_cox"
    groups = tuple(
        ComparisonGroup(name, int((group == side).sum())) for name, side in (("compared", 1), ("reference", 0))
    )
    if any(one.n == 0 for one in groups):
        return MethodResult(method, (), groups, warnings=("empty_group",))
    curves = (incidence(sample.filter("group")), incidence(sample.filter(~pl.col("group"))))
    steps = (*curve_steps("compared", curves[0]), *curve_steps("reference", curves[1]))
    if not event[group == 1].any() or not event[group == 0].any():
        return MethodResult(method, (), groups, curves=steps, warnings=("no_events",))
    ratio, proportional, separated = _cox(sample, covariates, event, cluster)
    return MethodResult(
        method,
        (ratio, *at_horizons(sample, covariates, curves, cluster)),
        groups,
        (
            proportional,
            independence(cluster),
            Assumption("censoring_independent", "not_testable"),
            Assumption("unseen_alike", "not_testable"),
        ),
        curves=steps,
        warnings=(*few(cluster), *("separation",) * separated, *("paths_cross",) * paths_cross(*curves)),
    )


def _cox(
    sample: pl.DataFrame, covariates: Sequence[str], event: Numbers, cluster: Codes
) -> tuple[Estimate, Assumption, bool]:
    """Return the Cox hazard ratio (Efron ties), the Schoenfeld test of proportional hazards, and whether there is separation."""
    group, days, independent = booleans(sample, "group"), numbers(sample, "days"), not repeated(cluster)
    columns = design(sample, covariates, group)[:, 1:]
    names = ["group", *(f"x{place}" for place in range(1, columns.shape[1]))]
    frame = pd.DataFrame(dict(zip(names, columns.T, strict=True))).assign(days=days, event=event)
    if not independent:
        frame["client"] = cluster
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cox, failed = _fit(frame, None if independent else "client")
        check = proportional_hazard_test(cox, frame, time_transform="rank").summary.loc["group"]
    separated = failed or any(issubclass(one.category, ConvergenceWarning) for one in caught)
    row = cox.summary.loc["group"]
    p = float(row["p"])
    if not covariates and independent:
        of = group == 1
        p = float(logrank_test(days[of], days[~of], event[of], event[~of]).p_value)
    bounds = (row["exp(coef)"], row["exp(coef) lower 95%"], row["exp(coef) upper 95%"])
    name = "adjusted" if covariates else "crude"
    proportional = checked("proportional_hazards", check["p"], check["test_statistic"])
    return estimate(name, "hazard_ratio", bounds, p), proportional, separated


def _fit(frame: pd.DataFrame, cluster: str | None) -> tuple[CoxPHFitter, bool]:
    """Return the fitted model, and whether it needed a small penalty because a covariate separates the outcomes."""
    try:
        return CoxPHFitter().fit(frame, "days", "event", cluster_col=cluster), False
    except ConvergenceError:
        return CoxPHFitter(penalizer=_PENALTY).fit(frame, "days", "event", cluster_col=cluster), True
