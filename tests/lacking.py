"""The sample municipality had its files lacked a table, or a column of one."""

from functools import cache
from pathlib import Path

from data.model.records import TABLES
from data.model.schema import columns
from data.store.store import Store
from tests.conftest import own_copy


@cache
def lacking(base: Path, sample: Path, table: str, field: str = "") -> Store:
    """Its store, made once in a worker's folder from that of the whole sample, for all who ask. Read it only."""
    store = Store(own_copy(sample, base / "-".join(("without", table, field)), cells=False))
    column = next((one for one in columns(TABLES[table]) if one.field == field), None)
    with store.next_generation("without", sample=True) as connection:
        if column is None:
            connection.execute(f"DELETE FROM {table}")
            connection.execute("DELETE FROM delivery WHERE data_table = ?", [table])
        else:
            empty = "-abs(client)" if column.identity == "client" else "[]" if column.is_list else "?"
            given = [column.default] if empty == "?" else []
            connection.execute(f'UPDATE {table} SET "{column.name}" = {empty}', given)
            connection.execute(
                "UPDATE delivery SET fields = list_filter(fields, lambda one: one <> ?) WHERE data_table = ?",
                [field, table],
            )
    return store
