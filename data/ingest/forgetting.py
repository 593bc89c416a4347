"""Forgetting a person: every record of a client number leaves every generation that is kept, and the cells made of it."""

from __future__ import annotations

import shutil

import duckdb

from data.coverage.removals import Removal, RemovalError, forget_unmentioned, note
from data.coverage.sources import Sources
from data.ingest.pseudonyms import client_keys
from data.model.identifiers import identifier
from data.model.records import TABLES
from data.model.schema import columns
from data.store.store import Store


def forget_client(store: Store, client: str) -> Removal:
    """Delete the records of a client number, in every register of the store, from every generation; the line of the log.

    The list of rejected rows goes too, since nobody can tell whose they are. Raises RemovalError("no_client"), StoreError.
    """
    registers = ("", *sorted({source.client_register for source in Sources.of(store.path).all()} - {""}))
    keys = client_keys(identifier(client), registers, store.keys)
    before = {generation.number: generation.token for generation in store.history()}
    rows = sum(_count(store, number, keys) for number in before)
    if not rows:
        raise RemovalError("no_client")

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        for table in _tables(connection):
            connection.execute(f"DELETE FROM {table} WHERE client IN ({_listed(keys)})")
        forget_unmentioned(connection)

    store.rewrite(change)
    shutil.rmtree(store.rejected_path, ignore_errors=True)
    return note(store, what="client", rows=rows)


def _count(store: Store, number: int, keys: tuple[int, ...]) -> int:
    with store.reading(store.generation(number)) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table} WHERE client IN ({_listed(keys)})").fetchall()[0][0]
            for table in _tables(connection)
        ]
    return sum(map(int, counts))


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables of a generation, of whatever version, that have clients."""
    having = {
        str(name)
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_columns() WHERE column_name = 'client' AND NOT internal"
        ).fetchall()
    }
    return [
        table
        for table, model in TABLES.items()
        if table in having and any(column.identity == "client" for column in columns(model))
    ]


def _listed(keys: tuple[int, ...]) -> str:
    return ", ".join(map(str, keys))
