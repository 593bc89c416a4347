"""Testing what is in the register: the method follows from the outcome and the design, and only what may be shown comes out."""

import math
from dataclasses import dataclass, replace

import polars as pl

from data.store import Store
from metrics.gate import Gate
from metrics.hypotheses import effects, medians, sides
from metrics.hypotheses.finding import Assumption, Balance, Finding, Group
from metrics.hypotheses.hypothesis import BeforeAfter, Hypothesis, HypothesisError, check
from metrics.hypotheses.methods import before_after, durations, rates, shares
from metrics.hypotheses.methods.publishing import publishable
from metrics.hypotheses.register import Effect, Register, Result, Side, Verdict
from metrics.hypotheses.samples import draw
from metrics.hypotheses.shapes import by_month, series

MONTHS_BEFORE, MONTHS_AFTER = 12, 6
"""A monthly series needs a year before, to tell a change from the season, and half a year after."""
PEOPLE, PEOPLE_FOLLOWED = 50, 100
"""Fewest people a side may hold; where days are followed, as for curves elsewhere."""


def run(register: Register, hypothesis_id: str, store: Store) -> Result:
    """Test a registered hypothesis on the serving generation and add the result to the register.

    Raises HypothesisError (unknown, tested, few_people, few_months, no_answer), StoreError.
    """
    tested = register.find(hypothesis_id)
    generation = store.serving()
    version = tested.hypothesis.definition.version
    done = [(line.generation, line.definition_version) for line in register.results() if line.id == hypothesis_id]
    if (generation.number, version) in done:
        raise HypothesisError("tested")
    check(tested.hypothesis, store)
    sample = draw(tested.hypothesis, store, generation)
    found = outcome(tested.hypothesis, sample, Gate("protected", store.keys.noise))
    return register.record(
        tested, generation=generation.number, definition_version=version, finding=found.finding, sides=found.sides,
        effect=found.effect, verdict=found.verdict,
    )  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What may be published of a test. The verdict was given before rounding."""

    finding: Finding
    sides: tuple[Side, ...]
    effect: Effect
    verdict: Verdict


def outcome(hypothesis: Hypothesis, sample: pl.DataFrame, gate: Gate) -> Outcome:
    """Test a hypothesis on a sample. Raises HypothesisError (few_people, few_months, no_answer)."""
    refuse_small(hypothesis, sample, sides.sides(hypothesis, sample, gate))
    return publish(hypothesis, sample, finding_of(hypothesis, sample), gate)


def publish(hypothesis: Hypothesis, sample: pl.DataFrame, exact: Finding, gate: Gate) -> Outcome:
    """What may be shown of an exact finding. Raises HypothesisError (few_people, no_answer)."""
    published = sides.sides(hypothesis, sample, gate)
    finding = effects.decisive(hypothesis, exact)
    if not finding.estimates:
        raise HypothesisError("no_answer")
    found = effects.effect(hypothesis, finding, sample)
    if not effects.is_finite(found):
        raise HypothesisError("no_answer")
    finding = replace(finding, groups=tuple(Group(side.name, side.people, side.value) for side in published))
    if finding.curves:
        curves = [
            sides.published_curve(hypothesis, name, rows, gate)
            for name, rows in sides.parts(hypothesis, sample).items()
        ]
        finding = replace(finding, curves=tuple(step for curve in curves for step in curve))
    allowed = publishable(finding)
    if allowed is None:
        raise HypothesisError("few_people")
    verdict = effects.verdict(hypothesis, found)
    return Outcome(_rounded(allowed), published, _rounded_effect(hypothesis, found), verdict)


def refuse_small(hypothesis: Hypothesis, sample: pl.DataFrame, published: tuple[Side, ...]) -> None:
    """Refuse when a side holds too few people, or a series too few months. Raises HypothesisError."""
    if any(side.people < least_people(hypothesis) for side in published):
        raise HypothesisError("few_people")
    design = hypothesis.design
    if isinstance(design, BeforeAfter) and (hypothesis.kind == "count" or not design.comparison):
        if hypothesis.kind == "time_to_event":
            return
        months = {name: rows["day"].n_unique() for name, rows in sides.parts(hypothesis, sample).items()}
        if any(n < (MONTHS_AFTER if name.endswith("after") else MONTHS_BEFORE) for name, n in months.items()):
            raise HypothesisError("few_months")


def least_people(hypothesis: Hypothesis) -> int:
    """Fewest people on a side for this hypothesis."""
    if hypothesis.kind == "time_to_event" or (hypothesis.kind == "amount" and hypothesis.design.kind == "groups"):
        return PEOPLE_FOLLOWED
    return PEOPLE


def finding_of(hypothesis: Hypothesis, sample: pl.DataFrame) -> Finding:
    """The test itself, on exact data. `work.py` writes the same calls out for a person."""
    design, kind = hypothesis.design, hypothesis.kind
    covariates = tuple(f"c_{name}" for name in hypothesis.covariates)
    people = getattr(hypothesis.definition.measure, "unit", "events") == "clients"
    if kind == "time_to_event":
        return durations.compare(sample, covariates)
    if isinstance(design, BeforeAfter):
        if design.comparison is not None and kind != "count":
            return before_after.difference_in_differences(sample)
        return before_after.interrupted_time_series(series(sample, kind, people))
    match kind:
        case "share":
            return shares.compare(sample, covariates)
        case "count":
            return rates.compare_counts(by_month(sample, people), covariates)
        case _:
            return medians.compare(sample, covariates)


def _rounded(finding: Finding) -> Finding:
    """Checks and balance with few digits, p values no smaller than told, and what is no number left out."""

    def few(number: float | None, digits: int = 3) -> float | None:
        return None if number is None or not math.isfinite(number) else round(number, digits)

    estimates = tuple(
        replace(one, p=_rounded_p(one.p))
        for one in finding.estimates
        if all(math.isfinite(number) for number in (one.value, one.lower, one.upper, one.p))
    )
    return replace(
        finding,
        estimates=estimates,
        assumptions=tuple(Assumption(a.name, a.verdict, few(a.p), few(a.statistic, 2)) for a in finding.assumptions),
        balance=tuple(Balance(b.covariate, few(b.before, 2) or 0.0, few(b.after, 2) or 0.0) for b in finding.balance),
    )


def _rounded_p(p: float) -> float:
    """Four digits, and never nought."""
    return max(round(p, 4), 0.0001)


def _rounded_effect(hypothesis: Hypothesis, found: Effect) -> Effect:
    """Whole percentage points; days, minutes and numbers a month whole from ten on."""
    digits = 0 if hypothesis.kind in ("share", "time_to_event") or abs(found.value) >= 10 else 1
    value, lower, upper = (round(number, digits) + 0.0 for number in (found.value, found.lower, found.upper))
    return found.model_copy(update={"value": value, "lower": lower, "upper": upper, "p": _rounded_p(found.p)})
