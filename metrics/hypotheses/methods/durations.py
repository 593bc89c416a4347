"""Time to event: log-rank and Cox, and cumulative incidence at fixed horizons where other endings compete."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl
from lifelines import CoxPHFitter
from lifelines.statistics import logrank_test, proportional_hazard_test

from metrics.hypotheses.finding import Assumption, Estimate, Finding, Group
from metrics.hypotheses.methods.incidence import curve_steps, differences, incidence, paths_cross
from metrics.hypotheses.methods.units import booleans, clusters, design, numbers, repeated


def compare(sample: pl.DataFrame, covariates: Sequence[str] = ()) -> Finding:
    """Compare days until the event (`cause` 'event'); '' is still open, any other cause competes with it."""
    group, days = booleans(sample, "group"), numbers(sample, "days")
    causes = sample["cause"].fill_null("")
    event = np.asarray((causes == "event").to_numpy(), dtype=np.float64)
    competing = bool((~causes.is_in(["", "event"])).any())
    curves = tuple(incidence(sample.filter(pl.col("group") == side)) for side in (True, False))
    groups = tuple(Group(name, int((group == side).sum())) for name, side in (("compared", 1), ("reference", 0)))
    columns = design(sample, covariates, group)[:, 1:]
    names = ["group", *(f"x{place}" for place in range(1, columns.shape[1]))]
    frame = pd.DataFrame(dict(zip(names, columns.T, strict=True))).assign(days=days, event=event)
    cluster = clusters(sample)
    if repeated(cluster):
        frame["client"] = cluster
    cox = CoxPHFitter().fit(frame, "days", "event", cluster_col="client" if repeated(cluster) else None)
    check = proportional_hazard_test(cox, frame, time_transform="rank").summary.loc["group"]
    row = cox.summary.loc["group"]
    p = float(row["p"])
    if not covariates and not repeated(cluster):
        of = group == 1
        p = float(logrank_test(days[of], days[~of], event[of], event[~of]).p_value)
    ratio = Estimate(
        "adjusted" if covariates else "crude",
        "hazard_ratio",
        float(row["exp(coef)"]),
        float(row["exp(coef) lower 95%"]),
        float(row["exp(coef) upper 95%"]),
        p,
    )
    proportional = Assumption(
        "proportional_hazards",
        "contradicted" if check["p"] < 0.05 else "holds",
        float(check["p"]),
        float(check["test_statistic"]),
    )
    at_horizons = differences(*curves)
    return Finding(
        "cause_specific" if competing else "log_rank_cox",
        (ratio, *at_horizons),
        groups,
        (proportional,),
        curves=(*curve_steps("compared", curves[0]), *curve_steps("reference", curves[1])),
        warnings=("paths_cross",) * paths_cross(*curves),
    )
