"""How much of the machine a database may take: its memory, its threads, and where it writes what does not fit into memory."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

import duckdb

MEMORY: Final = "TILANNEKUVA_MEMORY"
THREADS: Final = "TILANNEKUVA_THREADS"
SPILL: Final = "TILANNEKUVA_SPILL"
"""Environment variables: most memory of a database (`2GB`, `800MB`, `25%`), most threads, and a folder for what does not fit."""
_SIZE = re.compile(r"[1-9]\d{0,6}[MG]B|[1-9]\d{0,3}TB|([1-9]\d?|100)%", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_MOST_THREADS = 1024
_FOLDER = "tilannekuva-spill"
_OF_PROCESS = re.compile(r".+\.(\d+)-\d+\.tmp")
_numbers = count(1)
log = logging.getLogger(__name__)


def database() -> duckdb.DuckDBPyConnection:
    """Return a database in memory that keeps to the settings; what cannot be understood is as if it had not been set."""
    connection = duckdb.connect(":memory:")
    if memory := usable(MEMORY):
        connection.execute(f"SET memory_limit = '{memory}'")
    if threads := usable(THREADS):
        connection.execute(f"SET threads = {threads}")
    return connection


def usable(name: str) -> str:
    """Return the setting of memory or threads as DuckDB takes it; nothing where it is not set or cannot be understood.

    Spaces may stand in it, as people write 25 % and 1 000 MB.
    """
    value = "".join(_set(name).split())
    if not value or _IS_UNDERSTOOD[name](value):
        return value
    _not_understood(name)
    return ""


def _is_size(value: str) -> bool:
    return _SIZE.fullmatch(value) is not None


def _is_number_of_threads(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None and int(value) <= _MOST_THREADS


_IS_UNDERSTOOD: Final = {MEMORY: _is_size, THREADS: _is_number_of_threads}


def spill_of(file: Path) -> Path:
    """Return a folder for what a database of a file cannot keep in memory. It is not made here, and goes with the database.

    Each has its own, because the files in it have the same names for every database. It lies beside the file, whose folder is its
    owner's alone, or in the folder that is set.
    """
    name = f"{file.name}.{os.getpid()}-{next(_numbers)}.tmp"
    return (_folder(_set(SPILL), os.getpid()) or file.parent) / name


def clear_spills(file: Path) -> None:
    """Remove what databases of a file that is gone have left beside it."""
    _clear(file.parent.glob(f"{file.name}*.tmp"))


def clear_all_spills(folder: Path) -> None:
    """Remove what databases of any file in a folder have left beside it."""
    _clear(left for left in folder.glob("*.tmp") if left.is_dir())


def _clear(spilled: Iterable[Path]) -> None:
    """A living process takes its own along, and could not go on without: DuckDB never makes the folder again."""
    for left in spilled:
        found = _OF_PROCESS.fullmatch(left.name)
        if not found or os.name != "posix" or not _is_alive(int(found[1])):  # elsewhere, what is open cannot be removed
            shutil.rmtree(left, ignore_errors=True)


def clear_left(folder: Path) -> None:
    """Remove what databases of processes that have been killed could not keep in memory, and left in a folder."""
    for left in folder.glob("*.tmp"):
        found = _OF_PROCESS.fullmatch(left.name)
        if found and not _is_alive(int(found[1])):
            shutil.rmtree(left, ignore_errors=True)


def clear_of(process: int, store: Path) -> None:
    """Remove what databases of a store in one process, which has ended or is about to, could not keep in memory."""
    found = list(store.glob(f"*/*.{process}-*.tmp"))
    if folder := _folder(_set(SPILL), os.getpid()):
        found += folder.glob(f"*.{process}-*.tmp")
    for left in found:
        shutil.rmtree(left, ignore_errors=True)


@cache
def _folder(given: str, process: int) -> Path | None:
    """Return the folder of the setting, for its owner alone; None where there is none. What killed processes have left goes."""
    if not given:
        return None
    folder = Path(given).absolute() / _FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        state = folder.stat()
        if os.name == "posix" and (state.st_uid != os.getuid() or state.st_mode & 0o077):
            raise PermissionError
    except OSError:
        _not_understood(SPILL)
        return None
    clear_left(folder)
    return folder


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return True
    with suppress(PermissionError, OverflowError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True


def _set(name: str) -> str:
    return os.environ.get(name, "").strip()


@cache
def _not_understood(name: str) -> None:
    """Say it once."""
    log.warning("%s cannot be used and is left out", name)
