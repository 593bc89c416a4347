"""A missing cell file is made once: by one visitor of all in all processes, and by the next when that one dies."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from data.store.generation import Generation
from data.store.store import Store
from metrics.ask import ask
from metrics.cube import cube, files
from metrics.cube.claims import claimed
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.cube.packed import PackedCells
from metrics.cube.scan import Job, OneScan
from metrics.grammar.question import Question
from metrics.model.facts import FACTS
from tests.conftest import ROOT
from tests.metrics.cube.written import rows_in
from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of

ALL, WORK, PHONE = (Counting(FACTS["encounter"], where) for where in ("true", "hour = 10", "channel = 'phone'"))
CHILD = """
import sys, time
from pathlib import Path
from data.store.store import Store
from metrics.cube.cube import Cube
from metrics.cube.scan import OneScan
from metrics.cube.counting import Counting
from metrics.model.facts import FACTS
plain = OneScan.compute
def slow(self, job, store, generation):
    print("building", flush=True)
    time.sleep(float(sys.argv[2]))
    return plain(self, job, store, generation)
OneScan.compute = slow
store = Store(Path(sys.argv[1]))
(index,) = Cube(store, store.serving()).counts((Counting(FACTS["encounter"]),), ("language",))
print("n", index.cells("all", open_too=False)[("ar",)].n, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Forty clients, half of them by phone, and no cells in memory."""
    cube._memory.clear()
    rows = [
        {"client": n, "language": "ar", "hour": 10 + n % 2, "channel": "phone" if n % 2 else "walk_in"}
        for n in range(1, 41)
    ]
    return store_of(tmp_path / "store", {"encounter": rows})


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was saved, each scan taking long enough for others to come."""
    counted: Counter[str] = Counter()
    plain, save = OneScan.compute, files.save
    pause = threading.Event()

    def slow(self: OneScan, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        pause.wait(0.15)
        return plain(self, job, store, generation)

    def counting(path: Path, made: PackedCells) -> None:
        counted[path.name] += 1
        save(path, made)

    monkeypatch.setattr(OneScan, "compute", slow)
    monkeypatch.setattr(files, "save", counting)
    return counted


def at_once(*visits: Callable[[], object]) -> list[object]:
    """What each visit finds, all begun at the same moment; none may wait for ever."""
    start, found = threading.Barrier(len(visits)), [None] * len(visits)

    def run(place: int, visit: Callable[[], object]) -> None:
        start.wait(10)
        found[place] = visit()  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(visits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "two visitors wait for each other"
    return list(found)


def test_visitors_who_ask_the_same_make_it_once(store: Store, builds: Counter[str]) -> None:
    found = at_once(*[lambda: numbers(store, "clients", by=("language",))["ar"]] * 6)
    assert found == [40] * 6
    assert builds
    assert set(builds.values()) == {1}


def test_questions_that_share_files_neither_build_twice_nor_wait_for_each_other(
    store: Store, builds: Counter[str]
) -> None:
    """Each needs several files, in another order, and more of them come than may scan at once."""
    turns = [(ALL, WORK), (WORK, PHONE), (PHONE, ALL), (PHONE, WORK, ALL), (WORK, ALL), (ALL, PHONE)]

    def visit(measures: tuple[Counting, ...]) -> list[int]:
        found = Cube(store, store.serving()).counts(measures, ())
        return [index.cells("all", open_too=False)[()].n for index in found]

    found = at_once(*[lambda one=one: visit(one) for one in turns])
    clients = {ALL: 40, WORK: 20, PHONE: 20}
    assert found == [[clients[one] for one in turn] for turn in turns]
    assert sorted(builds.values()) == [1, 1, 1]


def test_one_who_fails_leaves_the_file_to_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, failures = OneScan.compute, iter([True])

    def failing(self: OneScan, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        if next(failures, False):
            raise RuntimeError("out of memory")
        return plain(self, job, store, generation)

    monkeypatch.setattr(OneScan, "compute", failing)

    def visit() -> object:
        try:
            return number(store, "clients")
        except RuntimeError as error:
            return str(error)

    assert sorted(map(str, at_once(visit, visit, visit))) == ["40", "40", "out of memory"]


def child(store: Store, seconds: float) -> subprocess.Popen[str]:
    """Another process that makes the cells by language, in so many seconds."""
    command = [sys.executable, "-c", CHILD, str(store.path), str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_two_processes_make_it_once(store: Store) -> None:
    """The second waits until the first has saved it, and reads the file."""
    first = child(store, 1.5)
    assert said(first) == "building"
    second = child(store, 0)
    outputs = [process.communicate(timeout=60)[0].split("\n") for process in (first, second)]
    assert outputs == [["n 40", ""], ["n 40", ""]]


def test_a_killed_builder_keeps_nobody_out(store: Store) -> None:
    """Killed in the middle: the lock ends with it, its half file is written over, and the cells are made after all."""
    killed = child(store, 600)
    assert said(killed) == "building"
    (lock,) = store.cube_path(store.serving()).glob("*.lock")
    half = lock.with_name(f"{lock.name.removesuffix('.lock')}.tmp")
    half.write_bytes(b"PAR1")
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait(30)
    (index,) = Cube(store, store.serving()).counts((ALL,), ("language",))
    assert index.cells("all", open_too=False)["ar",].n == 40
    assert not half.exists()


@pytest.mark.parametrize("left", [b"", b"PAR1 and no more"])
def test_a_file_that_a_power_cut_left_is_made_again(store: Store, left: bytes) -> None:
    first = number(store, "clients")
    for file in store.cube_path(store.serving()).glob("*.cells"):
        file.write_bytes(left)
    cube._memory.clear()
    assert number(store, "clients") == first
    cube._memory.clear()
    assert all(rows_in(file) for file in store.cube_path(store.serving()).glob("*.cells"))


def test_a_generation_deleted_while_its_cells_are_made_is_answered_once_more(store: Store) -> None:
    """The folder goes between the scan and the saving: the visitor who waited gets the numbers, and nothing is left."""
    import shutil

    path = store.cube_path(store.serving()) / "cells.cells"
    with claimed([path]):
        shutil.rmtree(path.parent)
    question = Question(("clients",), audience="internal")

    def vanish(file: Path, made: PackedCells) -> None:
        raise FileNotFoundError(file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "save", vanish)
        assert ask(question, store).rows[0].value == 40
