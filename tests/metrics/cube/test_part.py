"""What is computed at once for a question is what the whole set of cells holds, for everybody who asks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.store.generation import Generation
from data.store.store import Store
from metrics.ask import ask, ask_curve
from metrics.audience import INTERNAL, PROTECTED
from metrics.cube.counting import Counting
from metrics.cube.part import CellPart
from metrics.grammar.period import Period
from metrics.grammar.question import Question, QuestionError
from metrics.measures import lacking
from metrics.model.definition import definitions
from metrics.model.dimensions import codes, service_points
from metrics.model.facts.encounters import ENCOUNTER
from metrics.model.facts.enrolments import ENROLLED
from metrics.model.facts.fact import base_of
from metrics.model.facts.referrals import REFERRAL
from metrics.model.kinds import TimeToEvent
from metrics.together import count_together
from tests.conftest import own_copy
from tests.metrics.made import store_of

PERIODS = (
    *(("2026-ytd-09", None), ("2025-ytd-04", None), ("2026-09", None), ("2025-Q4", None), ("2025", None)),
    *(("all", None), ("all", "month"), ("all", "quarter"), ("all", "year"), ("2026", "month"), ("2025", "quarter")),
)


@pytest.fixture
def told() -> Iterator[list[Question]]:
    found: list[Question] = []

    def take(question: Question, _: Generation) -> None:
        found.append(question)

    lacking.tell(take)
    yield found
    lacking.tell(None)


@pytest.fixture(scope="module")
def store(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(own_copy(sample_store, tmp_path_factory.mktemp("part") / "store"))


def answers(question: Question, store: Store) -> object:
    """Every published value of a question, or why it is refused."""
    try:
        rows = ask(question, store).rows
    except QuestionError as error:
        return error.reason
    is_curve = isinstance(definitions()[question.metrics[0]].measure, TimeToEvent)
    return rows, ask_curve(question, store) if is_curve else ()


def same_both_ways(question: Question, store: Store) -> bool:
    """Whether a question has the same answer before its cells are there as from them; nothing is kept of the first."""
    bare = Store(store.path.with_name("bare"))
    found: list[Question] = []
    lacking.tell(lambda asked, _: found.append(asked))
    try:
        at_once = answers(question, bare)
    finally:
        lacking.tell(None)
    assert not list(bare.path.glob("cube/*/*.cells"))
    assert found or isinstance(at_once, str)
    return at_once == answers(question, store)


@pytest.fixture(scope="module")
def bare(store: Store) -> Store:
    """The same store, in which no cells are ever made."""
    folder = own_copy(store.path, store.path.with_name("bare"), cells=False)
    return Store(folder)


@st.composite
def questions(draw: st.DrawFn, store: Store) -> Question:
    metric = definitions()[draw(st.sampled_from(sorted(definitions())))]
    free = [name for name in metric.allowed if name not in metric.requires]
    others = draw(st.lists(st.sampled_from(free), max_size=3 - len(metric.requires), unique_by=base_of)) if free else []
    places = tuple(service_points(store, store.serving(), PROTECTED))
    by, where = list(metric.requires), []
    for name in others:
        if draw(st.booleans()):
            of_name = codes(metric.id, name, places)
            chosen = draw(st.lists(st.sampled_from(of_name[:12]), min_size=1, max_size=2, unique=True))
            where.append((name, tuple(chosen)))
        else:
            by.append(name)
    period, each = draw(st.sampled_from(PERIODS))
    audience = draw(st.sampled_from((PROTECTED, PROTECTED, INTERNAL)))
    return Question((metric.id,), tuple(by), tuple(where), period, each, audience)  # type: ignore[arg-type]


@pytest.mark.slow
@hypothesis_settings(max_examples=30)
@given(st.data())
def test_an_answer_before_the_cells_is_the_answer_from_the_cells(
    store: Store, bare: Store, data: st.DataObject
) -> None:
    question = data.draw(questions(store))
    assert same_both_ways(question, store), question.words


FEW = [
    Question(("encounters", "clients"), by, where, period, each, audience)  # type: ignore[arg-type]
    for audience in (PROTECTED, INTERNAL)
    for by, where, period, each in (
        ((), (), "2026-ytd-09", None),
        (("language",), (), "all", "month"),
        ((), (("language", ("so",)),), "all", None),
        (("topic",), (("language", ("ru", "so")),), "2025", "quarter"),
    )
] + [
    Question(("new_clients", "solved_share"), (), (("language", ("so",)),), "2025-ytd-09"),
    Question(("new_clients", "solved_share"), ("topic",), (("language", ("so", "ru")),), "all", "month"),
    Question(("referral_started_share", "active_clients"), (), (("language", ("so",)),), "2026", "month"),
]


@pytest.mark.parametrize("question", FEW, ids=[f"{one.words} {one.each}" for one in FEW])
def test_common_questions_have_the_same_answer_before_their_cells(
    question: Question, store: Store, bare: Store
) -> None:
    assert same_both_ways(question, store)


def test_who_makes_cells_is_told_once_and_asked_again_from_memory(
    bare: Store, told: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(("clients",), (), (("municipality", ("853",)),), "2025")
    first = ask(question, bare)
    assert set(told) == {question}
    monkeypatch.setattr(Store, "read", lambda *_: pytest.fail("the store is read again"))
    assert ask(question, bare) == first


def test_with_nobody_to_make_them_cells_are_made_by_whoever_asks(store: Store) -> None:
    shutil.rmtree(store.cube_path(store.serving()), ignore_errors=True)
    ask(Question(("clients",), period="2025"), store)
    assert list(store.path.glob("cube/*/*.cells"))


@pytest.mark.parametrize("of_some", [True, False])
@pytest.mark.parametrize("batched", [True, False])
def test_codes_bear_upon_each_other_in_a_breakdown_of_visitors(batched: bool, of_some: bool) -> None:
    """A condition is a code, too."""
    only, counted = {"language": ("so",)}, Counting(ENCOUNTER, "new_client" if of_some else "true")
    for dimensions in (("language",), *combinations(("language", "sex", "topic"), 2)):
        part = CellPart.of((Period.parse("2025"),), dimensions, only, counted, batched=batched)
        assert bool(part.codes) == ("language" in dimensions and not (batched and len(dimensions) + of_some > 1))


def test_a_months_own_people_wait_for_nobody_unless_what_is_told_of_them_turns_or_they_stay() -> None:
    only, dimensions, months = {"language": ("so",)}, ("language", "sex"), (Period.parse("2025-03"),)

    def codes_of(measure: Counting, *periods: Period) -> object:
        return CellPart.of(periods, dimensions, only, measure, batched=True).codes

    of_some = Counting(ENCOUNTER, "new_client")
    assert codes_of(of_some, *months) == (("language", ("so",)),)
    assert codes_of(of_some, *months, Period.parse("2025-Q1")) == ()
    turning = next(name for name in REFERRAL.statuses)
    assert codes_of(Counting(REFERRAL, turning), *months) == ()
    assert codes_of(Counting(ENROLLED), *months) == ()


def test_those_who_wait_to_leave_are_there_in_months_in_which_nobody_else_of_their_code_is(tmp_path: Path) -> None:
    """Four of a language wait, with whom a year begins in whose January there are only others."""
    so, ar = ((("language", (code,)),) for code in ("so", "ar"))
    rows = [
        {"client": client, "started_on": started, "ended_on": ended, "language": language}
        for client, (language, started, ended) in enumerate(
            [("so", date(2025, 3, 10), date(2025, 8, 20))] * 7
            + [("so", date(2025, 3, 10), date(2025, 10, 20))] * 4
            + [("so", date(2026, 3, 10), None)] * 12
            + [("ar", date(2025, 1, 10), None)] * 20
            + [("fa", date(2026, 12, 31), None)],
            1,
        )
    ]
    followed = [row | {"record": row["client"], "followed_until": date(2026, 12, 31)} for row in rows]
    store = store_of(tmp_path / "store", {"enrolment": followed})
    own_copy(store.path, tmp_path / "bare", cells=False)
    for where, (period, each) in product((so, ar), (("2026", None), ("all", "year"), ("2026", "month"), ("all", None))):
        question = Question(("active_clients",), (), where, period, each)  # type: ignore[arg-type]
        assert same_both_ways(question, store)
    only, whole_year = {"language": ("so",)}, (Period.parse("2026"),)
    assert CellPart.of(whole_year, ("language",), only, Counting(ENROLLED), batched=True).codes == ()
    assert CellPart.of(whole_year, ("language",), only, Counting(ENROLLED), batched=False).codes


YEARS = st.none() | st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda two: (min(two), max(two)))
PARTS = st.builds(
    CellPart,
    st.sets(st.sampled_from(("month", "year")), min_size=1).map(lambda levels: tuple(sorted(levels))),
    YEARS,
    st.dictionaries(st.sampled_from("ab"), st.sets(st.sampled_from("12"), min_size=1).map(tuple), max_size=2).map(
        lambda codes: tuple(sorted(codes.items()))
    ),
)


def holds(part: CellPart) -> set[tuple[str, int, str, str]]:
    """Every cell of a part, of years from 0 to 4."""
    years = range(5) if part.years is None else range(part.years[0], part.years[1] + 1)
    codes = dict(part.codes)
    return set(product(part.levels, years, codes.get("a", "12"), codes.get("b", "12")))


@given(PARTS, PARTS)
def test_a_part_covers_another_one_when_it_holds_all_of_it(one: CellPart, other: CellPart) -> None:
    # One that is fixed to every code there is now does not cover one that is not fixed: there may be others.
    if all(name in dict(other.codes) for name, _ in one.codes):
        assert one.covers(other) == (holds(one) >= holds(other))
    else:
        assert not one.covers(other)
    if joined := one.joined(other):
        assert holds(joined) == holds(one) | holds(other)
        assert joined.covers(one)
        assert joined.covers(other)
    assert one.covers(one)


def test_a_part_in_memory_answers_what_lies_in_it(
    bare: Store, told: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_place = (("municipality", ("092",)),)
    every = [Question(("new_clients",), (), of_place, period, "month") for period in ("2026", "2025")]
    count_together(every, bare, bare.serving())
    monkeypatch.setattr(Store, "read", lambda *_: pytest.fail("the store is read again"))
    assert all(ask(question, bare).rows for question in every)


def test_a_code_is_text_in_a_statement() -> None:
    condition = CellPart(("all",), codes=(("service_point", ("o'clock",)),)).condition(is_stock=False)
    assert condition == "service_point::VARCHAR IN ('o''clock')"
