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
from metrics.hypotheses.methods.incidence import HORIZONS, at_horizons, curve_steps, incidence, paths_cross
from metrics.hypotheses.methods.units import booleans, clusters, design, numbers

_PENALTY = 0.01
_STEP = np.uint64(0x9E3779B97F4A7C15)
MOST_ROWS = 6000
"""Most events of a Cox regression: lifelines' clustered errors take a time that grows with their square."""


def compare(sample: pl.DataFrame, covariates: Sequence[str] = (), horizons: Sequence[int] = HORIZONS) -> MethodResult:
    """Return the hazard ratio of two groups and the differences of cumulative incidence at the horizons (days).

    sample: `unit`, `days`, `cause` ('event'; '' : censored; anything else: a competing event), `group`, covariates, and
    `n` events of these. The hazard ratio comes first; its p value is the log-rank test's where nothing is adjusted and
    no client has several events. Then the differences in percentage points. With competing events the hazard ratio is
    cause-specific: others are censored. From more than `MOST_ROWS` events it is computed from a random sample of the
    clients.
    """
    sample = sample.with_columns(pl.col("cause").fill_null(""))
    group, people, n = booleans(sample, "group"), clusters(sample), numbers(sample, "n")
    event = np.asarray((sample["cause"] == "event").to_numpy(), dtype=np.float64)
    competing = bool((~sample["cause"].is_in(["", "event"])).any())
    method = "cause_specific" if competing else "log_rank_cox"
    groups = tuple(
        ComparisonGroup(name, int(n[group == side].sum())) for name, side in (("compared", 1), ("reference", 0))
    )
    if any(one.n == 0 for one in groups):
        return MethodResult(method, (), groups, warnings=("empty_group",))
    curves = (incidence(sample.filter("group")), incidence(sample.filter(~pl.col("group"))))
    steps = (*curve_steps("compared", curves[0]), *curve_steps("reference", curves[1]))
    if not event[group == 1].any() or not event[group == 0].any():
        return MethodResult(method, (), groups, curves=steps, warnings=("no_events",))
    ratio, proportional, problems = _cox(sample, covariates)
    return MethodResult(
        method,
        (ratio, *at_horizons(sample, covariates, curves, people, horizons)),
        groups,
        (
            proportional,
            people.independence,
            Assumption("censoring_independent", "not_testable"),
            Assumption("unseen_alike", "not_testable"),
        ),
        curves=steps,
        warnings=(*people.few, *problems, *("paths_cross",) * (bool(horizons) and paths_cross(*curves))),
    )


def _cox(sample: pl.DataFrame, covariates: Sequence[str]) -> tuple[Estimate, Assumption, tuple[str, ...]]:
    """Return the Cox hazard ratio (Efron ties), the Schoenfeld test of proportional hazards, and warnings."""
    chosen = _some_clients(sample)
    # In an order that has nothing to do with the groups: lifelines ranks equal times in the order of the rows, so that with one
    # group first its check finds hazards out of proportion where many times are equal.
    rows = chosen.select(pl.exclude("n").repeat_by("n").explode()).with_columns(n=pl.lit(1))
    rows = rows.sort("unit", pl.exclude("unit"))
    group, days, people = booleans(rows, "group"), numbers(rows, "days"), clusters(rows)
    event = np.asarray((rows["cause"] == "event").to_numpy(), dtype=np.float64)
    columns = design(rows, covariates, group)[:, 1:]
    names = ["group", *(f"x{place}" for place in range(1, columns.shape[1]))]
    frame = pd.DataFrame(dict(zip(names, columns.T, strict=True))).assign(days=days, event=event)
    if people.repeated:
        frame["client"] = people.of
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cox, failed = _fit(frame, "client" if people.repeated else None)
        check = proportional_hazard_test(cox, frame, time_transform="rank").summary.loc["group"]
    separated = failed or any(issubclass(one.category, ConvergenceWarning) for one in caught)
    row = cox.summary.loc["group"]
    p = float(row["p"])
    if not covariates and not people.repeated:
        of = group == 1
        p = float(logrank_test(days[of], days[~of], event[of], event[~of]).p_value)
    bounds = (row["exp(coef)"], row["exp(coef) lower 95%"], row["exp(coef) upper 95%"])
    found = estimate("adjusted" if covariates else "crude", "hazard_ratio", bounds, p)
    problems = ("separation",) * separated + ("sampled_clients",) * (chosen.height < sample.height)
    return found, checked("proportional_hazards", check["p"], check["test_statistic"]), problems


def _some_clients(sample: pl.DataFrame) -> pl.DataFrame:
    """Return the events of a random choice of clients: at most about `MOST_ROWS`, half of them of each group where it has many.

    Which clients depends on their keys only, so that the same data give the same choice.
    """
    kept = []
    sizes = {
        side: int(sample.select(pl.col("n").filter(pl.col("group") == side).sum()).item()) for side in (True, False)
    }
    lot = sample["unit"].to_numpy().astype(np.uint64) * _STEP  # wraps around: multiplicative hashing (Knuth)
    for side, size in sizes.items():
        room, own = max(MOST_ROWS // 2, MOST_ROWS - sizes[not side]), pl.col("group") == side
        kept.append(sample.filter(own if size <= room else own & pl.Series(lot < np.uint64(2**64 * (room / size)))))
    return pl.concat(kept)


def _fit(frame: pd.DataFrame, cluster: str | None) -> tuple[CoxPHFitter, bool]:
    """Return the fitted model, and whether it needed a small penalty because a covariate separates the outcomes."""
    try:
        return CoxPHFitter().fit(frame, "days", "event", cluster_col=cluster), False
    except ConvergenceError:
        return CoxPHFitter(penalizer=_PENALTY).fit(frame, "days", "event", cluster_col=cluster), True
