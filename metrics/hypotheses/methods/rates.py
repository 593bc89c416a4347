"""Rate ratios: Poisson regression, and negative binomial regression where counts are overdispersed."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import statsmodels.api as sm
from statsmodels.discrete.discrete_model import NegativeBinomial
from statsmodels.stats.rates import confint_poisson_2indep, test_poisson_2indep

from metrics.hypotheses.methods.estimates import checked, estimate, of_coefficient
from metrics.hypotheses.methods.finding import Assumption, ComparisonGroup, MethodResult
from metrics.hypotheses.methods.units import Numbers, booleans, clusters, design, few, independence, numbers, repeated

_UNSEEN = Assumption("unseen_alike", "not_testable")


def compare(events_a: int, exposure_a: float, events_b: int, exposure_b: float) -> MethodResult:
    """Return the rate ratio of two totals, a (compared) to b (reference), by the score method.

    exposure: time or people, in the same unit. Overdispersion cannot be tested with totals alone.
    """
    groups = (_group("compared", events_a, exposure_a), _group("reference", events_b, exposure_b))
    assumptions = (Assumption("poisson_dispersion", "not_testable"), _UNSEEN)
    if not exposure_a or not exposure_b:
        return MethodResult("poisson", (), groups, assumptions, warnings=("empty_group",))
    if not events_a or not events_b:
        return MethodResult("poisson", (), groups, assumptions, warnings=("no_events",))
    lower, upper = confint_poisson_2indep(events_a, exposure_a, events_b, exposure_b, method="score", compare="ratio")
    p = test_poisson_2indep(events_a, exposure_a, events_b, exposure_b, method="score", compare="ratio").pvalue
    ratio = events_a / exposure_a / (events_b / exposure_b)
    return MethodResult("poisson", (estimate("crude", "rate_ratio", (ratio, lower, upper), p),), groups, assumptions)


def compare_counts(sample: pl.DataFrame, covariates: Sequence[str] = ()) -> MethodResult:
    """Return the rate ratio of counts per unit (`outcome`, during `exposure` above 0) by regression with a log link.

    Poisson regression; errors are clustered by client when clients have several rows, which also allows for
    overdispersion. Otherwise overdispersed counts (Cameron & Trivedi's test) are fitted by negative binomial
    regression.
    """
    group, outcome, exposure = booleans(sample, "group"), numbers(sample, "outcome"), numbers(sample, "exposure")
    cluster = clusters(sample)
    sums = [(int(outcome[group == side].sum()), float(exposure[group == side].sum())) for side in (1, 0)]
    groups = tuple(_group(name, *one) for name, one in zip(("compared", "reference"), sums, strict=True))
    if not all(time for _, time in sums):
        return MethodResult("poisson", (), groups, warnings=("empty_group",))
    if not all(events for events, _ in sums):
        return MethodResult("poisson", (), groups, warnings=("no_events",))
    columns = design(sample, covariates, group)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a covariate without events does not converge, which is reported as separation
        poisson = sm.Poisson(outcome, columns, exposure=exposure).fit(disp=False, maxiter=100)
        dispersion = _dispersion(outcome, poisson)
        over = dispersion.verdict == "contradicted"
        if repeated(cluster):
            options = {"cov_type": "cluster", "cov_kwds": {"groups": cluster}}
            method, fit = (
                "poisson_clustered",
                sm.Poisson(outcome, columns, exposure=exposure).fit(disp=False, **options),
            )
        elif over:
            method, fit = _overdispersed(outcome, columns, exposure)
        else:
            method, fit = "poisson", poisson
    separated = ("separation",) * (not poisson.mle_retvals["converged"])
    df = len(np.unique(cluster)) - (1 if repeated(cluster) else columns.shape[1])
    return MethodResult(
        method,
        (of_coefficient(fit, 1, "adjusted" if covariates else "crude", "rate_ratio", df),),
        groups,
        (dispersion, independence(cluster), _UNSEEN),
        warnings=(*few(cluster), *separated),
    )


def _dispersion(outcome: Numbers, poisson: Any) -> Assumption:
    """Return Cameron and Trivedi's test against a variance that grows with the square of the mean, and Pearson's dispersion."""
    expected = poisson.predict()
    dispersion = ((outcome - expected) ** 2 / expected).sum() / poisson.df_resid
    test = poisson.get_diagnostic().test_dispersion()
    p = float(np.ravel(test.pvalue)[0])
    if dispersion <= 1:
        return Assumption("poisson_dispersion", "holds", p, float(dispersion))
    return checked("poisson_dispersion", p, dispersion)


def _overdispersed(outcome: Numbers, columns: Numbers, exposure: Numbers) -> tuple[str, Any]:
    """Return method code and fit: negative binomial, or quasi-Poisson where that does not converge."""
    fit = NegativeBinomial(outcome, columns, exposure=exposure).fit(disp=False, maxiter=200)
    if fit.mle_retvals["converged"] and np.isfinite(fit.bse[1]):
        return "negative_binomial", fit
    family = sm.families.Poisson()
    return "quasi_poisson", sm.GLM(outcome, columns, family=family, exposure=exposure).fit(scale="X2")


def _group(name: str, events: int, exposure: float) -> ComparisonGroup:
    return ComparisonGroup(name, events, events / exposure if exposure else None)
