"""Whatever goes wrong in or around the process that counts, nobody waits for ever, and nothing of it stays behind."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from metrics.cube.scan import OneScan
from metrics.cube.workers import WorkerError
from metrics.precompute import counter as module
from metrics.precompute.counter import CountingProcess, _said
from metrics.precompute.counting import BEGUN
from metrics.precompute.spawning import started_with_bytes
from tests.conftest import own_copy
from tests.metrics.cube.jobs import rows_of
from tests.metrics.precompute.test_counter import PATIENCE, a_job, process_of, waited_for

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are stopped by signals")


@pytest.fixture(scope="module")
def store(sample_store: Path) -> Store:
    return Store(sample_store)


class Unreadable:
    """What fails where it is read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("no number",)


@dataclass(frozen=True)
class OddTask:
    """A task that cannot be read, or comes to something odd."""

    store: Path
    result: str
    part: object = None

    def done(self) -> tuple[str, Any]:
        return "done", {"unsent": lambda: None, "unread": Unreadable(), "large": b"x" * 50_000_000}[self.result]


@pytest.mark.parametrize(
    "said",
    [pickle.dumps("no pair"), pickle.dumps((99, b"")), b"cno_such_module\nThing\n.", b"words"],
)
def test_what_is_no_answer_is_the_end_and_told(store: Store, monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    program = f"import sys; sys.stdout.buffer.write({BEGUN + said!r}); sys.stdout.flush(); sys.stdin.read()"
    monkeypatch.setattr(
        module,
        "started_with_bytes",
        lambda _: subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE),
    )
    counter = CountingProcess(from_rows=0)
    told: list[str] = []

    def ask() -> None:
        try:
            rows_of(a_job(store), counter, store)
        except WorkerError as error:
            told.append(error.reason)

    threading.Thread(target=ask, daemon=True).start()  # so that the test ends also where it waits for ever
    assert waited_for(lambda: told == ["ended"])
    assert not counter.is_running


def test_what_libraries_print_is_no_answer(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, threading, time\n"
        "print('hello', end='', flush=True)\n"
        "def shout():\n"
        "    while True:\n"
        "        os.write(1, b'noise')\n"
        "        time.sleep(0.001)\n"
        "def later():\n"
        "    time.sleep(1.5)\n"
        "    shout()\n"
        "threading.Thread(target=later, daemon=True).start()\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    counter = CountingProcess(from_rows=0)
    try:
        expected = rows_of(a_job(store), OneScan(), store)
        assert rows_of(a_job(store), counter, store) == expected
        time.sleep(2)
        assert rows_of(a_job(store), counter, store) == expected
    finally:
        counter.stop()


def test_what_cannot_be_read_or_sent_is_told_and_the_process_goes_on(store: Store) -> None:
    counter = CountingProcess(from_rows=0)
    try:
        rows_of(a_job(store), counter, store)
        first = process_of(counter)
        odd: dict[Any, str] = {
            OddTask(store.path, "large", Unreadable()): "ValueError",
            OddTask(store.path, "unsent"): "AttributeError",
            OddTask(store.path, "unread"): "ValueError",
        }
        for task, told in odd.items():
            assert _said(counter._sent(task).result(PATIENCE)) == ("stopped", told)
        large: Any = OddTask(store.path, "large")
        kind, what = _said(counter._sent(large).result(PATIENCE))
        assert (kind, len(what)) == ("done", 50_000_000)
        assert process_of(counter) == first
        assert rows_of(a_job(store), counter, store)
    finally:
        counter.stop()


def test_the_app_can_end_though_the_process_takes_in_nothing(store: Store) -> None:
    """Its pipe is full then, and whoever writes into it waits."""
    counter = CountingProcess(from_rows=0)
    rows_of(a_job(store), counter, store)
    os.kill(process_of(counter), signal.SIGSTOP)
    job = a_job(store)
    assert isinstance(job.counted, tuple)
    large = replace(job, counted=(replace(job.counted[0], where="x" * 200_000),))
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(counter.compute, large, store, store.serving()) for _ in range(4)]
        running = counter._running
        assert running
        assert waited_for(lambda: len(running.waiting) == 4 and running.writing.locked())
        stopped = pool.submit(counter.stop)
        try:
            stopped.result(10)
        finally:
            os.kill(running.process.pid, signal.SIGKILL) if running.process.poll() is None else None
        wait(waiting, PATIENCE)
        assert all(isinstance(one.exception(0), WorkerError) for one in waiting)


def test_where_no_process_can_be_started_it_is_counted_here(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = rows_of(a_job(store), OneScan(), store)

    def refused(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    counter = CountingProcess(from_rows=0)
    with monkeypatch.context() as patch:
        patch.setattr(module, "started_with_bytes", refused)
        assert rows_of(a_job(store), counter, store) == expected
    begun: list[subprocess.Popen[bytes]] = []

    def started(name: str) -> subprocess.Popen[bytes]:
        begun.append(started_with_bytes(name))
        return begun[-1]

    def no_thread(_self: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(module, "started_with_bytes", started)
        patch.setattr(threading.Thread, "start", no_thread)
        assert rows_of(a_job(store), counter, store) == expected
    assert begun[0].returncode is not None, "it does not stay behind"
    assert not counter.is_running
    assert rows_of(a_job(store), counter, store) == expected
    assert process_of(counter), "the next one has another"
    counter.stop()


def test_nothing_that_did_not_fit_into_memory_outlives_the_process(
    sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are rows of people; and a large store's take a large part of the disk."""
    spill = tmp_path / "spill"
    spill.mkdir()
    monkeypatch.setenv("TILANNEKUVA_SPILL", str(spill))
    own = Store(own_copy(sample_store, tmp_path / "own"))
    for end in ("killed", "stopped"):
        counter = CountingProcess(from_rows=0)
        rows_of(a_job(own), counter, own)
        process = process_of(counter)
        (folder,) = spill.iterdir()
        places = [folder, own.path / "generations"]
        theirs = [place / f"1.duckdb.{process}-1.tmp" for place in places]
        others = [place / f"1.duckdb.{os.getpid()}-1.tmp" for place in places]
        for left in (*theirs, *others):
            left.mkdir(exist_ok=True)
            (left / "duckdb_temp_storage-0.tmp").write_bytes(b"rows")
        if end == "killed":
            os.kill(process, signal.SIGKILL)
        else:
            counter.stop()
        assert waited_for(lambda theirs=theirs: not any(left.exists() for left in theirs)), end  # type: ignore[misc]
        assert all(left.exists() for left in others)
        counter.stop()


@pytest.mark.parametrize("said", [b"", pickle.dumps((1, Path("x"), b"y" * 1000))[:-700]])
def test_it_ends_with_whoever_has_started_it_if_in_the_middle_of_a_word(said: bytes) -> None:
    process = started_with_bytes("metrics.precompute.counting")
    assert process.stdin
    process.stdin.write(said)
    process.stdin.close()
    assert process.wait(PATIENCE) == 0
    assert process.stdout
    assert process.stdout.read() == BEGUN
    process.stdout.close()


def test_ctrl_c_is_for_the_app_alone(store: Store) -> None:
    counter = CountingProcess(from_rows=0)
    rows_of(a_job(store), counter, store)
    first = process_of(counter)
    os.kill(first, signal.SIGINT)
    time.sleep(0.5)
    assert rows_of(a_job(store), counter, store)
    assert process_of(counter) == first
    counter.stop()


def test_counts_leave_no_threads_behind(store: Store) -> None:
    counter = CountingProcess(from_rows=0)
    rows_of(a_job(store), counter, store)
    before = threading.active_count()
    for _ in range(5):
        rows_of(a_job(store), counter, store)
    assert threading.active_count() <= before
    counter.stop()
    assert waited_for(lambda: not [one for one in threading.enumerate() if one.name == "counting"])


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are not told of here")
def test_processes_leave_no_open_files_behind(store: Store) -> None:
    def killed() -> None:
        rows_of(a_job(store), counter, store)
        os.kill(process_of(counter), signal.SIGKILL)
        assert waited_for(lambda: not counter.is_running)

    def opened() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    counter = CountingProcess(from_rows=0)
    killed()
    before = opened()
    for _ in range(3):
        killed()
    assert waited_for(lambda: opened() <= before)
