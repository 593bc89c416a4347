"""One writer at a time in a folder of the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from data.store.errors import StoreError
from data.store.trouble import told


@contextmanager
def locked(folder: Path, patience: float, *, again: bool = True) -> Iterator[None]:
    """Nobody else holds the lock of a folder meanwhile; the folder is made when it is not there.

    patience: seconds to wait for it; again: whether the holder may take it once more. Raises StoreError: `busy`, `not_a_folder`,
    `unwritable`, `no_room`.
    """
    lock = filelock.FileLock(folder / "lock", timeout=patience, mode=0o600, is_singleton=again)
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
