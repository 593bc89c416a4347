"""What visitors are told of a test: sides, effect and verdict from published cells.

Everything here is a function of what any page shows, so it stays as it is when one client leaves and the published numbers do not
move. The verdict is that of the rounded effect and of the class of its p value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.store.generation import Generation
from data.store.store import Store
from metrics.gate import decimals, limits
from metrics.grammar.question import QuestionError
from metrics.hypotheses import effects
from metrics.hypotheses.hypothesis import BeforeAfter, Hypothesis, HypothesisError
from metrics.hypotheses.methods.estimates import LEVEL
from metrics.hypotheses.methods.finding import Assumption, Balance
from metrics.hypotheses.methods.sequential import limit
from metrics.hypotheses.published_cells import PublishedFigures
from metrics.hypotheses.published_changes import Changed, changed
from metrics.hypotheses.published_counts import count_sides
from metrics.hypotheses.published_difference import difference, wider
from metrics.hypotheses.published_groups import ComparedSide, group_sides, least_people
from metrics.hypotheses.published_likeness import alike, as_planned
from metrics.hypotheses.published_rounding import rounded
from metrics.hypotheses.register import (
    Effect,
    GuardrailResult,
    PublishedResult,
    PublishedSide,
    PublishedVerdict,
    Reason,
)
from metrics.hypotheses.spans import MONTHS_AFTER, MONTHS_BEFORE


@dataclass(frozen=True)
class PublishedComparison:
    """A comparison as published: its sides, its effect before rounding, and what was checked."""

    sides: tuple[ComparedSide, ...]
    effect: Effect | None = None
    assumptions: tuple[Assumption, ...] = ()
    balance: tuple[Balance, ...] = ()
    change: Changed | None = None


def published_result(
    hypothesis: Hypothesis, store: Store, generation: Generation, earlier: Sequence[float] = ()
) -> PublishedResult:
    """Return what visitors are told of a hypothesis' test.

    earlier: the information of its earlier tests. Raises HypothesisError where published numbers show that there are too few
    people (few_people) or months (few_months); QuestionError, StoreError.
    """
    found = compared(hypothesis, store, generation)
    refuse_few(hypothesis, found)
    information = sum(side.size.value for side in found.sides if side.size)
    critical = limit([*earlier, information], hypothesis.looks)
    return _told(
        hypothesis,
        found,
        critical,
        information,
        _guardrails(hypothesis, store, generation, critical, found.assumptions),
    )


def compared(
    hypothesis: Hypothesis, store: Store, generation: Generation, *, checked: bool = True
) -> PublishedComparison:
    """Return the comparison of a hypothesis from published cells. checked: with likeness. Raises as `PublishedFigures.read`."""
    figures = PublishedFigures(hypothesis, store, generation)
    if isinstance(hypothesis.design, BeforeAfter):
        change = changed(hypothesis, figures)
        one = change.estimate
        effect = (
            None if one is None else Effect(name=one.name, value=one.value, lower=one.lower, upper=one.upper, p=one.p)
        )
        return PublishedComparison(change.sides, effect, change.assumptions, change=change)
    checks: tuple[Assumption, ...] = ()
    if hypothesis.kind == "count":
        sides, checks = count_sides(hypothesis, figures)
    else:
        sides = group_sides(hypothesis, figures)
    balance: tuple[Balance, ...] = ()
    if checked:
        balance, likeness = alike(hypothesis, figures, sides)
        checks += likeness
        if hypothesis.planned_share is not None:
            checks += (as_planned(hypothesis.planned_share, sides),)
    return PublishedComparison(sides, difference(hypothesis, sides), checks, balance)


def refuse_few(hypothesis: Hypothesis, found: PublishedComparison) -> None:
    """Raise HypothesisError when published numbers show that there are too few people (few_people) or months (few_months)."""
    if any(side.most < least_people(hypothesis) for side in found.sides):
        raise HypothesisError("few_people", (), **limits())
    change = found.change
    if change is None or change.months is None or hypothesis.kind == "time_to_event":
        return
    if change.months[0] < MONTHS_BEFORE or change.months[1] < MONTHS_AFTER:
        raise HypothesisError("few_months", before=MONTHS_BEFORE, after=MONTHS_AFTER)


def _told(
    hypothesis: Hypothesis,
    found: PublishedComparison,
    critical: float,
    information: float,
    guarded: tuple[GuardrailResult, ...],
) -> PublishedResult:
    effect = None if found.effect is None or not effects.is_finite(found.effect) else wider(found.effect, critical)
    told = None if effect is None else rounded(effect, hypothesis.unit)
    verdict, reason = _verdict(hypothesis, told, found.assumptions)
    return PublishedResult(
        sides=tuple(_side(hypothesis, side) for side in found.sides), effect=told, verdict=verdict, reason=reason,
        assumptions=found.assumptions, balance=found.balance, guardrails=guarded, information=information,
    )  # fmt: skip


def _verdict(
    hypothesis: Hypothesis, told: Effect | None, assumptions: Sequence[Assumption]
) -> tuple[PublishedVerdict, Reason | None]:
    """Return the verdict of a rounded effect; `open` with the reason where published figures do not decide."""
    if hypothesis.covariates:
        return "open", "adjusted"
    wrong = {one.name for one in assumptions if one.verdict == "contradicted"}
    if wrong & effects.deciding(hypothesis):
        return "incomparable", None
    if told is None:
        return "open", "not_shown"
    found = effects.verdict(hypothesis, told, assumptions)
    if found == "undecided" or found == "incomparable" or (found == "kept" and told.p >= LEVEL):
        return "open", "unclear"
    return found, None


def _side(hypothesis: Hypothesis, side: ComparedSide) -> PublishedSide:
    value = side.value()
    return PublishedSide(
        name=side.name,
        size=None if side.size is None else round(side.size.value),
        people=None if side.people is None else round(side.people),
        value=None if value is None else round(value[0], 0 if hypothesis.unit == "%" else decimals(value[0])) + 0.0,
    )


def _guardrails(
    hypothesis: Hypothesis, store: Store, generation: Generation, critical: float, assumptions: Sequence[Assumption]
) -> tuple[GuardrailResult, ...]:
    """Return the results of the guardrails in the same comparison, whose groups are judged once.

    assumptions: of the hypothesis itself. Numbers of events are not judged by likeness, so their guardrails are.
    """
    results, judged = [], hypothesis.kind != "count"
    kept = tuple(one for one in assumptions if one.name in ("groups_alike", "sizes_as_planned")) if judged else ()
    for one in hypothesis.guardrails:
        guarded = hypothesis.guarded(one)
        try:
            found = compared(guarded, store, generation, checked=not judged)
            refuse_few(guarded, found)
        except (HypothesisError, QuestionError):
            results.append(GuardrailResult(metric=one.metric, margin=one.margin, verdict="not_shown"))
            continue
        told = _told(guarded, replace(found, assumptions=(*found.assumptions, *kept)), critical, 0.0, ())
        if told.effect is None or told.reason == "adjusted":
            results.append(GuardrailResult(metric=one.metric, margin=one.margin, verdict="not_shown"))
            continue
        verdict = effects.guarded(
            guarded, told.effect, "incomparable" if told.verdict == "incomparable" else "undecided"
        )
        results.append(GuardrailResult(metric=one.metric, margin=one.margin, verdict=verdict, effect=told.effect))
    return tuple(results)
