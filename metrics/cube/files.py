"""Files of cells: written whole, told from damaged ones when read, and never more than a folder may hold."""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data.store.errors import StoreError
from metrics.cube.packed import PackedCells

SUFFIX = ".cells"
"""Of files of cells. Those of earlier versions are Parquet: nobody reads them; they go with their generation or as the oldest."""
_EVERY_SUFFIX = (SUFFIX, ".parquet")

MOST_BYTES = 2_000_000_000
"""Most bytes of the cells of one generation on the disk; the oldest go, and are computed again when asked for."""
_PART = 16
"""A folder is looked through each time a process has written that part of what it may hold."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_insists = [False]
_LEAST_FREE = 1 << 24
"""Bytes on the disk below which it is full for what can be made again."""
_written: dict[Path, int] = {}
"""Bytes that this process has written into a folder since it has looked through it."""


@contextmanager
def insisting() -> Iterator[None]:
    """Say that cells cannot be kept meanwhile: for who is asked for nothing but them, or makes them for others."""
    before, _insists[0] = _insists[0], True
    try:
        yield
    finally:
        _insists[0] = before


@contextmanager
def keeping(path: Path) -> Iterator[None]:
    """Pass over what keeps cells from being saved, as whoever asked has them in memory: their generation and its folder are gone,
    the disk is full, or the store may only be read. Raises StoreError where that matters (`insisting`): `no_room`, `unwritable`.
    """
    try:
        yield
    except OSError as error:
        if _insists[0]:
            raise StoreError("no_room" if error.errno in _FULL else "unwritable", path.parent) from None
    if _insists[0] and _is_full(path.parent):
        raise StoreError("no_room", path.parent)  # what they are made for needs some to take its place


def _is_full(folder: Path) -> bool:
    with suppress(OSError):
        return shutil.disk_usage(folder).free < _LEAST_FREE
    return False


def save(path: Path, cells: PackedCells) -> None:
    """Put cells into their file, for its owner alone. Raises OSError; then nothing is left of it."""
    # One name for every process, for only one at a time makes this file: what a killed one left is written over.
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        temporary.write_bytes(_checksum(path, cells.content) + cells.content)
        temporary.chmod(0o600)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def load(path: Path) -> PackedCells | None:
    """Cells from their file; None when it cannot be read, or when they are not those that were written."""
    try:
        if not path.is_file():  # to open a pipe would wait for whoever writes into it
            return None
        whole = path.read_bytes()
    except OSError:
        return None
    checksum, content = whole[: hashlib.sha256().digest_size], whole[hashlib.sha256().digest_size :]
    if checksum != _checksum(path, content):
        return None
    try:
        return PackedCells(content)
    except (ValueError, TypeError):  # whole, but another version of the program has written them in another form
        return None


def bound(folder: Path, keep: Collection[Path]) -> None:
    """Delete the oldest files of a folder of cells that holds too much. keep: those just computed.

    Thousands of files take longer to look through than most cells take to compute, so that it is done now and then.
    """
    with suppress(OSError):
        _written[folder] = _written.get(folder, MOST_BYTES) + sum(file.stat().st_size for file in keep if file.exists())
        if _written[folder] < MOST_BYTES / _PART:
            return
        _written[folder] = 0
        found = [(file.stat(), file) for file in folder.iterdir() if file.suffix in _EVERY_SUFFIX]
        size = sum(state.st_size for state, _ in found)
        for state, file in sorted(found, key=lambda one: one[0].st_mtime_ns):
            if size <= MOST_BYTES:
                return
            if file not in keep:
                file.unlink(missing_ok=True)  # its lock stays, as others may wait for it
                size -= state.st_size


def _checksum(path: Path, content: bytes) -> bytes:
    """Of the name, for cells of another question are whole too, and of all bytes that follow."""
    return hashlib.sha256(path.name.encode() + b"\n" + content).digest()
