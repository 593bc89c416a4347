"""Readers of one process who need the same part of cells at once: one counts it, the others wait for it and for nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from data.store.generation import Generation
from data.store.store import Store
from metrics.cube import cube
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.cube.index import CellIndex
from metrics.cube.part import CellPart
from metrics.cube.scan import Job, OneScan
from metrics.cube.underway import CountedPart
from metrics.model.facts import FACTS
from tests.metrics.cube.test_claims import at_once
from tests.metrics.made import store_of

ALL = Counting(FACTS["encounter"])
PHONE = Counting(FACTS["encounter"], "channel = 'phone'")
EVERY, OF_2025, OF_2026 = CellPart(("year",)), CellPart(("year",), (2025, 2025)), CellPart(("year",), (2026, 2026))


class Stopped(BaseException):
    """As a reader's page is stopped."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    cube._memory.clear()
    return store_of(tmp_path / "store", {"encounter": [{"client": n, "channel": "phone"} for n in range(1, 41)]})


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """What is counted, each taking long enough for others to come."""
    return counting(monkeypatch, lambda: threading.Event().wait(0.2))


def counting(monkeypatch: pytest.MonkeyPatch, first: Callable[[], object]) -> list[Job]:
    plain, jobs = OneScan.compute, list[Job]()

    def watched(self: OneScan, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        jobs.append(job)
        first()
        return plain(self, job, store, generation)

    monkeypatch.setattr(OneScan, "compute", watched)
    return jobs


def visit(store: Store, part: CellPart = EVERY, *measures: Counting) -> list[int]:
    """How many clients a reader finds, while somebody else makes the file."""
    found = Cube(store, store.serving(), lambda: None).counts(measures or (ALL,), (), part=part)
    return [index.cells("2025", open_too=False)[()].n for index in found]


def test_the_same_part_is_counted_once(store: Store, counts: list[Job]) -> None:
    assert at_once(*[lambda: visit(store)] * 6) == [[40]] * 6
    assert len(counts) == 1
    assert cube._underway._now == {}


def test_whoever_needs_less_waits_for_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    began, goes_on = threading.Event(), threading.Event()

    def first() -> None:
        began.set()
        goes_on.wait(10)

    counts = counting(monkeypatch, first)

    def later() -> list[int]:
        began.wait(10)
        threading.Timer(0.2, goes_on.set).start()
        return visit(store, OF_2025)

    assert at_once(lambda: visit(store), later) == [[40], [40]]
    assert len(counts) == 1


def test_each_measure_is_counted_once_whoever_needs_which(store: Store, counts: list[Job]) -> None:
    turns = [(ALL, PHONE), (PHONE, ALL), (PHONE,), (ALL,)] * 2
    found = at_once(*[lambda one=one: visit(store, EVERY, *one) for one in turns])
    assert found == [[40] * len(one) for one in turns]
    counted = [measure for job in counts if isinstance(job.counted, tuple) for measure in job.counted]
    assert sorted(counted, key=str) == sorted((ALL, PHONE), key=str)


def test_nobody_waits_for_another_part(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is counted only while the other is: if one waited for the other, neither would ever be."""
    both = threading.Barrier(2)
    counts = counting(monkeypatch, lambda: both.wait(10))
    at_once(
        lambda: visit(store, OF_2025),
        lambda: Cube(store, store.serving(), lambda: None).counts((ALL,), (), part=OF_2026),
    )
    assert len(counts) == 2


@pytest.mark.parametrize("error", [RuntimeError, Stopped])
def test_when_one_fails_the_next_counts_it(
    error: type[BaseException], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = iter([True])

    def first() -> None:
        threading.Event().wait(0.2)
        if next(fails, False):
            raise error("once")

    counts = counting(monkeypatch, first)

    def one() -> object:
        try:
            return visit(store)
        except error:
            return "failed"

    assert sorted(map(str, at_once(one, one, one, one))) == ["[40]", "[40]", "[40]", "failed"]
    assert len(counts) == 2
    assert cube._underway._now == {}


def test_what_memory_has_no_room_for_is_handed_over(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    wait, waiting = CountedPart.wait, threading.Semaphore(0)

    def told(one: CountedPart) -> CellIndex | None:
        waiting.release()
        return wait(one)

    monkeypatch.setattr(CountedPart, "wait", told)
    monkeypatch.setattr(cube._memory, "bound", 1)
    counts = counting(monkeypatch, lambda: [waiting.acquire(timeout=10) for _ in range(3)])
    assert at_once(*[lambda: visit(store)] * 4) == [[40]] * 4
    assert len(counts) == 1
