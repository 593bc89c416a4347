"""Whoever may see exact values of some municipalities gets those, of every metric, and nothing that reaches further."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.codes import code_list
from data.store.store import Store
from metrics.ask import ask, ask_curve
from metrics.audience import (
    INTERNAL,
    OWN_BY,
    PROTECTED,
    internal_of,
    is_exact,
    is_exact_everywhere,
    may_ask,
    municipalities_of,
)
from metrics.grammar.question import MOST_DIMENSIONS, Question, QuestionError
from metrics.model.definition import definitions
from metrics.model.dimensions import codes
from metrics.model.kinds import TimeToEvent

OWN = internal_of(["049"])
BEYOND: tuple[tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    ((), ()),
    ((), ((OWN_BY, ("091",)),)),
    ((), ((OWN_BY, ("049", "091")),)),
    ((), ((OWN_BY, ()),)),
    ((OWN_BY,), ()),
    (("region",), ()),
    ((), (("region", ("01",)),)),
    ((), (("language", ("so",)),)),
)
"""What to break down by, and what to fix: each reaches beyond Espoo."""


@pytest.mark.parametrize("metric", tuple(definitions()))
def test_every_metric_answers_for_ones_own_alone(metric: str, sample_store: Path) -> None:
    store, definition = Store(sample_store), definitions()[metric]
    needs = tuple((name, codes(metric, name, ())[:1]) for name in definition.requires)
    for by, where in BEYOND:
        question = Question((metric,), by=by, where=(*where, *needs), period="2025", audience=OWN)
        for asking in (ask, ask_curve) if isinstance(definition.measure, TimeToEvent) else (ask,):
            with pytest.raises(QuestionError) as refused:
                asking(question, store)
            assert refused.value.reason == "not_own"
            assert refused.value.params == {"municipalities": "049"}
    if OWN_BY not in definition.allowed or len(needs) == MOST_DIMENSIONS:
        return
    fixed = ((OWN_BY, ("049",)), *needs)
    mine, exact = (
        ask(Question((metric,), where=fixed, period="2025", audience=audience), store) for audience in (OWN, INTERNAL)
    )
    assert mine.rows == exact.rows
    assert mine.exact


def test_several_municipalities_are_ones_own_one_by_one(sample_store: Path) -> None:
    both, store = internal_of(["049", "092"]), Store(sample_store)
    where = ((OWN_BY, ("092", "049")),)
    assert ask(Question(("clients",), where=where, audience=both), store).rows
    with pytest.raises(QuestionError, match="not_own"):
        ask(Question(("clients",), where=where, audience=OWN), store)


def test_who_sees_some_does_not_see_all() -> None:
    assert is_exact(OWN)
    assert not is_exact_everywhere(OWN)
    assert [is_exact_everywhere(one) for one in (INTERNAL, PROTECTED)] == [True, False]


def test_the_answer_of_the_command_line_is_the_same_door() -> None:
    assert may_ask(PROTECTED, {})
    assert may_ask(INTERNAL, {})
    assert not may_ask(OWN, {})


areas = st.sets(
    st.sampled_from([code.id for code in code_list("municipality").codes if code.id.isdecimal()]), max_size=4
)


@given(areas, areas)
def test_an_audience_of_some_is_read_as_it_is_written(own: set[str], asked: set[str]) -> None:
    audience = internal_of(own)
    assert municipalities_of(audience) == (frozenset(own) if own else None)
    assert is_exact(audience) is bool(own)
    if own:
        assert may_ask(audience, {OWN_BY: asked}) is (bool(asked) and asked <= own)
