"""The process that counts beside the app: it scans a store for those who ask, so that pages go on in the app meanwhile.

    python -m metrics.precompute.counting

Jobs arrive on standard input and results leave on standard output, as pickles of the same program: cells, no rows of people. It
ends with the app. What libraries print goes nowhere, and not between the results.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from data.store import reading
from data.store.errors import StoreError
from data.store.generation import Generation
from data.store.resources import clear_of
from data.store.store import Store
from metrics.cube.kept_rows import keep
from metrics.cube.scan import Job, OneScan

BEGUN: Final = b"counting has begun\n"
"""What it says first: before, somebody else may have printed something."""
_PRIORITY = 9
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
                keep(self.job.fact, self.generation.token)
            return "done", OneScan().compute(self.job, Store(self.store), self.generation)
        except StoreError as error:
            return "refused", (error.reason, error.path, error.detail)
        except Exception as error:  # its text may hold a personal value
            return "stopped", type(error).__name__


class Output:
    """Where results go, each whole."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._lock = stream, threading.Lock()

    def answer(self, number: int, pickled: bytes) -> None:
        """Do a task and send what came of it, under its number."""
        try:
            said = pickle.dumps(pickle.loads(pickled).done(), pickle.HIGHEST_PROTOCOL)  # noqa: S301  (as in `main`)
        except Exception as error:  # of another version of the program, or no memory for so large a result
            said = pickle.dumps(("stopped", type(error).__name__))
        with self._lock:
            try:
                pickle.dump((number, said), self._stream, pickle.HIGHEST_PROTOCOL)
                self._stream.flush()
            except Exception:  # the other side has ended, or a part of it has been sent: nothing can follow
                os._exit(1)


def _let_go() -> None:
    """Keep nothing of files that have gone: somebody may have been forgotten in them, and nobody ask after it."""
    while True:
        time.sleep(_PAUSE)
        reading.let_go_of_what_has_gone()


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Return the streams that the process was started with, and leave nothing to read or to print into to anybody else."""
    streams = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nothing, number)
    os.close(nothing)
    return streams


def main() -> None:
    """Do tasks as they come, several at once, until the other side ends."""
    if hasattr(os, "nice"):
        os.nice(_PRIORITY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the app, which then ends this process
    given, results = _streams()
    results.write(BEGUN)
    results.flush()
    output = Output(results)
    threading.Thread(target=_let_go, daemon=True).start()
    stores = set[Path]()
    try:
        while True:
            number, store, task = pickle.load(given)  # noqa: S301  (of the process that has started this one)
            stores.add(store)
            threading.Thread(target=output.answer, args=(number, task), daemon=True).start()
    except Exception:  # it ends, if in the middle of a word, or no thread can be started: whoever waits hears it
        for store in stores:
            clear_of(os.getpid(), store)
        os._exit(0)  # nobody waits for what it is in the middle of


if __name__ == "__main__":
    main()
