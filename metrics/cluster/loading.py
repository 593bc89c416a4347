"""A database of the rows of some slices, made of files that somebody else has read: the store's own tables and types."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO

import duckdb
import polars as pl

from data.model.schema import enum_types, tables
from data.store.resources import database
from data.store.workspace import quoted
from metrics.cluster.errors import ClusterError
from metrics.cluster.manifest import OF_OTHERS, WrittenRows
from metrics.model.facts.of_all import OF_ALL

Piece = tuple[str, bytes]
"""A table, and a Parquet file of rows of it."""


@contextmanager
def loaded(
    pieces: Iterable[Piece], manifest: WrittenRows, numbers: tuple[int, ...]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database of these slices. Raises ClusterError("rows_missing") when rows lack, and duckdb.Error.

    What does not fit in memory is written into a folder for its owner alone, which goes with the database.
    """
    with tempfile.TemporaryDirectory(prefix="tilannekuva-") as spill, database() as connection:
        connection.execute(f"SET temp_directory = {quoted(spill)}")
        for statement in (*enum_types().values(), *tables().values()):
            connection.execute(statement)
        for name, table in OF_OTHERS.items():
            connection.execute(f"CREATE TABLE {name} AS FROM {table}")
        for table, content in pieces:
            _insert(connection, table, content)
        for table in manifest.rows:
            if _count(connection, table) != manifest.expected(table, numbers):
                raise ClusterError("rows_missing", part=table)
        for name, table in OF_OTHERS.items():
            # They may be of another of these slices, and be there already.
            rows = f"SELECT DISTINCT ON (record) * FROM {name} ANTI JOIN {table} USING (record)"
            connection.execute(f"INSERT INTO {table} BY NAME {rows}")
        yield connection


def _insert(connection: duckdb.DuckDBPyConnection, table: str, content: bytes) -> None:
    connection.register("piece", pl.read_parquet(BytesIO(content)))
    if table in OF_ALL:
        connection.execute(f"CREATE TABLE {table} AS FROM piece")
    else:
        connection.execute(f"INSERT INTO {table} BY NAME FROM piece")
    connection.unregister("piece")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
