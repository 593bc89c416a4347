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
from typing import TYPE_CHECKING, Any, Final

from data.store.errors import StoreError
from data.store.generation import Generation
from data.store.store import Store
from metrics.cube.kept_rows import is_asked_for
from metrics.cube.scan import Job, OneScan
from metrics.cube.workers import WorkerError
from metrics.precompute.counting import Task
from metrics.precompute.spawning import ended, started_with_bytes

if TYPE_CHECKING:
    import polars as pl

log = logging.getLogger(__name__)

FROM_ROWS: Final = 100_000
"""Of a generation, from which on its scans are worth a process: below, they take less time than the way there and back."""
IDLE: Final = 600.0
"""Seconds after the last scan that the process is kept for, with the rows that it keeps."""
_Said = tuple[str, Any]


@dataclass(eq=False)
class _Running:
    """A process, and who waits for it. last: when it was last asked or had answered."""

    process: subprocess.Popen[bytes]
    waiting: dict[int, Future[_Said]] = field(default_factory=dict)
    number: int = 0
    last: float = 0.0


class CountingProcess:
    """An engine (`metrics.cube.scan.Engine`) with one process, which is started when it is first needed."""

    def __init__(self, *, from_rows: int = FROM_ROWS, idle: float = IDLE) -> None:
        self._from_rows, self._idle = from_rows, idle
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        """As `Engine`. Raises WorkerError, too: `ended` when the process has."""
        if type(store) is not Store or sum(generation.rows.values()) < self._from_rows:
            return OneScan().compute(job, store, generation)
        counted = job.counted if isinstance(job.counted, tuple) else (job.counted,)
        task = Task(job, store.path.absolute(), generation, is_asked_for(counted[0].fact, generation.token))
        kind, what = self._sent(task).result()
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
            ended(running.process)

    def _rest(self, running: _Running) -> None:
        """End a process that nobody has asked for a while."""
        with self._lock:
            if running.waiting or self._running is not running or time.monotonic() - running.last < self._idle:
                return
            self._running = None
        ended(running.process)

    def _sent(self, task: Task) -> Future[_Said]:
        with self._lock:
            running = self._running = self._running or self._begun()
            running.number, running.last = running.number + 1, time.monotonic()
            future = running.waiting[running.number] = Future[_Said]()
            assert running.process.stdin
            with suppress(OSError):  # it has ended: whoever hears it says so
                pickle.dump((running.number, task), running.process.stdin, pickle.HIGHEST_PROTOCOL)
                running.process.stdin.flush()
            return future

    def _begun(self) -> _Running:
        running = _Running(started_with_bytes("metrics.precompute.counting"))
        threading.Thread(target=self._hear, args=(running,), name="counting", daemon=True).start()
        return running

    def _hear(self, running: _Running) -> None:
        """Give results to those who wait, until the process ends; then tell the others."""
        assert running.process.stdout
        with suppress(
            EOFError, OSError, ValueError, pickle.UnpicklingError
        ):  # ValueError: the stream has been closed here
            while True:
                number, kind, what = pickle.load(running.process.stdout)  # noqa: S301  (of the process started here)
                with self._lock:
                    future, running.last = running.waiting.pop(number), time.monotonic()
                future.set_result((kind, what))
                rest = threading.Timer(self._idle, self._rest, (running,))
                rest.daemon = True
                rest.start()
        with self._lock:
            self._running = None if self._running is running else self._running
            left, running.waiting = running.waiting, {}
        ended(running.process)
        for future in left.values():
            future.set_result(("stopped", f"the process ended with {running.process.returncode}"))
