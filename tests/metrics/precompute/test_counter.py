"""What is counted beside the app is what the app would count, and whatever becomes of that process, somebody is told."""

from __future__ import annotations

import logging
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from data.store.errors import StoreError
from data.store.generation import Generation
from data.store.store import Store
from data.texts import LANGUAGES, texts
from metrics.ask import ask
from metrics.cube import cube as cubes
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube, computing_with
from metrics.cube.scan import Job, OneScan
from metrics.cube.shape import Shape
from metrics.cube.workers import WorkerError
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.precompute.counter import CountingProcess
from pages.access import announcing
from pages.view.sentences import refusal_text
from tests.apart import in_a_loop
from tests.conftest import own_copy
from tests.metrics.cube.jobs import drawn, jobs_of, one_of_each_kind, rows_of
from tests.rounds import some

PATIENCE = 60.0


@pytest.fixture(scope="module")
def store(sample_store: Path) -> Store:
    return Store(sample_store)


@pytest.fixture(scope="module")
def beside() -> Iterator[CountingProcess]:
    found = CountingProcess(from_rows=0)
    yield found
    found.stop()


def a_job(store: Store) -> Job:
    (job,) = jobs_of(definitions()["clients"], Cube(store, store.serving())._shape(("language",), None, batched=True))
    return job


def waited_for(come: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not come() and time.monotonic() < until:
        time.sleep(0.05)
    return come()


def process_of(counter: CountingProcess) -> int:
    assert counter._running
    return counter._running.process.pid


@pytest.mark.slow
def test_cells_are_those_of_this_process(store: Store, beside: CountingProcess) -> None:
    chance, seen = random.Random(3), 0
    for definition in some(one_of_each_kind(), 9):
        shape = drawn(chance, definition, store)
        for job in jobs_of(definition, shape):
            found = rows_of(job, OneScan(), store)
            assert rows_of(job, beside, store) == found, (definition.id, shape)
            seen += sum(map(len, found))  # type: ignore[arg-type]
    assert seen > 1_000
    assert beside.is_running


def test_a_question_is_answered_from_there(sample_store: Path, tmp_path: Path, beside: CountingProcess) -> None:
    asked = Question(("clients", "solved_share"), by=("language",), period="2026")
    alone = ask(asked, Store(own_copy(sample_store, tmp_path / "alone"))).rows
    there = Store(own_copy(sample_store, tmp_path / "there"))
    with computing_with(beside), pytest.MonkeyPatch.context() as patch:
        patch.setattr(OneScan, "compute", None)
        assert ask(asked, there).rows == alone


def test_several_are_counted_at_once_and_each_gets_its_own(store: Store, beside: CountingProcess) -> None:
    shape = Cube(store, store.serving())._shape((), None, batched=True)
    jobs = [job for definition in one_of_each_kind()[:6] for job in jobs_of(definition, shape)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda job: rows_of(job, beside, store), jobs))
    assert found == [rows_of(job, OneScan(), store) for job in jobs]
    assert len(set(map(str, found))) == len(jobs)


def test_a_small_store_needs_no_process(store: Store) -> None:
    rows = sum(store.serving().rows.values())
    for limit, is_needed in ((rows + 1, False), (rows, True)):
        counter = CountingProcess(from_rows=limit)
        assert rows_of(a_job(store), counter, store) == rows_of(a_job(store), OneScan(), store)
        assert counter.is_running is is_needed
        counter.stop()
        assert not counter.is_running


def test_whoever_waits_is_told_when_the_process_is_killed_and_the_next_one_has_another(store: Store) -> None:
    """As the system does where memory runs out."""
    counter = CountingProcess(from_rows=0)
    expected = rows_of(a_job(store), counter, store)
    first = process_of(counter)
    os.kill(first, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(rows_of, a_job(store), counter, store)
        assert waited_for(lambda: bool(counter._running and counter._running.waiting))
        os.kill(first, signal.SIGKILL)
        with pytest.raises(WorkerError, match="ended"):
            waiting.result(PATIENCE)
    assert waited_for(lambda: not counter.is_running)
    assert rows_of(a_job(store), counter, store) == expected
    assert process_of(counter) != first
    counter.stop()


def test_the_process_goes_after_a_while_and_comes_back(store: Store) -> None:
    counter = CountingProcess(from_rows=0, idle=0.2)
    expected = rows_of(a_job(store), counter, store)
    for _ in range(2):
        assert waited_for(lambda: not counter.is_running)
        assert rows_of(a_job(store), counter, store) == expected
    counter.stop()


def test_a_process_that_is_at_work_does_not_go(store: Store) -> None:
    counter = CountingProcess(from_rows=0, idle=0.0)
    rows_of(a_job(store), counter, store)
    assert waited_for(lambda: not counter.is_running)
    counter._idle = 3600.0
    rows_of(a_job(store), counter, store)
    counter._idle = 0.0
    running = counter._running
    assert running
    os.kill(running.process.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(rows_of, a_job(store), counter, store)
        assert waited_for(lambda: bool(running.waiting))
        counter._rest(running)
        assert counter.is_running
        os.kill(running.process.pid, signal.SIGCONT)
        assert waiting.result(PATIENCE)
    counter.stop()


def test_what_the_store_refuses_is_refused_as_here(sample_store: Path, tmp_path: Path, beside: CountingProcess) -> None:
    own = Store(own_copy(sample_store, tmp_path / "own"))
    job, gone = a_job(own), replace(own.serving(), number=7)
    reasons = []
    for engine in (OneScan(), beside):
        with pytest.raises(StoreError) as refused:
            engine.compute(job, own, gone)
        reasons.append((refused.value.reason, refused.value.detail))
    assert reasons[0] == reasons[1]


def test_a_fault_is_told_without_its_words(
    store: Store, beside: CountingProcess, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Job((Counting(definitions()["clients"].of_fact, "no_such_column"),), Shape((), 24_000))
    with caplog.at_level(logging.WARNING), pytest.raises(WorkerError) as told:
        beside.compute(broken, store, store.serving())
    assert "no_such_column" not in caplog.text + str(told.value)
    assert "a count has been stopped: " in caplog.text
    for lang in LANGUAGES:
        assert len(refusal_text(told.value, texts(lang))) > 40
    assert rows_of(a_job(store), beside, store), "it goes on"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are not told of here")
def test_the_process_keeps_nothing_of_a_file_that_has_gone(sample_store: Path, tmp_path: Path) -> None:
    """Somebody may have been forgotten in it, and nobody ask again."""
    own, counter = Store(own_copy(sample_store, tmp_path / "own")), CountingProcess(from_rows=0)
    made: Generation = own.serving()
    rows_of(a_job(own), counter, own)
    file = own.path / f"{made.stem}.duckdb"
    assert file.exists()
    opened = Path(f"/proc/{process_of(counter)}/fd")

    def is_held() -> bool:
        return any(str(file) in str(one.readlink()) for one in opened.iterdir() if one.is_symlink())

    assert is_held()
    file.unlink()
    assert waited_for(lambda: not is_held())
    counter.stop()


def test_the_app_counts_beside_itself_while_it_lives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "none"))
    monkeypatch.setattr(announcing, "COUNTER", counter := CountingProcess(from_rows=0))
    seen: list[object] = []

    async def live() -> None:
        async with announcing.announced(None):
            seen.extend(cubes._engines)

    in_a_loop(live())
    assert seen == [counter]
    assert cubes._engines == []
    assert not counter.is_running
