"""A place to compute in DuckDB without a store. Making a database takes longer than most of what it is asked, so there is one."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import duckdb
import polars as pl

_PIECE = 122_880
"""Rows of a row group of DuckDB."""

_lock = threading.Lock()
_numbers = count(1)


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


def quoted(path: Path | str) -> str:
    """A path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def in_pieces(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows in pieces: DuckDB reads each in one thread, so a frame in one piece keeps one processor busy."""
    if frame.height <= _PIECE:
        return frame
    return pl.concat([frame.slice(at, _PIECE) for at in range(0, frame.height, _PIECE)], rechunk=False)


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """The database of a process; one that has been forked has none of the threads of the other's."""
    return duckdb.connect(":memory:")
