"""The background process that computes cells beside the app, at the lowest priority. It ends with the app.

    python -m metrics.precompute.process STORE AUDIENCE…

Questions whose cells readers lacked arrive on standard input, one a line, and take precedence. Why it stopped is written to
standard output, as one word that holds no value.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from data.refusal import Refusal, word_of
from data.store.store import Store
from metrics.cube.cube import hold_at_most
from metrics.cube.earlier import EarlierCells, taking_from
from metrics.precompute.requests import CellRequest
from metrics.precompute.spawning import with_input
from metrics.registry.in_force import use
from metrics.revisions.log import RevisionLog
from metrics.warming import alone, filtered, opened

SECONDS = 7200.0
"""Of the processor for what is made ahead with filters, which nobody waits for: of a million encounters that is all of them. In a
very large store the rest is left to whoever asks for it.
"""
_IDLE = 30.0
"""Seconds that it waits for further questions when all is made."""
MOST_BYTES = 60_000_000
"""Of cells in memory: it needs them only to know which codes a breakdown lists."""
_LOWEST = 19


class Maker:
    """Makes the cells of one store, asked-for ones first."""

    def __init__(self, store: Store, audiences: Sequence[str], asked: SimpleQueue[str]) -> None:
        self._store, self._audiences, self._asked = store, audiences, asked

    def run(self, *, idle: float = _IDLE, seconds: float = SECONDS) -> None:
        """Make what pages open with, tell what is revised, make what filters ask, then what is asked for. Raises Refusal."""
        use(self._store)
        with alone(self._store), taking_from(EarlierCells(self._store)):
            for one in opened(self._store, self._audiences):
                self._answer()
                one.make(self._store)
            with suppress(Refusal):  # of a damaged list: cells are made all the same, and the command says it
                RevisionLog(self._store).note()
            began = time.process_time()
            for one in filtered(self._store, self._audiences):
                self._answer()
                if time.process_time() - began > seconds:
                    break
                one.make(self._store)
            while self._answer(idle):
                pass

    def _answer(self, patience: float = 0.0) -> bool:
        """Make the cells of all questions that have come, after waiting for the first; whether any had."""
        found = False
        while True:
            try:
                line = self._asked.get(timeout=0 if found else patience) if patience else self._asked.get_nowait()
            except Empty:
                return found
            found = True
            CellRequest.read(line).make(self._store)


def main(arguments: Sequence[str]) -> int:
    """Make cells until all are made; the exit code is 0, or 2 where something stopped it."""
    if hasattr(os, "nice"):
        os.nice(_LOWEST)
    hold_at_most(MOST_BYTES)
    asked: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=with_input, args=(asked.put,), daemon=True).start()
    try:
        Maker(Store(Path(arguments[0])), arguments[1:], asked).run()
    except Exception as error:
        print(word_of(error))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
