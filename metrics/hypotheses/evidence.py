"""What the files must tell before a hypothesis is registered or tested: its figure, its groups and its background facts.

The rule is that of ordinary questions (`measures.evidence`); it is asked for each side of the comparison, for its own time and
place.
"""

from functools import lru_cache

from data.store.generation import Generation
from data.store.store import Store
from metrics.gate import NO_DATA, NOT_RECORDED, SHARE_FROM
from metrics.grammar.answer import PART
from metrics.grammar.period import Period
from metrics.hypotheses.background import with_background
from metrics.hypotheses.hypothesis import PLACE, BeforeAfter, Groups, Hypothesis, HypothesisError
from metrics.hypotheses.published_result import compared
from metrics.hypotheses.spans import change_evidence, side_evidence
from metrics.measures.evidence import Evidence, Lack, evidence_of
from metrics.model.definition import Definition, definitions
from metrics.model.facts.months import HORIZON_DAYS
from metrics.model.kinds import Share, TimeToEvent

HORIZON = min(HORIZON_DAYS.values())
"""Days of follow-up without which no hypothesis on a time to an event has an answer: those of the shortest horizon."""

DATED_FROM = 90
"""Lowest percentage of what has happened on a side whose day must be recorded: the rest is left out of the comparison."""


def refuse_unknown(hypothesis: Hypothesis, store: Store, generation: Generation) -> None:
    """Raise HypothesisError when the files cannot tell a side of the comparison, or a guardrail's figure.

    Reasons: no_data (with `tables`), not_recorded (with `fields`), too_early_to_look_back or immature (with `days`),
    other_sources (before and after a change), part_known (known for too few). Raises StoreError.
    """
    for one in (hypothesis, *map(hypothesis.guarded, hypothesis.guardrails)):
        for evidence in side_evidence(one, store, generation):
            _refuse(one.outcome, _columns(one), evidence)
        _refuse_other_sources(one, store, generation)
        _refuse_barely_known(one, store, generation)


def _refuse_other_sources(hypothesis: Hypothesis, store: Store, generation: Generation) -> None:
    """Raise HypothesisError when others have delivered the time before a change than the time after it.

    Whoever has joined or left looks like the change. A number of events also needs every month of the same sources, and whole:
    half of one has half of the events. All other municipalities are compared one by one, each with itself.
    """
    spans, definition = change_evidence(hypothesis, store, generation), hypothesis.definition
    is_part = hypothesis.kind == "count" and any(
        PART in evidence.ground(definition) for one in spans for evidence in one
    )  # fmt: skip
    if is_part or any(len({evidence.sources(definition) for evidence in one}) > 1 for one in spans):
        raise HypothesisError("other_sources", metric=hypothesis.outcome)


def refuse_unknown_choice(metric: str, dimension: str, period: str, store: Store, generation: Generation) -> None:
    """Raise HypothesisError when the files cannot tell a metric by a dimension in a period, whatever the groups."""
    _refuse(metric, (dimension,), evidence_of(store, generation, Period.parse(period)))


def _refuse(metric: str, columns: tuple[str, ...], evidence: Evidence) -> None:
    """Raise HypothesisError when the files cannot tell a metric, or columns that its rows are grouped or adjusted by."""
    definition = definitions()[metric]
    lack = evidence.lack(definition, HORIZON if isinstance(definition.measure, TimeToEvent) else 0)
    if lack is not None:
        raise _error(definition, lack)
    fact = with_background(definition.of_fact)
    for name in columns:
        lack = evidence.lack_of_column(fact, name)
        if lack is not None:
            raise _error(definition, lack)


def _error(definition: Definition, lack: Lack) -> HypothesisError:
    if lack.state == NO_DATA:
        return HypothesisError("no_data", metric=definition.id, tables=",".join(lack.tables))
    if lack.state == NOT_RECORDED and not lack.days:
        return HypothesisError("not_recorded", metric=definition.id, fields=",".join(lack.fields))
    reason = "too_early_to_look_back" if lack.state == NOT_RECORDED else "immature"
    return HypothesisError(reason, metric=definition.id, days=lack.days)


def _refuse_barely_known(hypothesis: Hypothesis, store: Store, generation: Generation) -> None:
    """Raise HypothesisError when a side of a share is known for too few of those it is of, in published numbers."""
    share = hypothesis.definition.measure
    if isinstance(share, Share) and share.known != "true":
        # Only the comparison decides; a form asks again with every letter typed.
        plain = {"question": "", "smallest": 1.0, "direction": "either", "covariates": (), "guardrails": (), "looks": 1}
        compared = hypothesis.model_copy(update={**plain, "planned_share": None})
        if not _is_known_enough(compared, share, store, generation):
            raise HypothesisError("part_known", metric=hypothesis.outcome)


@lru_cache(maxsize=64)
def _is_known_enough(hypothesis: Hypothesis, share: Share, store: Store, generation: Generation) -> bool:
    """Return whether every side is known for enough, by the numbers that visitors see: whether it is, they see as well."""
    for side in compared(hypothesis, store, generation, checked=False).sides:
        known, whole = side.known
        if whole >= SHARE_FROM and _percent(known, whole) < share.known_from:
            return False
        if side.happened >= SHARE_FROM and _percent(side.dated, side.happened) < DATED_FROM:
            return False
    return True


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole


def _columns(hypothesis: Hypothesis) -> tuple[str, ...]:
    """Return the columns of the rows that the sides are made of, or adjusted by."""
    match hypothesis.design:
        case Groups(dimension=dimension):
            return (dimension, *(name for name in hypothesis.covariates if name != "month"))
        case BeforeAfter(area=area):
            return (PLACE,) if area else ()
