"""Testing of registered hypotheses: choice of method by outcome and design, the full result, and what visitors are told."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from data.store.generation import Generation
from data.store.store import Store
from metrics.gate import PROTECTED, Gate, decimals, limits
from metrics.hypotheses import effects, medians, sides
from metrics.hypotheses.background import judged
from metrics.hypotheses.checking import check
from metrics.hypotheses.hypothesis import OTHERS, BeforeAfter, Groups, Hypothesis, HypothesisError
from metrics.hypotheses.methods import areas, before_after, durations, rates, shares
from metrics.hypotheses.methods.finding import ComparisonGroup, EffectMeasure, Estimate, MethodResult
from metrics.hypotheses.methods.likeness import likeness, sizes_as_planned
from metrics.hypotheses.methods.publishing import publishable
from metrics.hypotheses.methods.sequential import at_level, limit
from metrics.hypotheses.methods.weighting import Propensity, propensity
from metrics.hypotheses.published_groups import least_people
from metrics.hypotheses.published_result import published_result
from metrics.hypotheses.register import NO_EFFECT, Effect, GuardrailResult, Register, Result, Side, Verdict
from metrics.hypotheses.samples import draw, draw_facts
from metrics.hypotheses.shapes import counted, series
from metrics.hypotheses.spans import MONTHS_AFTER, MONTHS_BEFORE


def run(register: Register, hypothesis_id: str, store: Store) -> Result:
    """Test a registered hypothesis on the current generation, append the result to the register, and return it.

    Whether there is a result is for everybody to see, so it depends on published numbers alone: where the exact data have no
    answer, that is the result. Raises HypothesisError: unknown (no such id), tested (already tested on these data with this
    version of the metric), looks (tested as many times as was planned), few_people, few_months (by published numbers), and
    what `checking.check` raises; QuestionError, StoreError.
    """
    tested = register.find(hypothesis_id)
    generation, hypothesis = store.released(), tested.hypothesis
    version = hypothesis.definition.version
    done = [line for line in register.results() if line.id == hypothesis_id]
    if any(line.is_of(generation) for line in done if line.definition_version == version):
        raise HypothesisError("tested")
    if len(done) >= hypothesis.looks:
        raise HypothesisError("looks", planned=hypothesis.looks)
    check(hypothesis, store, generation)
    earlier = [line.published.information if line.published else 1.0 for line in done]
    told = published_result(hypothesis, store, generation, earlier)
    exact = full_result(hypothesis, store, generation, [size_of(line.sides) for line in done])
    return register.record(
        tested,
        generation=generation.number,
        token=generation.token,
        definition_version=version,
        published=told,
        **exact,
    )


def full_result(
    hypothesis: Hypothesis, store: Store, generation: Generation, earlier: Sequence[float] = ()
) -> dict[str, Any]:
    """Return the fields of `Result` that only those with the right to internal figures see. Raises StoreError.

    earlier: sizes of the earlier tests (`size_of`). Without an answer (no finite estimate, or too few people or months) there is
    no effect and the verdict is undecided.
    """
    sample, gate = draw(hypothesis, store, generation), Gate(PROTECTED, store.keys.noise)
    published = sides.sides(hypothesis, sample, gate)
    critical = limit([*earlier, size_of(published)], hypothesis.looks)
    try:
        refuse_small(hypothesis, sample, published)
        exact = checked_finding(hypothesis, sample, store, generation)
        found = publish(hypothesis, sample, exact, gate, critical, published)
    except HypothesisError:
        nothing = MethodResult("none", (), ())
        return {"finding": nothing, "sides": published, "effect": NO_EFFECT, "verdict": "undecided"} | {
            "guardrails": guardrails(hypothesis, store, generation, critical)
        }
    return {
        "finding": found.finding, "sides": found.sides, "effect": found.effect, "verdict": found.verdict,
        "guardrails": guardrails(hypothesis, store, generation, critical),
    }  # fmt: skip


def guardrails(
    hypothesis: Hypothesis, store: Store, generation: Generation, critical: float
) -> tuple[GuardrailResult, ...]:
    """Return the results of the registered guardrails, tested in the same comparison. Raises StoreError."""
    gate, results = Gate(PROTECTED, store.keys.noise), []
    for one in hypothesis.guardrails:
        guarded = hypothesis.guarded(one)
        sample = draw(guarded, store, generation)
        try:
            published = sides.sides(guarded, sample, gate)
            refuse_small(guarded, sample, published)
            exact = checked_finding(guarded, sample, store, generation)
            found = publish(guarded, sample, exact, gate, critical, published)
        except HypothesisError:
            results.append(GuardrailResult(metric=one.metric, margin=one.margin, verdict="not_shown"))
            continue
        verdict = effects.guarded(guarded, found.effect, found.verdict)
        results.append(GuardrailResult(metric=one.metric, margin=one.margin, verdict=verdict, effect=found.effect))
    return tuple(results)


def checked_finding(hypothesis: Hypothesis, sample: pl.DataFrame, store: Store, generation: Generation) -> MethodResult:
    """Return the exact result with the checks of two groups' likeness; not for display. Raises StoreError."""
    chance = chance_of(hypothesis, sample)
    found = finding_of(hypothesis, sample, chance)
    if not found.estimates or isinstance(hypothesis.design, BeforeAfter):
        return found
    facts = draw_facts(hypothesis, store, generation, None if chance is None else chance.table)
    return with_checks(hypothesis, found, sample, facts, chance)


def size_of(published: tuple[Side, ...]) -> float:
    """Return the published number of people of all sides: the size of the data of one test among several."""
    return float(sum(side.people for side in published))


@dataclass(frozen=True)
class FullResult:
    """The full result of a test, for those with the right to internal figures. The verdict is that of the exact estimate."""

    finding: MethodResult
    sides: tuple[Side, ...]
    effect: Effect
    verdict: Verdict


def publish(
    hypothesis: Hypothesis,
    sample: pl.DataFrame,
    exact: MethodResult,
    gate: Gate,
    critical: float = 0.0,
    published: tuple[Side, ...] | None = None,
) -> FullResult:
    """Return an exact result rounded for reading, with sides through the gate: what those with the right to internal figures see.

    sample: the rows it was computed from; critical: critical value of one test among several (`sequential.limit`), 0
    for the only one; published: the sides, where they have been computed. Raises HypothesisError: few_people, no_answer (no
    finite primary estimate).
    """
    published = sides.sides(hypothesis, sample, gate) if published is None else published
    finding = effects.decisive(hypothesis, exact)
    if not finding.estimates:
        raise HypothesisError("no_answer")
    first, *rest = finding.estimates
    finding = replace(finding, estimates=(at_level(first, critical), *rest))
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
    return FullResult(
        _with_rounded_difference(allowed, rounded),
        published,
        rounded,
        effects.verdict(hypothesis, found, exact.assumptions),
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
    if isinstance(design, BeforeAfter) and not by_areas(hypothesis):
        if hypothesis.kind == "time_to_event":
            return
        months = {name: rows["day"].n_unique() for name, rows in sides.parts(hypothesis, sample).items()}
        if any(n < (MONTHS_AFTER if name.endswith("after") else MONTHS_BEFORE) for name, n in months.items()):
            raise HypothesisError("few_months", before=MONTHS_BEFORE, after=MONTHS_AFTER)


def finding_of(hypothesis: Hypothesis, sample: pl.DataFrame, chance: Propensity | None) -> MethodResult:
    """Return the exact result of the method that fits the hypothesis; not for display.

    chance: as from `chance_of`. `work.call` writes the same calls as code: change both together.
    """
    design, kind = hypothesis.design, hypothesis.kind
    covariates = tuple(f"c_{name}" for name in hypothesis.covariates)
    people = hypothesis.counts_people
    if isinstance(design, BeforeAfter):
        if kind == "time_to_event":
            return durations.compare(sample)
        if by_areas(hypothesis):
            return areas.compare(counted(sample, people), MEASURES[kind])
        return before_after.interrupted_time_series(series(sample, kind, people))
    match kind:
        case "share":
            return shares.compare(sample, covariates, chance)
        case "count":
            return rates.compare_counts(counted(sample, people))
        case "amount":
            return medians.compare(sample, covariates)
        case _:
            return durations.compare(sample, covariates)


MEASURES: Mapping[str, EffectMeasure] = {
    "share": "share_difference", "amount": "level_change", "count": "rate_ratio"
}  # fmt: skip
"""What changes in a municipality, by kind of outcome."""


def by_areas(hypothesis: Hypothesis) -> bool:
    """Return whether municipalities are compared with each other, rather than months.

    A number of events beside that of one other municipality is a series of months.
    """
    design = hypothesis.design
    if not isinstance(design, BeforeAfter) or design.comparison is None:
        return False
    return hypothesis.kind != "count" or design.comparison == OTHERS


def chance_of(hypothesis: Hypothesis, sample: pl.DataFrame) -> Propensity | None:
    """Return the propensity of two groups by the covariates, None without covariates."""
    covariates = tuple(f"c_{name}" for name in hypothesis.covariates)
    return propensity(sample, covariates) if covariates else None


def with_checks(
    hypothesis: Hypothesis, found: MethodResult, sample: pl.DataFrame, facts: pl.DataFrame, chance: Propensity | None
) -> MethodResult:
    """Return the result of two groups with the checks of their likeness, overlap and planned sizes.

    facts: background of the groups (`samples.facts_sql`); chance: as from `chance_of`. Numbers of events are not judged
    by likeness: they are compared as they are.
    """
    if not isinstance(hypothesis.design, Groups):
        return found
    units = tuple(
        sample.select(pl.col("unit").filter(pl.col("group") == side).n_unique()).item() for side in (True, False)
    )
    sizes = (units[0], units[1])
    balance, alike = likeness(facts, sizes, chance, judged(hypothesis.design.dimension))
    checks = found.assumptions + (alike if hypothesis.kind != "count" else ())
    if hypothesis.planned_share is not None:
        checks += (sizes_as_planned(sizes, hypothesis.planned_share),)
    poor = ("overlap_poor",) * any(one.name == "overlap" and one.verdict == "contradicted" for one in alike)
    return replace(found, assumptions=checks, balance=balance, warnings=(*found.warnings, *poor))


def _finite(one: Estimate) -> bool:
    return all(math.isfinite(number) for number in (one.value, one.lower, one.upper, one.p))


def _rounded_effect(hypothesis: Hypothesis, found: Effect, p: float) -> Effect:
    """Return the effect in whole percentage points, or for other units whole from ten on and with one decimal below."""
    digits = 0 if hypothesis.kind in ("share", "time_to_event") else decimals(found.value)
    value, lower, upper = (round(number, digits) + 0.0 for number in (found.value, found.lower, found.upper))
    return found.model_copy(update={"value": value, "lower": lower, "upper": upper, "p": p})
