"""A backup or a restore in a process of its own, which the kernel ends before it takes a step of writing."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

from data.backup.packing import backup
from data.backup.restoring import restore
from data.store.store import Store
from tests.data.store.kills import stop_before

WORDS = "viisi sattumanvaraista sanaa"


def at_step(act: str, store: Path, file: Path, step: int) -> bool:
    """Whether it was killed before so many steps; else it has ended well by itself."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.data.backup.killed"])
    process = context.Process(target=_child, args=(act, store, file, step))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def _child(act: str, store: Path, file: Path, step: int) -> None:
    stop_before(step)
    if act == "backup":
        backup(Store(store), file)
    else:
        restore(file, Store(store), str)
    os._exit(0)
