"""The process that computes the cells of a draft before it is published. It ends with the process that publishes.

    python -m metrics.precompute.draft_process STORE DRAFT AUDIENCE…

Progress is written to standard output, as `done/of` a line; why it stopped, as one word that holds no value.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from data.refusal import word_of
from data.store.staged import StagedStore
from metrics.audience import is_exact
from metrics.cube.cube import hold_at_most
from metrics.cube.earlier import EarlierCells, taking_from
from metrics.cube.files import insisting
from metrics.precompute.process import MOST_BYTES
from metrics.precompute.spawning import with_input
from metrics.registry.in_force import use
from metrics.warming import filtered, opened

OF_RELEASE = 900.0
"""Seconds of the processor for filters of a release, which somebody waits for; the rest is made behind the app."""
OF_IMPORT = 60.0
"""Seconds of the processor for filters of an import that visitors see at once: those that are chosen most come first."""
_PRIORITY = 7
"""Somebody waits for it, but those who read come first."""


def make(
    store: StagedStore, audiences: Sequence[str], tell: Callable[[int, int], None], *, seconds: float = OF_RELEASE
) -> None:
    """Make what pages open with, and for visitors what they ask with each filter. Raises Refusal.

    Filters of an import that visitors do not see are left to the process behind the app: few see it before it is released, and
    somebody waits. Until there are releases they see it with everybody else, and choose filters at once.

    seconds: of the processor for filters, as there; `OF_IMPORT` of an import.
    """
    use(store)
    first = tuple(opened(store, audiences))
    then = tuple(filtered(store, [one for one in audiences if not is_exact(one)]))
    seconds = seconds if store.made.release else min(seconds, OF_IMPORT)
    every = len(first) + len(then)
    with taking_from(EarlierCells(store)):
        for done, one in enumerate((*first, *then), 1):
            if done == len(first) + 1:
                began = time.process_time()
            if done > len(first) and time.process_time() - began > seconds:
                return
            one.make(store)
            tell(done, every)


def main(arguments: Sequence[str]) -> int:
    """Make cells of a draft; the exit code is 0, or 2 where something stopped it."""
    if hasattr(os, "nice"):
        os.nice(_PRIORITY)
    hold_at_most(MOST_BYTES)
    threading.Thread(target=with_input, daemon=True).start()
    try:
        with insisting():
            make(StagedStore(Path(arguments[0]), Path(arguments[1])), arguments[2:], _tell)
    except MemoryError:
        print("no_memory", flush=True)
        return 2
    except Exception as error:
        print(word_of(error), flush=True)
        return 2
    return 0


def _tell(done: int, of: int) -> None:
    print(f"{done}/{of}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
