"""The primary effect of a hypothesis test in the unit of its metric, and the verdict on the registered hypothesis."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl

from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.incidences import reached_by
from metrics.hypotheses.methods.finding import Assumption, Estimate, MethodResult
from metrics.hypotheses.methods.people import in_people
from metrics.hypotheses.register import Effect, Guarded, Verdict
from metrics.hypotheses.shapes import events_of

HORIZONS = ("at_365", "at_183")
"""Estimates that may decide a time-to-event hypothesis, in order of preference: one year, else six months of follow-up."""


def decisive(hypothesis: Hypothesis, finding: MethodResult) -> MethodResult:
    """Return the result with its primary estimate first: the one that the verdict is based on.

    For time to event it is the difference at the first of `HORIZONS` that was estimated, else the method's first
    estimate. Without such an estimate the result has no estimates at all.
    """
    first = finding.estimates[0] if finding.estimates else None
    if hypothesis.kind == "time_to_event":
        named = {one.name: one for one in finding.estimates}
        first = next((named[name] for name in HORIZONS if name in named), None)
    if first is None:
        return replace(finding, estimates=())
    return replace(finding, estimates=(first, *(one for one in finding.estimates if one is not first)))


def effect(hypothesis: Hypothesis, finding: MethodResult, sample: pl.DataFrame) -> Effect:
    """Return the primary estimate in the unit of the metric; ratios are converted with the reference group's own level.

    finding: a result of `decisive` with at least one estimate; sample: the exact rows (see `samples`), `group` false in
    the reference group. `people` of the effect is set for metrics in percent: the difference among 100 people.
    """
    one = finding.estimates[0]
    value, lower, upper = _in_unit(hypothesis, one, sample)
    of_hundred = None
    if hypothesis.unit == "%":
        people = in_people(Estimate(one.name, "share_difference", value, lower, upper, one.p))
        of_hundred = (people.number, people.lower, people.upper) if people else None
    return Effect(name=one.name, value=value, lower=lower, upper=upper, p=one.p, people=of_hundred)


def _in_unit(hypothesis: Hypothesis, one: Estimate, sample: pl.DataFrame) -> tuple[float, float, float]:
    """Return estimate, lower and upper bound in the unit of the metric."""
    bounds = (one.value, one.lower, one.upper)
    if one.measure not in ("rate_ratio", "hazard_ratio", "odds_ratio"):
        return bounds
    reference = sample.select(pl.exclude("^c_.*$")).filter(~pl.col("group"))
    if one.measure == "rate_ratio":
        months = reference if "area" in sample.columns else sample
        own = reference.filter("area") if "area" in sample.columns else reference
        by_day = own.group_by("day").agg(events_of(hypothesis.counts_people))
        rate = float(by_day[:, 1].sum()) / max(months["day"].n_unique(), 1)
        return _three(rate * (ratio - 1) for ratio in bounds)
    if hypothesis.kind == "amount":
        # A wait that ends faster is a shorter one: with hazards in proportion a median goes down as the ratio goes up.
        median = median_of(reference, "days")
        return _three(median * (1 / ratio - 1) for ratio in (one.value, one.upper, one.lower))
    share = reached_by(reference)
    return _three(100 * (1 - (1 - share) ** ratio - share) for ratio in bounds)


def _three(numbers) -> tuple[float, float, float]:  # type: ignore[no-untyped-def]
    value, lower, upper = numbers
    return value, lower, upper


def median_of(rows: pl.DataFrame, column: str) -> float:
    """Return the median of a column over the events (`n`) of the rows."""
    spread = rows.group_by(column).agg(pl.col("n").cast(pl.Int64).sum()).sort(column).drop_nulls(column)
    upto = spread["n"].cum_sum().to_numpy()
    if not len(upto):
        return float("nan")
    middle = (int(upto[-1]) - 1) // 2, int(upto[-1]) // 2
    return sum(float(spread[column][int(np.searchsorted(upto, place, side="right"))]) for place in middle) / 2


def verdict(hypothesis: Hypothesis, found: Effect, assumptions: Iterable[Assumption] = ()) -> Verdict:
    """Return whether the hypothesis is kept, rejected or undecided, or whether the sides cannot be compared.

    Incomparable: the data contradict an assumption without which the difference says nothing of the hypothesis (see
    `deciding`). Kept: the interval lies wholly on the registered side of zero and the estimate reaches the smallest
    change worth having. Rejected: the whole interval is below that smallest change. Undecided: anything else.
    """
    wrong = {one.name for one in assumptions if one.verdict == "contradicted"}
    if wrong & deciding(hypothesis):
        return "incomparable"
    least = hypothesis.smallest
    if hypothesis.direction == "either":
        size = abs(found.value)
        clear = found.lower > 0 or found.upper < 0
        room = max(abs(found.lower), abs(found.upper)) >= least
    else:
        size, low, high = (
            (found.value, found.lower, found.upper)
            if hypothesis.direction == "up"
            else (-found.value, -found.upper, -found.lower)
        )
        clear, room = low > 0, high >= least
    if clear and size >= least:
        return "kept"
    return "undecided" if room else "rejected"


def guarded(hypothesis: Hypothesis, found: Effect, verdict: Verdict) -> Guarded:
    """Return the verdict on a guardrail.

    hypothesis: that its figure gets worse (`Hypothesis.guarded`), with its verdict. Held: the whole interval is better
    than the margin; harmed: the whole interval is on the worse side of zero; unclear: anything else.
    """
    low, high = (found.lower, found.upper) if hypothesis.direction == "up" else (-found.upper, -found.lower)
    if verdict == "incomparable":
        return "unclear"
    if high < hypothesis.smallest:
        return "held"
    return "harmed" if low > 0 else "unclear"


def deciding(hypothesis: Hypothesis) -> frozenset[str]:
    """Return the assumptions without which there is no verdict: likeness, overlap, planned sizes, trends, and enough areas.

    Where background facts are adjusted for, groups need to be alike after it; before it they may differ.
    """
    likeness = {"overlap", "balanced"} if hypothesis.covariates else {"groups_alike"}
    return frozenset({*likeness, "sizes_as_planned", "parallel_trends", "areas_known"})


def is_finite(one: Effect) -> bool:
    """Return whether the estimate, both bounds of its interval and its p value are finite numbers."""
    return all(math.isfinite(number) for number in (one.value, one.lower, one.upper, one.p))
