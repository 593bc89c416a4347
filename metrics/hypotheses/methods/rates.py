"""Ratio of rates: Poisson, and the negative binomial where counts vary more than Poisson lets them."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import statsmodels.api as sm
from statsmodels.discrete.discrete_model import NegativeBinomial
from statsmodels.stats.rates import confint_poisson_2indep, test_poisson_2indep

from metrics.hypotheses.finding import Assumption, Estimate, Finding, Group
from metrics.hypotheses.methods.estimates import of_coefficient
from metrics.hypotheses.methods.units import booleans, clusters, design, numbers, repeated


def compare(events_a: int, exposure_a: float, events_b: int, exposure_b: float) -> Finding:
    """Compare two totals: the rate of a (compared) against that of b (reference), by the score method."""
    groups = (_group("compared", events_a, exposure_a), _group("reference", events_b, exposure_b))
    assumptions = (Assumption("poisson_dispersion", "not_testable"),)
    if not events_a or not events_b:
        return Finding("poisson", (), groups, assumptions, warnings=("no_events",))
    lower, upper = confint_poisson_2indep(events_a, exposure_a, events_b, exposure_b, method="score", compare="ratio")
    p = test_poisson_2indep(events_a, exposure_a, events_b, exposure_b, method="score", compare="ratio").pvalue
    ratio = events_a / exposure_a / (events_b / exposure_b)
    return Finding(
        "poisson", (Estimate("crude", "rate_ratio", ratio, float(lower), float(upper), float(p)),), groups, assumptions
    )


def compare_counts(sample: pl.DataFrame, covariates: Sequence[str] = ()) -> Finding:
    """Compare counts per unit (`outcome`, during `exposure`) by Poisson or negative binomial regression."""
    group, outcome, exposure = booleans(sample, "group"), numbers(sample, "outcome"), numbers(sample, "exposure")
    columns, cluster = design(sample, covariates, group), clusters(sample)
    groups = tuple(
        _group(name, int(outcome[group == side].sum()), float(exposure[group == side].sum()))
        for name, side in (("compared", 1), ("reference", 0))
    )
    poisson = sm.Poisson(outcome, columns, exposure=exposure).fit(disp=False)
    test = poisson.get_diagnostic().test_dispersion()
    dispersion = float(((outcome - poisson.predict()) ** 2 / poisson.predict()).sum() / poisson.df_resid)
    p = float(test.pvalue.iloc[0] if hasattr(test.pvalue, "iloc") else np.atleast_1d(test.pvalue)[0])
    over = dispersion > 1 and p < 0.05
    assumption = Assumption("poisson_dispersion", "contradicted" if over else "holds", p, dispersion)
    robust = {"cov_type": "cluster", "cov_kwds": {"groups": cluster}} if repeated(cluster) else {}
    method, fit = "poisson", poisson
    if over:
        method = "negative_binomial"
        fit = NegativeBinomial(outcome, columns, exposure=exposure).fit(disp=False, maxiter=200, **robust)
    elif robust:
        fit = sm.Poisson(outcome, columns, exposure=exposure).fit(disp=False, **robust)
    estimate = of_coefficient(fit, 1, "adjusted" if covariates else "crude", "rate_ratio")
    return Finding(method, (estimate,), groups, (assumption,))


def _group(name: str, events: int, exposure: float) -> Group:
    return Group(name, events, events / exposure if exposure else None)
