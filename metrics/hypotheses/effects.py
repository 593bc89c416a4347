"""The estimate that decides, in the figure's own unit, and what it says of the hypothesis as it was registered."""

import math
from dataclasses import replace

import polars as pl

from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.incidences import reached_by
from metrics.hypotheses.methods.finding import Estimate, MethodResult
from metrics.hypotheses.methods.people import in_people
from metrics.hypotheses.register import Effect, Verdict

HORIZONS = ("at_365", "at_183")
"""A path to work is judged at one year, or at six months where few have been followed longer."""


def decisive(hypothesis: Hypothesis, finding: MethodResult) -> MethodResult:
    """The finding with the estimate first that the hypothesis is judged by."""
    first = finding.estimates[0] if finding.estimates else None
    if hypothesis.kind == "time_to_event":
        named = {one.name: one for one in finding.estimates}
        first = next((named[name] for name in HORIZONS if name in named), None)
    if first is None:
        return replace(finding, estimates=())
    return replace(finding, estimates=(first, *(one for one in finding.estimates if one is not first)))


def effect(hypothesis: Hypothesis, finding: MethodResult, sample: pl.DataFrame) -> Effect:
    """The deciding estimate in the figure's own unit. A ratio is turned into it by the reference group's own figure."""
    one = finding.estimates[0]
    value, lower, upper = _in_unit(hypothesis, one, sample)
    told = None
    if hypothesis.unit == "%":
        people = in_people(Estimate(one.name, "share_difference", value, lower, upper, one.p))
        told = (people.number, people.lower, people.upper) if people else None
    return Effect(name=one.name, value=value, lower=lower, upper=upper, p=one.p, people=told)


def _in_unit(hypothesis: Hypothesis, one: Estimate, sample: pl.DataFrame) -> tuple[float, float, float]:
    bounds = (one.value, one.lower, one.upper)
    if one.measure not in ("rate_ratio", "hazard_ratio", "odds_ratio"):
        return bounds
    reference = sample.filter(~pl.col("group"))
    if one.measure == "rate_ratio":
        people = getattr(hypothesis.definition.measure, "unit", "events") == "clients"
        counted = reference.group_by("day").agg(pl.col("unit").n_unique() if people else pl.len())
        rate = float(counted[:, 1].sum()) / max(sample["day"].n_unique(), 1)
        return _three(rate * (ratio - 1) for ratio in bounds)
    if hypothesis.kind == "amount":
        # A wait that ends faster is a shorter one: with hazards in proportion a median goes down as the ratio goes up.
        median = float(reference["days"].cast(pl.Float64).median())  # type: ignore[arg-type]
        return _three(median * (1 / ratio - 1) for ratio in (one.value, one.upper, one.lower))
    share = reached_by(reference)
    return _three(100 * (1 - (1 - share) ** ratio - share) for ratio in bounds)


def _three(numbers) -> tuple[float, float, float]:  # type: ignore[no-untyped-def]
    value, lower, upper = numbers
    return value, lower, upper


def verdict(hypothesis: Hypothesis, found: Effect) -> Verdict:
    """Kept: the interval lies on the registered side and the estimate is worth having. Rejected: the interval leaves no room
    for a change worth having. Otherwise the data do not decide."""
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


def is_finite(one: Effect) -> bool:
    """Whether the estimate and its interval are numbers."""
    return all(math.isfinite(number) for number in (one.value, one.lower, one.upper, one.p))
