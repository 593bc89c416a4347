"""The sample municipality had its files lacked a table, or a column of one."""

from functools import cache
from pathlib import Path

import duckdb

from data.model.records import TABLES
from data.model.schema import Column, columns
from data.store.store import Store
from tests.conftest import own_copy


def lacking(base: Path, sample: Path, table: str, field: str = "", *, beside: tuple[str, ...] = ()) -> Store:
    """Its store, made once in a worker's folder from that of the whole sample, for all who ask. Read it only.

    beside: more tables that it lacks.
    """
    return _made(base, sample, table, field, beside)


@cache
def _made(base: Path, sample: Path, table: str, field: str, beside: tuple[str, ...]) -> Store:
    store = Store(own_copy(sample, base / "-".join(("without", table, *beside, field)), cells=False))
    with store.next_generation("without", sample=True) as connection:
        _remove(connection, table, next((one for one in columns(TABLES[table]) if one.field == field), None))
        for other in beside:
            _remove(connection, other, None)
    return store


def _remove(connection: duckdb.DuckDBPyConnection, table: str, column: Column | None) -> None:
    """Empty a table or one of its columns, and forget that it has been delivered."""
    if column is None:
        connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM delivery WHERE data_table = ?", [table])
        return
    empty = "-abs(client)" if column.identity == "client" else "[]" if column.is_list else "?"
    given = [column.default] if empty == "?" else []
    connection.execute(f'UPDATE {table} SET "{column.name}" = {empty}', given)
    connection.execute(
        "UPDATE delivery SET fields = list_filter(fields, lambda one: one <> ?) WHERE data_table = ?",
        [column.field, table],
    )
