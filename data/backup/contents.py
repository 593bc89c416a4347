"""The files of a store as they were together at one moment, while others read it and an import may run.

Nobody has to wait. Published files are never edited, only replaced; so all of them are opened, and it is looked whether each is
still the one in its place. If not, something was put in place meanwhile: then once more.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from data.backup import manifest
from data.store.commit import UNFINISHED
from data.store.generation import Generation
from data.store.keys import key_path
from data.store.lists import lists
from data.store.store import Store, StoreError
from data.store.trouble import told

_LEFT_OUT = frozenset({"cube", "rejected", "revisions", "damaged"})
"""Folders that can be made anew, or that nobody can tell whose what is in them."""
_NOTED = "releases/waiting.json"
_TRIES = 100
_PAUSE = 0.1


@dataclass(frozen=True)
class Contents:
    """The open files by name; the serving generation; the release, None when the store has not been opened."""

    serving: Generation
    release: Generation | None
    files: dict[str, BinaryIO]


@contextmanager
def taken(store: Store) -> Iterator[Contents]:
    """What belongs into a backup. Raises StoreError, also `busy` when the store never stood still."""
    for _ in range(_TRIES):
        with ExitStack() as stack:
            with told(store.path, ""):
                found = _opened(store, stack)
            if found is not None:
                yield found
                return
        time.sleep(_PAUSE)
    raise StoreError("busy", store.path)


def _opened(store: Store, stack: ExitStack) -> Contents | None:
    """None when the store has changed meanwhile."""
    serving, release = store.serving(), store.release()
    names = _names(store, serving, release)
    states: dict[str, tuple[int, ...]] = {}
    files: dict[str, BinaryIO] = {}
    try:
        for name in names:
            file = stack.enter_context((store.path / name).open("rb"))
            states[name] = _state(os.fstat(file.fileno()))
            # Small files are replaced by their writers, which Windows does not do under an open one.
            files[name] = file if name.endswith(".duckdb") else io.BytesIO(file.read())
            if not name.endswith(".duckdb"):
                file.close()
        is_same = all(_state((store.path / name).stat()) == state for name, state in states.items())
        is_same = is_same and _names(store, store.serving(), store.release()) == names
    except FileNotFoundError:
        return None
    return Contents(serving, release, files) if is_same and not (store.path / UNFINISHED).exists() else None


def _names(store: Store, serving: Generation, release: Generation | None) -> list[str]:
    stems = {one.stem for one in (serving, release) if one}
    keys = key_path(store.path).resolve()
    listed, found = lists(store.path), list[str]()  # first: whatever list is begun meanwhile will be seen
    for path in store.path.rglob("*"):
        name = path.relative_to(store.path).as_posix()
        folder = name.partition("/")[0]
        if folder in _LEFT_OUT or path.is_symlink() or not path.is_file() or not _is_whole(name):
            continue
        if path.resolve() == keys:  # wherever somebody has put it
            continue
        if folder in ("generations", "releases") and name.rpartition(".")[0] not in stems and name != _NOTED:
            continue
        found.append(name)
    for path in listed:
        name = path.relative_to(store.path).as_posix()
        is_wanted = _is_whole(name) and name.partition("/")[0] not in _LEFT_OUT
        if is_wanted and name not in found and (path.exists() or path.is_symlink()):
            raise StoreError("unreadable", path)  # a backup without it would be taken for one of all that there was
    return sorted(found)


def _is_whole(name: str) -> bool:
    """A file of the store, no draft and nothing that was set aside."""
    return manifest.may_be(name) and ".draft" not in name and ".tmp" not in Path(name).suffixes


def _state(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_ino, found.st_dev, found.st_size, found.st_mtime_ns)
