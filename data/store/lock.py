"""One writer at a time in a folder of the store."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import filelock

from data.store.errors import StoreError
from data.store.trouble import told

_URGENT, _MOMENT = 30.0, 0.3
"""Seconds that what is urgent waits for a lock, and between two times that it hurries whoever holds it."""


@contextmanager
def locked_soon(folder: Path, hurry: Callable[[], None]) -> Iterator[None]:
    """As `locked`, for what is urgent. hurry: called again and again while somebody else holds it, for the next one may, too."""
    until = time.monotonic() + _URGENT
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(locked(folder, _MOMENT, again=False))
                break
            except StoreError as error:
                if error.reason != "busy" or time.monotonic() > until:
                    raise
                hurry()
        yield


@contextmanager
def locked(folder: Path, patience: float, *, again: bool = True) -> Iterator[None]:
    """Nobody else holds the lock of a folder meanwhile; the folder is made when it is not there.

    patience: seconds to wait for it; again: whether the holder may take it once more. Raises StoreError: `busy`, `not_a_folder`,
    `unwritable`, `no_room`.
    """
    with _held(filelock.FileLock(folder / "lock", timeout=patience, mode=0o600, is_singleton=again), folder):
        yield


@contextmanager
def locked_file(file: Path, patience: float) -> Iterator[None]:
    """Nobody else changes a file meanwhile that stands beside the key file, as stores may share one. Raises as `locked`."""
    lock = filelock.FileLock(file.with_name(f"{file.name}.lock"), timeout=patience, mode=0o600)
    with _held(lock, file.parent):
        yield


@contextmanager
def _held(lock: filelock.BaseFileLock, folder: Path) -> Iterator[None]:
    try:
        with told(folder, "", writing=True):
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                lock.acquire()
            except (FileExistsError, NotADirectoryError):
                raise StoreError("not_a_folder", folder) from None
    except filelock.Timeout:
        raise StoreError("busy", folder) from None
    try:
        yield
    finally:
        lock.release()
