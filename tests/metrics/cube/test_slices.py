"""Cells are the same, whether everybody is counted at once or in slices of the clients that are put together."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from metrics.ask import ask
from metrics.cube import cube as cubes
from metrics.cube import status_changes
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube, computing_with
from metrics.cube.scan import Job, OneScan, Threads
from metrics.cube.shape import Shape
from metrics.cube.workers import WorkerError, Workers, _work, share_of, workers
from metrics.grammar.question import Question
from metrics.model.definition import Definition, definitions
from tests.conftest import own_copy
from tests.metrics.cube.jobs import drawn, jobs_of, one_of_each_kind, rows_of
from tests.rounds import some


@pytest.fixture(scope="module")
def store(sample_store: Path) -> Store:
    return Store(sample_store)


@pytest.fixture(scope="module")
def processes() -> Iterator[Workers]:
    with workers(2) as found:
        yield found


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(some(one_of_each_kind(), 9), id="a metric of each fact and of each kind", marks=pytest.mark.slow),
        pytest.param([*definitions().values()] * 3, id="all metrics", marks=pytest.mark.simulation),
    ],
)
def test_cells_are_the_same_in_slices(
    chosen: list[Definition], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """What visitors see depends, for most of it, on how many others come when, in all slices together.

    Nor does it matter how many periods of what turns are worked on at once.
    """
    chance, seen = random.Random(11), 0
    for definition in chosen:
        shape = drawn(chance, definition, store)
        for job in jobs_of(definition, shape):
            everybody = rows_of(job, OneScan(), store)
            with monkeypatch.context() as bounded:
                bounded.setattr(status_changes, "MOST_ROWS", chance.choice((1, 500, status_changes.MOST_ROWS)))
                assert rows_of(job, Threads(chance.choice((4, 4, 4, 16))), store) == everybody, (definition.id, shape)
            seen += sum(map(len, everybody))  # type: ignore[arg-type]
    assert seen > 1_000


@pytest.mark.parametrize("metric", ["referral_started_share", "employed_by", "active_clients", "minutes_median"])
def test_processes_have_the_same_cells(metric: str, store: Store, processes: Workers) -> None:
    """What turns, what is followed, who stays from month to month, and a distribution."""
    shape = Cube(store, store.serving())._shape(("language", "municipality"), None, batched=True)
    for job in jobs_of(definitions()[metric], shape):
        # The third time, both count from rows that they have kept (`metrics.cube.kept_rows`).
        assert [rows_of(job, processes, store) for _ in range(3)] == [rows_of(job, OneScan(), store) for _ in range(3)]


@pytest.mark.parametrize("metric", ["referral_started_share", "still_employed", "active_clients"])
def test_periods_that_are_worked_on_apart_have_the_same_cells(
    metric: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What turns is worked on in arrays, which would take more memory than all else."""
    shape = Cube(store, store.serving())._shape(("language",), None, batched=True)
    at_once, times = status_changes.StatusChanges._at_once, list[int]()

    def counted(*given: Any) -> Any:
        times.append(len(at_once(*given)))
        return at_once(*given)

    monkeypatch.setattr(status_changes.StatusChanges, "_at_once", counted)
    for job in jobs_of(definitions()[metric], shape):
        together = rows_of(job, OneScan(), store)
        with monkeypatch.context() as bounded:
            bounded.setattr(status_changes, "MOST_ROWS", 1)
            assert rows_of(job, OneScan(), store) == together
    assert min(times) == 1
    assert max(times) > 1


def test_slices_that_nobody_is_in_change_nothing(store: Store) -> None:
    shape = Cube(store, store.serving())._shape(("municipality",), None, batched=True)
    (job,) = jobs_of(definitions()["evidence_share"], shape)
    assert rows_of(job, Threads(64), store) == rows_of(job, OneScan(), store)


def test_a_slice_alone_is_not_everybody(store: Store) -> None:
    """So the tests above could fail."""
    shape = Cube(store, store.serving())._shape(("language",), None, batched=True)
    (job,) = jobs_of(definitions()["clients"], shape)
    assert rows_of(job.of_slice(0, 4), OneScan(), store) != rows_of(job, OneScan(), store)


def test_a_question_is_answered_from_slices(sample_store: Path, tmp_path: Path) -> None:
    asked = Question(("clients", "solved_share"), by=("language",), period="2026")
    alone = ask(asked, Store(own_copy(sample_store, tmp_path / "alone"))).rows
    with computing_with(Threads(3)):
        assert ask(asked, Store(own_copy(sample_store, tmp_path / "sliced"))).rows == alone
    assert cubes._engines == []


def test_a_failure_of_one_slice_ends_all(store: Store, processes: Workers) -> None:
    """Nobody waits for it, and its words, which may hold a value, go nowhere."""
    broken = Job((Counting(definitions()["clients"].of_fact, "no_such_column"),), Shape((), 24_000))
    with pytest.raises(WorkerError, match="stopped"):
        processes.compute(broken, store, store.serving())
    with pytest.raises(Exception, match="no_such_column"):
        Threads(3).compute(broken, store, store.serving())


def test_workers_that_have_been_killed_are_told_of(store: Store) -> None:
    """Before they have anything to do, too: a broken pipe of theirs is not that of a reader who has seen enough."""
    shape = Cube(store, store.serving())._shape(("language",), None, batched=True)
    (job,) = jobs_of(definitions()["clients"], shape)
    with workers(2) as found:
        for process in multiprocessing.active_children():
            os.kill(process.pid or 0, signal.SIGKILL)
            process.join()
        with pytest.raises(WorkerError, match="stopped"):
            found.compute(job, store, store.serving())


def test_ctrl_c_is_for_the_command_and_workers_end_by_themselves(store: Store) -> None:
    shape = Cube(store, store.serving())._shape(("language",), None, batched=True)
    (job,) = jobs_of(definitions()["clients"], shape)
    with workers(1) as found:
        (process,) = multiprocessing.active_children()
        found.compute(job, store, store.serving())
        os.kill(process.pid or 0, signal.SIGINT)
        assert found.compute(job, store, store.serving())
    assert process.exitcode == 0, "not killed, so that it could clean up"


def test_workers_share_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert share_of(1) == {"TILANNEKUVA_THREADS": "8", "TILANNEKUVA_MEMORY": "80%"}
    assert share_of(3) == {"TILANNEKUVA_THREADS": "2", "TILANNEKUVA_MEMORY": "26%"}
    assert share_of(100) == {"TILANNEKUVA_THREADS": "1", "TILANNEKUVA_MEMORY": "1%"}


@pytest.mark.parametrize(("given", "taken"), [("much", "33%"), (" ", "33%"), ("5 %", "5%")])
def test_a_worker_has_its_share_where_what_is_set_cannot_be_used(
    given: str, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each of them would take as much as one that is alone."""
    monkeypatch.setenv("TILANNEKUVA_MEMORY", given)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    here, there = multiprocessing.Pipe()
    here.close()
    _work(there, {"TILANNEKUVA_MEMORY": "33%"})
    assert os.environ["TILANNEKUVA_MEMORY"] == taken
