"""A place to compute in DuckDB without a store. Making a database takes longer than most of what it is asked, so there is one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from data.store.resources import database as new_database
from data.store.resources import spill_of

if TYPE_CHECKING:
    import polars as pl

_PIECE = 122_880
"""Rows of a row group of DuckDB."""

_lock = threading.Lock()
_numbers = count(1)
_idle: dict[int, duckdb.DuckDBPyConnection] = {}
"""A database that nobody writes with at the moment, by process."""


@contextmanager
def workspace() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of one's own: frames registered with it are seen by no other, and go with it."""
    with _lock:
        connection = _database(os.getpid()).cursor()
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def looking_into(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads a database file, whatever is open under this name elsewhere in the process."""
    name = f"file_{next(_numbers)}"
    with workspace() as connection:
        connection.execute(f"ATTACH {quoted(file)} AS {name} (READ_ONLY)")
        try:
            connection.execute(f"USE {name}")
            yield connection
        finally:
            connection.execute("USE memory")
            connection.execute(f"DETACH {name}")


@contextmanager
def writing_into(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes a database file, which is made when there is none, in a database of its own.

    What does not fit in memory is written beside the file. After an error nothing is held that was not committed.
    """
    spilled = spill_of(file)
    database = _idle_database(os.getpid())
    try:
        database.execute(f"SET temp_directory = {quoted(spilled)}")
        connection = database.cursor()
        connection.execute(f"ATTACH {quoted(file)} AS written")
        connection.execute("USE written")
        yield connection
        connection.execute("USE memory")
        connection.execute("DETACH written")
        connection.close()
    except BaseException:
        database.close()
        raise
    if spilled.exists():
        database.close()  # it cannot spill anywhere else any more, and takes the folder with it
    else:
        with _lock:
            _idle[os.getpid()] = database


def _idle_database(process: int) -> duckdb.DuckDBPyConnection:
    with _lock:
        return _idle.pop(process, None) or new_database()


def quoted(path: Path | str) -> str:
    """A path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def in_pieces(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows in pieces: DuckDB reads each in one thread, so a frame in one piece keeps one processor busy."""
    if frame.height <= _PIECE:
        return frame
    import polars as pl  # not above: to load it takes longer than a short command

    return pl.concat([frame.slice(at, _PIECE) for at in range(0, frame.height, _PIECE)], rechunk=False)


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """The database of a process; one that has been forked has none of the threads of the other's."""
    return new_database()
