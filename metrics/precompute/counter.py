"""Counting beside the app: scans of a large store are done in a process of their own.

A scan takes seconds or minutes there, some of it in Python's one thread at a time, and gigabytes of memory. Beside the app it
holds up nobody who looks at figures that are there, and its memory goes with it when nobody has asked for a while.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.store.errors import StoreError
from data.store.generation import Generation
from data.store.resources import clear_of
from data.store.store import Store
from metrics.cube.kept_rows import is_asked_for
from metrics.cube.scan import Job, OneScan
from metrics.cube.workers import WorkerError
from metrics.precompute.counting import BEGUN, Task
from metrics.precompute.spawning import ended, started_with_bytes

if TYPE_CHECKING:
    import polars as pl

log = logging.getLogger(__name__)

FROM_ROWS: Final = 100_000
"""Of a generation, from which on its scans are worth a process: below, they take less time than the way there and back."""
IDLE: Final = 600.0
"""Seconds after the last scan that the process is kept for, with the rows that it keeps."""
_SOONEST = 0.02
"""Least seconds between two looks whether the process is still needed."""


@dataclass(eq=False)
class _Running:
    """A process, and who waits for it: for the pickle of what came of their task.

    last: when it was last asked or had answered; stores: of which it may have written what does not fit into memory.
    """

    process: subprocess.Popen[bytes]
    waiting: dict[int, Future[bytes]] = field(default_factory=dict)
    number: int = 0
    last: float = 0.0
    stores: set[Path] = field(default_factory=set)
    writing: threading.Lock = field(default_factory=threading.Lock)
    has_ended: threading.Event = field(default_factory=threading.Event)

    def tell(self, number: int, store: Path, task: bytes) -> None:
        """Hand a task over. It waits as long as the process takes in nothing, and holds up only who tells it something too."""
        assert self.process.stdin
        with (
            self.writing,
            suppress(OSError, ValueError),
        ):  # it has ended, or its pipe is closed: whoever hears it says so
            pickle.dump((number, store, task), self.process.stdin, pickle.HIGHEST_PROTOCOL)
            self.process.stdin.flush()

    def end(self) -> None:
        """End it, with what it has left of rows beside its stores."""
        ended(self.process)
        for store in self.stores:
            clear_of(self.process.pid, store)


class CountingProcess:
    """An engine (`metrics.cube.scan.Engine`) with one process, which is started when it is first needed."""

    def __init__(self, *, from_rows: int = FROM_ROWS, idle: float = IDLE) -> None:
        self._from_rows, self._idle = from_rows, idle
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        """As `Engine`. Raises WorkerError, too: `ended` when the process has. Where none can be started, it counts here."""
        if type(store) is not Store or sum(generation.rows.values()) < self._from_rows:
            return OneScan().compute(job, store, generation)
        task = Task(job, store.path.absolute(), generation, is_asked_for(job.fact, generation.token))
        try:
            future = self._sent(task)
        except (OSError, RuntimeError) as error:  # too many processes, threads or open files, or no memory for one more
            log.warning("counted in the app, because no process can be started: %s", type(error).__name__)
            return OneScan().compute(job, store, generation)
        kind, what = _said(future.result())
        if kind == "refused":
            raise StoreError(*what)
        if kind == "stopped":
            log.warning("a count has been stopped: %s", what)
            raise WorkerError("ended")
        found: list[pl.DataFrame] = what
        return found

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._running is not None

    def stop(self) -> None:
        """End the process; who waits for it is told that it has ended."""
        with self._lock:
            running, self._running = self._running, None
        if running:
            running.end()

    def _sent(self, task: Task) -> Future[bytes]:
        """Raises OSError, RuntimeError when no process can be started."""
        pickled = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        with self._lock:
            running = self._running = self._running or self._begun()
            running.number, running.last = running.number + 1, time.monotonic()
            number, future = running.number, Future[bytes]()
            running.waiting[number] = future
            running.stores.add(task.store)
        running.tell(number, task.store, pickled)
        return future

    def _begun(self) -> _Running:
        running = _Running(started_with_bytes("metrics.precompute.counting"))
        try:
            for does in (self._hear, self._watch):
                threading.Thread(target=does, args=(running,), name="counting", daemon=True).start()
        except RuntimeError:
            running.end()
            raise
        return running

    def _watch(self, running: _Running) -> None:
        """End a process that nobody has asked for a while."""
        while not running.has_ended.wait(max(running.last + self._idle - time.monotonic(), self._idle / 10, _SOONEST)):
            self._rest(running)

    def _rest(self, running: _Running) -> None:
        with self._lock:
            if running.waiting or self._running is not running or time.monotonic() - running.last < self._idle:
                return
            self._running = None
        running.end()

    def _hear(self, running: _Running) -> None:
        """Give results to those who wait, until the process ends; then tell the others."""
        try:
            self._give(running)
        except Exception as error:  # whatever it says instead of a result, nobody may wait for it for ever
            if not isinstance(error, EOFError | OSError | pickle.UnpicklingError):
                log.warning("what the process that counts has said is not understood: %s", type(error).__name__)
        with self._lock:
            self._running = None if self._running is running else self._running
            left, running.waiting = running.waiting, {}
        running.has_ended.set()
        running.end()
        told = pickle.dumps(("stopped", f"the process ended with {running.process.returncode}"))
        for future in left.values():
            future.set_result(told)

    def _give(self, running: _Running) -> None:
        stream = running.process.stdout
        assert stream
        while not (line := stream.readline()).endswith(BEGUN):  # before, others may have printed something
            if not line:
                return
        while True:
            number, said = pickle.load(stream)  # noqa: S301  (of the process started here)
            with self._lock:
                future, running.last = running.waiting.pop(number), time.monotonic()
            future.set_result(said)


def _said(pickled: bytes) -> tuple[str, Any]:
    """Return what came of a task, as `Task.done`."""
    try:
        said: tuple[str, Any] = pickle.loads(pickled)  # noqa: S301  (of the process started here)
    except Exception as error:  # as where memory does not suffice here
        return "stopped", type(error).__name__
    return said
