"""Testing of registered hypotheses: choice of method by outcome and design, and a result that may be published."""

import math
from dataclasses import dataclass, replace

import polars as pl

from data.store.store import Store
from metrics.gate import CURVE_FROM, PROTECTED, SHARE_FROM, Gate, decimals, limits
from metrics.hypotheses import effects, medians, sides
from metrics.hypotheses.hypothesis import BeforeAfter, Hypothesis, HypothesisError, check
from metrics.hypotheses.methods import before_after, durations, rates, shares
from metrics.hypotheses.methods.finding import ComparisonGroup, Estimate, MethodResult
from metrics.hypotheses.methods.publishing import publishable
from metrics.hypotheses.register import Effect, Register, Result, Side, Verdict
from metrics.hypotheses.samples import draw
from metrics.hypotheses.shapes import by_month, series

MONTHS_BEFORE, MONTHS_AFTER = 12, 8
"""Fewest months of a monthly series: a year before the change, to separate it from the season, and eight months after it."""


def run(register: Register, hypothesis_id: str, store: Store) -> Result:
    """Test a registered hypothesis on the current generation, append the result to the register, and return it.

    Raises HypothesisError: unknown (no such id), tested (already tested on these data with this version of the metric),
    few_people, few_months, no_answer (the method gives no finite estimate), and what `hypothesis.check` raises;
    QuestionError, StoreError.
    """
    tested = register.find(hypothesis_id)
    generation = store.serving()
    version = tested.hypothesis.definition.version
    done = [line for line in register.results() if line.id == hypothesis_id and line.definition_version == version]
    if any(line.is_of(generation) for line in done):
        raise HypothesisError("tested")
    check(tested.hypothesis, store, generation)
    sample = draw(tested.hypothesis, store, generation)
    found = outcome(tested.hypothesis, sample, Gate(PROTECTED, store.keys.noise))
    return register.record(
        tested, generation=generation.number, token=generation.token, definition_version=version, finding=found.finding,
        sides=found.sides, effect=found.effect, verdict=found.verdict,
    )  # fmt: skip


@dataclass(frozen=True)
class PublishedResult:
    """The publishable part of a test. The verdict is based on the exact estimate, before rounding."""

    finding: MethodResult
    sides: tuple[Side, ...]
    effect: Effect
    verdict: Verdict


def outcome(hypothesis: Hypothesis, sample: pl.DataFrame, gate: Gate) -> PublishedResult:
    """Return the publishable result of a test on a sample. Raises HypothesisError (few_people, few_months, no_answer)."""
    refuse_small(hypothesis, sample, sides.sides(hypothesis, sample, gate))
    return publish(hypothesis, sample, finding_of(hypothesis, sample), gate)


def publish(hypothesis: Hypothesis, sample: pl.DataFrame, exact: MethodResult, gate: Gate) -> PublishedResult:
    """Return the publishable part of an exact result.

    sample: the rows it was computed from. Raises HypothesisError: few_people, no_answer (no finite primary estimate).
    """
    published = sides.sides(hypothesis, sample, gate)
    finding = effects.decisive(hypothesis, exact)
    if not finding.estimates:
        raise HypothesisError("no_answer")
    found = effects.effect(hypothesis, finding, sample)
    if not effects.is_finite(found):
        raise HypothesisError("no_answer")
    curves = finding.curves and tuple(
        step
        for name, rows in sides.parts(hypothesis, sample).items()
        for step in sides.published_curve(hypothesis, name, rows, gate)
    )
    groups = tuple(ComparisonGroup(side.name, side.people, side.value) for side in published)
    estimates = tuple(filter(_finite, finding.estimates))
    allowed = publishable(replace(finding, groups=groups, curves=curves, estimates=estimates))
    if allowed is None:
        raise few_people()
    rounded = _rounded_effect(hypothesis, found, allowed.estimates[0].p)
    return PublishedResult(
        _with_rounded_difference(allowed, rounded), published, rounded, effects.verdict(hypothesis, found)
    )


def _with_rounded_difference(finding: MethodResult, rounded: Effect) -> MethodResult:
    """Return the result with a difference of medians rounded as in the effect: below ten, one decimal is kept."""
    first, *rest = finding.estimates
    if first.measure == "days_difference":
        first = replace(first, value=rounded.value, lower=rounded.lower, upper=rounded.upper)
    return replace(finding, estimates=(first, *rest))


def few_people() -> HypothesisError:
    """Return the error to raise when a side has too few people; it carries the gate's limits for the message."""
    return HypothesisError("few_people", (), **limits())


def refuse_small(hypothesis: Hypothesis, sample: pl.DataFrame, published: tuple[Side, ...]) -> None:
    """Raise HypothesisError when a side has too few people (few_people) or a series too few months (few_months)."""
    if any(side.people < least_people(hypothesis) for side in published):
        raise few_people()
    design = hypothesis.design
    if isinstance(design, BeforeAfter) and (hypothesis.kind == "count" or not design.comparison):
        if hypothesis.kind == "time_to_event":
            return
        months = {name: rows["day"].n_unique() for name, rows in sides.parts(hypothesis, sample).items()}
        if any(n < (MONTHS_AFTER if name.endswith("after") else MONTHS_BEFORE) for name, n in months.items()):
            raise HypothesisError("few_months", before=MONTHS_BEFORE, after=MONTHS_AFTER)


def least_people(hypothesis: Hypothesis) -> int:
    """Return the fewest people that each side must have for the result to be published.

    The gate's limit for curves where durations are compared, else its limit for shares.
    """
    if hypothesis.kind == "time_to_event" or (hypothesis.kind == "amount" and hypothesis.design.kind == "groups"):
        return CURVE_FROM
    return SHARE_FROM


def finding_of(hypothesis: Hypothesis, sample: pl.DataFrame) -> MethodResult:
    """Return the exact result of the method that fits the hypothesis; not for display.

    `work.call` writes the same calls as code: change both together.
    """
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


def _finite(one: Estimate) -> bool:
    return all(math.isfinite(number) for number in (one.value, one.lower, one.upper, one.p))


def _rounded_effect(hypothesis: Hypothesis, found: Effect, p: float) -> Effect:
    """Return the effect in whole percentage points, or for other units whole from ten on and with one decimal below."""
    digits = 0 if hypothesis.kind in ("share", "time_to_event") else decimals(found.value)
    value, lower, upper = (round(number, digits) + 0.0 for number in (found.value, found.lower, found.upper))
    return found.model_copy(update={"value": value, "lower": lower, "upper": upper, "p": p})
