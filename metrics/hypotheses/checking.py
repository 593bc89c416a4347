"""Checks of a hypothesis before it is registered or tested: definitions, code lists, the closed grammar, and the design."""

from data.store.generation import Generation
from data.store.store import Store
from metrics.audience import PROTECTED
from metrics.grammar.period import Period, PeriodError
from metrics.grammar.question import QuestionError, validate
from metrics.hypotheses.background import covariates_of
from metrics.hypotheses.evidence import refuse_unknown
from metrics.hypotheses.hypothesis import (
    MOST_COVARIATES,
    OTHERS,
    PLACE,
    BeforeAfter,
    Groups,
    Hypothesis,
    HypothesisError,
    group_dimensions,
    guardrail_metrics,
    outcomes,
)
from metrics.model.dimensions import is_unknown, service_points
from metrics.model.facts.fact import base_of


def check(hypothesis: Hypothesis, store: Store, generation: Generation | None = None) -> None:
    """Check a hypothesis against metric definitions, code lists and the closed grammar.

    generation: the data whose service points and periods are valid, by default the current generation. Raises
    HypothesisError (outcome, period, smallest, list_dimension, same_fact, of_counts, same_group, unknown_group,
    covariates, comparison, same_place, month, planned, guardrail, and what the files lack: `evidence.refuse_unknown`),
    QuestionError for other errors of the grammar, StoreError.
    """
    generation = generation or store.released()
    _check_grammar(hypothesis, store, generation)
    refuse_unknown(hypothesis, store, generation)


def _check_grammar(hypothesis: Hypothesis, store: Store, generation: Generation) -> None:
    match hypothesis.design:  # before the grammar, whose words for a code given twice say less
        case Groups(compared=one, reference=other) if one == other:
            raise HypothesisError("same_group")
        case BeforeAfter(area=area, comparison=other) if area and area == other:
            raise HypothesisError("same_place")
    if hypothesis.outcome not in outcomes():
        raise HypothesisError("outcome")
    try:
        places = tuple(service_points(store, generation, PROTECTED))
        validate(hypothesis.as_question, generation, places, lambda: generation.first_day)
    except QuestionError as error:
        if error.reason == "unknown_period":
            raise HypothesisError("period") from None
        raise
    if hypothesis.unit == "%" and hypothesis.smallest > 100:
        raise HypothesisError("smallest")
    match hypothesis.design:
        case Groups(dimension=dimension, compared=one, reference=other):
            if dimension not in group_dimensions(hypothesis.outcome):
                raise HypothesisError("list_dimension")
            if any(is_unknown(hypothesis.outcome, dimension, code) for code in (one, other)):
                raise HypothesisError("unknown_group")
            _check_covariates(hypothesis, dimension)
        case BeforeAfter() as design:
            _check_before_after(hypothesis, design)
    _check_guardrails(hypothesis, store, generation)


def _check_covariates(hypothesis: Hypothesis, dimension: str) -> None:
    chosen = hypothesis.covariates
    if not chosen:
        return
    if hypothesis.kind == "count":  # a number of events has nobody beside it whose background could differ
        raise HypothesisError("of_counts")
    if len(chosen) > MOST_COVARIATES or not set(chosen) <= set(covariates_of(hypothesis.definition)):
        raise HypothesisError("list_dimension")
    bases = [base_of(name) for name in (dimension, *chosen)]
    if len(set(bases)) < len(bases):
        raise HypothesisError("same_fact")


def _check_before_after(hypothesis: Hypothesis, design: BeforeAfter) -> None:
    if hypothesis.covariates:
        raise HypothesisError("covariates")
    if hypothesis.planned_share is not None:
        raise HypothesisError("planned")
    if design.comparison and (not design.area or hypothesis.kind == "time_to_event"):
        raise HypothesisError("comparison")
    for place in (design.area, design.comparison):
        if place == OTHERS and place == design.comparison:
            if PLACE not in hypothesis.definition.allowed:
                raise HypothesisError("comparison")
        elif place is not None and (not place or is_unknown(hypothesis.outcome, PLACE, place)):
            raise HypothesisError("unknown_group")
    try:
        span, month = Period.parse(hypothesis.period), Period.parse(design.month)
    except PeriodError:
        raise HypothesisError("period") from None
    first, last, start = span.first_day, span.last_day, month.first_day
    if start and ((first and start <= first) or (last and start > last)):
        raise HypothesisError("month")


def _check_guardrails(hypothesis: Hypothesis, store: Store, generation: Generation) -> None:
    named = [guardrail.metric for guardrail in hypothesis.guardrails]
    if len(set(named)) < len(named) or not set(named) <= set(guardrail_metrics(hypothesis.outcome)):
        raise HypothesisError("guardrail")
    for guardrail in hypothesis.guardrails:
        try:
            _check_grammar(hypothesis.guarded(guardrail), store, generation)
        except (HypothesisError, QuestionError):
            raise HypothesisError("guardrail") from None
