"""The grammar: what can be asked, what is refused, and what is offered instead."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.refusal import refusal_text
from data.store.store import Store
from data.texts import LANGUAGES, texts
from metrics.ask import ask, ask_curve
from metrics.audience import INTERNAL
from metrics.grammar.answer import Answer
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions
from metrics.model.facts import FACTS
from tests.metrics.made import store_of


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    rows = [
        {
            "client": 1 + i % 60,
            "occurred_on": date(2025, 1 + i % 6, 3),
            "language": ("so", "ar")[i % 2],
            "municipality": "049",
        }
        for i in range(240)
    ]
    return store_of(tmp_path_factory.mktemp("question") / "store", {"encounter": rows})


@pytest.mark.parametrize(
    ("question", "reason", "nearest"),
    [
        (Question(()), "no_metric", ()),
        (Question(("encounter",)), "unknown_metric", ("encounters",)),
        (Question(("clients",), by=("languge",)), "unknown_dimension", ("language",)),
        (Question(("clients",), by=("to_service",)), "unknown_dimension", None),
        (Question(("clients",), where=(("language", ("so", "klingon")),)), "unknown_code", None),
        (Question(("clients",), where=(("language", ()),)), "unknown_code", None),
        (Question(("clients",), period="2025-13"), "unknown_period", None),
        (Question(("clients",), period="2025", each="week"), "unknown_each", None),  # type: ignore[arg-type]
        (Question(("clients",), period="2025-03", each="quarter"), "each_not_finer", None),
        (Question(("clients",), by=("language", "language")), "dimension_twice", None),
        (Question(("clients",), by=("language",), where=(("language", ("so",)),)), "dimension_twice", None),
        (Question(("clients",), by=("region", "municipality")), "place_twice", ("municipality",)),
        (Question(("clients",), by=("language", "language_group")), "place_twice", None),
        (Question(("clients",), by=("language", "topic", "channel", "service")), "too_many_dimensions", None),
        (Question(("flow",)), "needs_dimension", ("from_service", "to_service")),
        (Question(("clients",), audience="public"), "unknown_audience", None),
    ],
)
def test_refusals_say_why_and_what_can_be_asked(
    store: Store, question: Question, reason: str, nearest: tuple[str, ...] | None
) -> None:
    with pytest.raises(QuestionError) as refused:
        ask(question, store)
    assert refused.value.reason == reason
    if nearest is not None:
        assert set(nearest) <= set(refused.value.nearest) or nearest == refused.value.nearest
    for lang in ("fi", "sv", "en"):
        assert refusal_text(refused.value, texts(lang))


def test_only_time_to_event_metrics_have_curves(store: Store) -> None:
    with pytest.raises(QuestionError) as refused:
        ask_curve(Question(("clients",)), store)
    assert refused.value.reason == "not_a_curve"


def test_several_codes_give_one_row_each_and_no_total(store: Store) -> None:
    rows = ask(Question(("clients",), where=(("language", ("so", "ar", "uk")),), audience="internal"), store).rows
    assert [(row.codes["language"], row.value) for row in rows] == [("so", 30), ("ar", 30), ("uk", 0)]


def test_a_breakdown_lists_codes_with_a_shown_number_only(store: Store) -> None:
    rows = ask(Question(("clients",), by=("language",)), store).rows
    assert [row.codes["language"] for row in rows] == ["ar", "so"]


def test_each_gives_one_row_per_period_with_data(store: Store) -> None:
    rows = ask(Question(("encounters",), period="2025", each="month", audience="internal"), store).rows
    assert [(row.period, row.value) for row in rows] == [(f"2025-0{m}", 40) for m in range(1, 7)]


words = st.sampled_from(
    [*definitions(), *(d for f in FACTS.values() for d in f.dimensions), "so", "049", "", "2025", "all", "x"]
)


def answered_or_said(question: Question, store: Store) -> Answer | None:
    """The answer, or None when the question is refused with words in every language."""
    try:
        return ask(question, store)
    except QuestionError as refused:
        said = [refusal_text(refused, texts(lang)) for lang in LANGUAGES]
    assert all(said)
    return None


@settings(max_examples=150, deadline=None)
@given(
    metrics=st.lists(words, max_size=2),
    by=st.lists(words, max_size=4),
    where=st.lists(st.tuples(words, st.lists(words, max_size=2).map(tuple)), max_size=2),
    period=words,
    each=st.sampled_from([None, "month", "day"]),
)
def test_any_question_is_answered_with_canonical_cells_or_refused(
    store: Store,
    metrics: list[str],
    by: list[str],
    where: list[tuple[str, tuple[str, ...]]],
    period: str,
    each: str | None,
) -> None:
    question = Question(tuple(metrics), tuple(by), tuple(where), period, each)  # type: ignore[arg-type]
    answer = answered_or_said(question, store)
    if answer is None:
        return
    for row in answer.rows:
        assert len(row.codes) <= 3
        assert set(row.codes) == set(question.dimensions)
        assert (row.state == "shown") == (row.value is not None)


def test_answers_say_what_they_stand_on(store: Store) -> None:
    answer = ask(Question(("clients", "wait_days"), period="2025"), store)
    assert answer.generation == 1
    assert answer.data_until == answer.closed_until == date(2025, 6, 30)
    assert ask(Question(("clients",), period="2025", audience=INTERNAL), store).data_until == date(2025, 6, 3)
    assert answer.definition_version == {"clients": 1, "wait_days": 1}
    assert store.cube_path(store.serving()).is_dir()
