"""The process that counts beside the app: it scans a store for those who ask, so that pages go on in the app meanwhile.

    python -m metrics.precompute.counting

Jobs arrive on standard input and results leave on standard output, as pickles of the same program: cells, no rows of people. It
ends with the app.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from data.store import reading
from data.store.errors import StoreError
from data.store.generation import Generation
from data.store.store import Store
from metrics.cube.kept_rows import keep
from metrics.cube.scan import Job, OneScan

_PRIORITY = 3
"""Somebody waits for it, but those who read come first."""
_PAUSE = 2.0
"""Seconds between two looks at which files have gone."""


@dataclass(frozen=True)
class Task:
    """A job, and what it is of. keeps: whether rows are worth keeping for the next one (`metrics.cube.kept_rows`)."""

    job: Job
    store: Path
    generation: Generation
    keeps: bool

    def done(self) -> tuple[str, Any]:
        """Return what came of it: `done` and the results, `refused` and what a StoreError is made of, `stopped` and a word."""
        try:
            if self.keeps:
                counted = self.job.counted
                keep((counted if isinstance(counted, tuple) else (counted,))[0].fact, self.generation.token)
            return "done", OneScan().compute(self.job, Store(self.store), self.generation)
        except StoreError as error:
            return "refused", (error.reason, error.path, error.detail)
        except Exception as error:  # its text may hold a personal value
            return "stopped", type(error).__name__


class Output:
    """Where results go, each whole."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._lock = stream, threading.Lock()

    def answer(self, number: int, task: Task) -> None:
        """Do a task and send what came of it, under its number."""
        said = pickle.dumps((number, *task.done()), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            self._stream.write(said)
            self._stream.flush()


def _let_go() -> None:
    """Keep nothing of files that have gone: somebody may have been forgotten in them, and nobody ask after it."""
    while True:
        time.sleep(_PAUSE)
        reading.let_go_of_what_has_gone()


def main() -> None:
    """Do tasks as they come, several at once, until the other side ends."""
    if hasattr(os, "nice"):
        os.nice(_PRIORITY)
    output = Output(sys.stdout.buffer)
    threading.Thread(target=_let_go, daemon=True).start()
    while True:
        try:
            number, task = pickle.load(sys.stdin.buffer)  # noqa: S301  (of the process that has started this one)
        except (EOFError, OSError):
            os._exit(0)  # nobody waits for what it is in the middle of
        threading.Thread(target=output.answer, args=(number, task), daemon=True).start()


if __name__ == "__main__":
    main()
