"""Acts on a store that are killed: at a step of writing, or at any moment. Each runs in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from data.cli import main
from data.coverage.removal_log import removals
from data.model.schema import client_tables
from data.store.keys import key_path, load_or_create
from data.store.releases import open_to_others
from data.store.store import Store
from tests.data.ingest.imports import encounters, load

STEPS = ("replace", "unlink", "fsync", "link", "rmdir")
ACTS: dict[str, list[str]] = {
    "import": ["import", "NEW"],
    "import --source": ["import", "NEW", "--source", "Toinen"],
    "release": ["release", "--now", "--yes"],
    "rollback": ["rollback", "2"],
    "rollback --yes": ["rollback", "1", "--yes"],
    "forget": ["forget", "--client", "AS-7"],
    "delete": ["delete", "--source", "main", "--period", "2025-02"],
    "undo": ["undo", "3", "--yes"],
    "open": ["open"],
    "first import": ["import", "NEW"],
}
HEADER = "Tunnus;Asiakas;Pvm;Kunta;Kieli;Aiheet;Kesto (min)"
State = tuple[object, ...]


def the_file(folder: Path, number: int) -> Path:
    """Every row differs from the file before in its minutes, and some are new."""
    rows = (f"K{i};AS-{i % 90};{1 + i % 27}.{1 + i % 3}.2025;49;arabia;Työ;{number}" for i in range(200 + 40 * number))
    return encounters(folder, *rows, header=HEADER, name=f"{number}.csv")


def made(folder: Path) -> dict[str, Path]:
    """Stores to begin with: three versions that have been opened after the second, the same unopened, and none at all."""
    closed, opened, none = (folder / name / "store" for name in ("closed", "opened", "none"))
    for store in (closed, none):
        store.parent.mkdir()
        load_or_create(key_path(store))  # others would make other numbers of the same clients
    for number in (1, 2, 3):
        load(Store(closed), the_file(folder, number))
        if number == 2:
            shutil.copytree(closed.parent, opened.parent)
            open_to_others(Store(opened))
    load(Store(opened), the_file(folder, 3))
    the_file(folder, 4)
    return dict.fromkeys(ACTS, opened) | {"open": closed, "rollback": closed, "first import": none}


def copy(store: Path, to: Path) -> Path:
    """A store with its keys in the place of what there is."""
    shutil.rmtree(to.parent, ignore_errors=True)
    shutil.copytree(store.parent, to.parent)
    return to


def state(path: Path) -> State:
    """What there is, as a new process would see it: every version with its rows, what visitors see, who is forgotten."""
    store = Store(path)
    return (
        store.pointer(),
        tuple((one.number, *_rows(store, one)) for one in store.history()),
        _rows(store, release) if (release := store.release()) else None,
        _bytes(path / "sources" / "forgotten.txt"),
        len(removals(path).lines()),
    )


def _rows(store: Store, generation: Any) -> tuple[object, ...]:
    with store.reading(generation) as connection:
        tables = [f"SELECT bit_xor(hash(record, client)), count(*) FROM {table}" for table in client_tables()]
        found = connection.execute(" UNION ALL ".join(tables)).fetchall()
        minutes = connection.execute("SELECT min(minutes), max(minutes) FROM encounter").fetchall()
    return (tuple(found), tuple(minutes))


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def run(act: str, store: Path, files: Path) -> int:
    """Run an act; the exit code."""
    words = [str(files / "4.csv") if word == "NEW" else word for word in ACTS[act]]
    return main([*words, "--store", str(store)])


def _child(act: str, store: Path, files: Path, step: int | None) -> None:
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    if step is not None:
        stop_before(step)
    os._exit(run(act, store, files))


def stop_before(step: int) -> None:
    """Let the kernel end this process before it takes a step of writing."""
    left = [step]

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*words, **more)

        return call

    for name in STEPS:
        setattr(os, name, wrapped(getattr(os, name)))


class Killer:
    """Starts acts and kills them."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["data.cli", "tests.data.store.kills"])

    def at_step(self, act: str, store: Path, files: Path, step: int) -> bool:
        """Whether it was killed before so many steps of writing; else it has ended by itself."""
        process = self._start(act, store, files, step)
        process.join()
        return bool(process.exitcode == -signal.SIGKILL)

    def after(self, act: str, store: Path, files: Path, seconds: float) -> bool:
        """Whether it was killed after so many seconds; else it has ended by itself."""
        process = self._start(act, store, files, None)
        process.join(seconds)
        if process.is_alive() and process.pid is not None:
            with suppress(ProcessLookupError):  # it may end between the two
                os.kill(process.pid, signal.SIGKILL)
        process.join()
        return bool(process.exitcode == -signal.SIGKILL)

    def whole(self, act: str, store: Path, files: Path) -> float:
        """Seconds that it takes when nobody kills it."""
        began = time.monotonic()
        process = self._start(act, store, files, None)
        process.join()
        assert process.exitcode == 0, act
        return time.monotonic() - began

    def _start(self, act: str, store: Path, files: Path, step: int | None) -> Any:
        process = self._context.Process(target=_child, args=(act, store, files, step))
        process.start()
        return process


def has_keys(store: Path) -> bool:
    """Whether the key file is whole, or not there at all."""
    path = key_path(store)
    return not path.exists() or bool(path.read_bytes().strip().endswith(b"}"))
