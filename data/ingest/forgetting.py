"""Forgetting a person: every record of a client number leaves every generation that is kept, and the cells made of it."""

from __future__ import annotations

import shutil

import duckdb

from data.coverage.removals import Removal, RemovalError, forget_unmentioned, note
from data.coverage.sources import Sources
from data.ingest.pseudonyms import client_keys
from data.model.identifiers import identifier
from data.model.schema import client_tables
from data.store.generation import Generation
from data.store.reading import columns_there
from data.store.store import Store


def forget_client(store: Store, client: str) -> Removal:
    """Delete the records of a client number, in every register of the store, from every generation; the line of the log.

    The list of rejected rows goes too, since nobody can tell whose they are. Raises RemovalError("no_client"), StoreError.
    """
    registers = ("", *sorted({source.client_register for source in Sources.of(store.path).all()} - {""}))
    keys = client_keys(identifier(client), registers, store.keys)
    rows = sum(_count(store, generation, keys) for generation in store.history())
    if not rows:
        raise RemovalError("no_client")

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        for table in _tables(connection):
            connection.execute(f"DELETE FROM {table} WHERE client IN ({_listed(keys)})")
        forget_unmentioned(connection)

    store.rewrite(change)
    shutil.rmtree(store.rejected_path, ignore_errors=True)
    return note(store, what="client", rows=rows)


def _count(store: Store, generation: Generation, keys: tuple[int, ...]) -> int:
    with store.reading(generation) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table} WHERE client IN ({_listed(keys)})").fetchall()[0][0]
            for table in _tables(connection)
        ]
    return sum(map(int, counts))


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables of a generation, of whatever version, that have clients."""
    return [table for table in client_tables() if columns_there(connection, table)]


def _listed(keys: tuple[int, ...]) -> str:
    return ", ".join(map(str, keys))
