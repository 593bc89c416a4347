"""Several questions are counted in one scan for each fact, set of dimensions and file, and each is answered from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from threading import Barrier

import polars as pl
import pytest

from data.store.errors import StoreError
from data.store.generation import Generation
from data.store.store import Store
from metrics.ask import ask
from metrics.cube.counting import Counting
from metrics.cube.cube import computing_with
from metrics.cube.lookup import SetOfCells
from metrics.cube.part import CellPart
from metrics.cube.scan import Job, OneScan
from metrics.grammar.question import Question
from metrics.measures import lacking
from metrics.model.definition import definitions
from metrics.model.facts.encounters import ENCOUNTER
from metrics.together import _gather, _Gathered, count_together
from tests.conftest import own_copy

ARABIC = (("language_group", ("arabic",)),)
METRICS = ("clients", "encounters", "solved_share", "referrals", "return_share")
QUESTIONS = (
    *(Question((metric,), where=ARABIC, period="2026-ytd-09") for metric in METRICS),
    Question(("solved_share",), by=("topic",), where=ARABIC, period="2026-ytd-09"),
    *(Question((metric,), where=ARABIC, period="all", each="month") for metric in ("clients", "encounters")),
)


class Counted(OneScan):
    """Counts scans, by fact, dimensions and the month that a file of the year to date ends in."""

    def __init__(self) -> None:
        self.scans: list[tuple[str, tuple[str, ...], int | None, int]] = []
        self.parts: list[CellPart | None] = []

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        assert isinstance(job.counted, tuple)
        shape = job.shape
        self.scans.append((job.counted[0].fact.name, shape.dimensions, shape.to_month, len(job.counted)))
        self.parts.append(shape.part)
        return super().compute(job, store, generation)


@pytest.fixture
def store(sample_store: Path, tmp_path: Path) -> Store:
    return Store(own_copy(sample_store, tmp_path / "store", cells=False))


@pytest.fixture
def scans() -> Iterator[Counted]:
    engine = Counted()
    with computing_with(engine):
        yield engine


def test_each_fact_and_breakdown_is_scanned_once(store: Store, scans: Counted) -> None:
    count_together(QUESTIONS, store, store.serving())
    kinds = [scan[:3] for scan in scans.scans]
    assert len(set(kinds)) == len(kinds)
    by_group = ("language_group",)
    assert {scan[1:3] for scan in scans.scans} == {(by_group, 9), (by_group, None), (("language_group", "topic"), 9)}


def test_what_was_counted_together_is_not_counted_again_and_is_the_same(
    sample_store: Path, store: Store, scans: Counted
) -> None:
    count_together(QUESTIONS, store, store.serving())
    made = len(scans.scans)
    answers = [ask(question, store).rows for question in QUESTIONS]
    every_code = [scan for scan in scans.scans[made:] if scan[1] != ("topic",)]  # to know which topics are listed
    assert every_code == []
    assert answers == [ask(question, Store(sample_store)).rows for question in QUESTIONS]


def test_years_one_after_another_are_counted_in_one_scan_each_measure_of_no_more_than_it_needs(
    store: Store, scans: Counted
) -> None:
    asked = [Question(("new_clients",), where=ARABIC, period=f"{year}-ytd-09") for year in (2026, 2025)]
    told: list[Question] = []
    lacking.tell(lambda question, _: told.append(question))
    try:
        count_together(asked, store, store.serving())
        made = len(scans.scans)
        found = [ask(question, store).rows for question in asked]
    finally:
        lacking.tell(None)
    assert made == len({scan[0] for scan in scans.scans})
    assert len(scans.scans) == made
    assert set(told) == set(asked)
    assert found == [ask(question, store).rows for question in asked]


def test_a_year_that_is_there_is_not_counted_again_with_the_next(
    store: Store, scans: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lacking, "_takers", [lambda *_: None])
    years = [Question(("clients",), by=("topic",), period=f"{year}-ytd-09") for year in (2026, 2025)]
    count_together(years[:1], store, store.serving())
    made = len(scans.scans)
    count_together(years, store, store.serving())
    counted = [part.years for part in scans.parts[made:] if part]
    assert counted == [(2025, 2025)]
    count_together(years, store, store.serving())
    assert len(scans.scans) == made + 1


@pytest.mark.parametrize(
    "spans",
    [
        *permutations([(2022, 2022), (2023, 2023), (2024, 2024)]),
        # The last one joins the first to what the second is.
        [(2020, 2020), (2023, 2023), (2021, 2021), (2022, 2022), (2021, 2022), (2020, 2023), (2023, 2023)],
    ],
)
def test_years_are_one_set_in_whatever_order_they_come_and_no_question_is_lost(
    spans: Sequence[tuple[int, int]],
) -> None:
    wanted: dict[SetOfCells, _Gathered] = {}
    counts = [Counting(ENCOUNTER, f"minutes > {number}") for number in range(len(spans))]
    for years, counting in zip(spans, counts, strict=True):
        _gather(wanted, SetOfCells((), None, CellPart(("year",), years), True), [counting], QUESTIONS[0])
    ((cells, gathered),) = wanted.items()
    assert cells.part == CellPart(("year",), (min(spans)[0], max(last for _, last in spans)))
    assert set(gathered.counts) == set(counts)
    assert len(gathered.askers) == len(spans)


def test_no_scan_counts_more_than_memory_has_room_for(
    store: Store, scans: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metrics.together.AT_ONCE", 2)
    count_together(QUESTIONS, store, store.serving())
    assert max(scan[3] for scan in scans.scans) == 2
    made = len(scans.scans)
    ask(QUESTIONS[2], store)
    assert len(scans.scans) == made


def test_two_scans_run_at_once(store: Store) -> None:
    both = Barrier(2)

    class Waiting(OneScan):
        def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
            both.wait(30)  # which fails unless another one has begun
            return super().compute(job, store, generation)

    with computing_with(Waiting()):
        count_together((QUESTIONS[0], replace(QUESTIONS[0], by=("topic",))), store, store.serving())


def test_whoever_asks_is_told_when_a_scan_fails(store: Store) -> None:
    class Failing(OneScan):
        def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
            raise StoreError("damaged", store.path)

    with computing_with(Failing()), pytest.raises(StoreError):
        count_together(QUESTIONS, store, store.serving())


def test_a_question_that_is_refused_hinders_no_other(store: Store, scans: Counted) -> None:
    refused = replace(QUESTIONS[0], by=("language",))  # beside a group of languages
    count_together((refused, QUESTIONS[1]), store, store.serving())
    assert [scan[3] for scan in scans.scans] == [1]


def test_whoever_makes_cells_behind_is_told_of_each_question(store: Store, scans: Counted) -> None:
    told: list[Question] = []
    lacking.tell(lambda question, generation: told.append(question))
    try:
        count_together(QUESTIONS[:3], store, store.serving())
        assert set(told) == set(QUESTIONS[:3])
        made = len(scans.scans)
        for question in QUESTIONS[:3]:
            ask(question, store)
        assert len(scans.scans) == made
    finally:
        lacking.tell(None)


def test_the_metrics_that_are_tried_are_of_several_facts_and_kinds() -> None:
    chosen = [definitions()[metric] for question in QUESTIONS for metric in question.metrics]
    assert len({one.fact for one in chosen}) > 1
    assert len({type(one.measure) for one in chosen}) > 1
