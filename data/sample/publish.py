"""Puts the sample municipality into a store the way an import does: pseudonyms, record keys, one new generation."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.coverage import deliveries
from data.model.records import TABLES
from data.model.schema import Column, columns
from data.model.schema import tables as table_names
from data.refusal import Refusal
from data.sample.plan import Plan
from data.sample.tables import IDENTIFIERS, tables
from data.store.keys import Keys, pseudonym_sql, record_sql, rkey_sql
from data.store.ready import at_once
from data.store.releases import after_change
from data.store.store import LEFT, Store

Rkeys = npt.NDArray[np.int64]

# As in `data.ingest.pseudonyms`: a corrected row of a file would find its record here too.
_JOINT = "chr(31)"


class NotASampleStoreError(Refusal):
    """The store holds real records; example data never goes among them."""

    family = "sample"

    def __init__(self, path: Path) -> None:
        super().__init__("among_real", store=path)


def publish(plan: Plan, store: Store, progress: Callable[[int, int], None] = lambda done, of: None) -> dict[str, int]:
    """Replace what a sample store holds by the sample municipality; rows by table.

    progress: told how many tables are made, and of how many. Raises NotASampleStoreError, and as `Store.next_generation`.
    """
    if store.current() is not None and not store.is_sample:
        raise NotASampleStoreError(store.path)
    counts: dict[str, int] = {}
    cause = f"sample {plan.encounters} encounters, seed {plan.seed}, until {plan.last.isoformat()}"
    # At once: somebody wants to look at it, and nobody has looked at it before.
    with at_once(), store.next_generation(cause, sample=True) as connection:
        for name in table_names():
            connection.execute(f"DELETE FROM {name}")
        rkeys = _insert_clients(connection, store.keys, plan.clients)
        for name, rows in tables(plan):
            counts.setdefault(name, 0)
            progress(len(counts) - 1, len(TABLES))
            counts[name] += _insert(connection, store.keys, name, rows, rkeys, list(counts).index(name) + 1)
        for number, (name, count) in enumerate(counts.items(), 1):
            deliveries.write(connection, _delivery(plan, number, name, count))
    (store.path / LEFT).unlink(missing_ok=True)
    after_change(store)
    return counts


def _delivery(plan: Plan, number: int, table: str, rows: int) -> deliveries.Delivery:
    """All rows of a table, as one file of the main source would bring them."""
    is_dated = TABLES[table].day is not None
    return deliveries.Delivery(
        number=number, source=0, made=datetime.now(), file=f"{table}.csv", sheet=None, digest="", table=table,
        first_day=plan.first if is_dated else None, last_day=plan.last if is_dated else None,
        fields=tuple(sorted(TABLES[table].model_fields)), read=rows, loaded=rows, replaced=0, unchanged=0, gone=0, rejected=0,
    )  # fmt: skip


def _insert_clients(connection: duckdb.DuckDBPyConnection, keys: Keys, count: int) -> Rkeys:
    """Fill the client table; record keys by client number, from 1."""
    pseudonyms = pseudonym_sql(keys, f"format('{IDENTIFIERS['client_id']}', n)")
    clients = connection.sql(
        f"SELECT {rkey_sql(keys, 'pseudonym')} AS client, pseudonym, n "
        f"FROM (SELECT n, {pseudonyms} AS pseudonym FROM range(1, {count + 1}) numbers(n)) ORDER BY n"
    ).to_arrow_table()
    connection.execute("INSERT INTO client SELECT client, pseudonym FROM clients")
    return np.concatenate([np.zeros(1, dtype=np.int64), clients["client"].to_numpy()])


def _insert(
    connection: duckdb.DuckDBPyConnection, keys: Keys, name: str, rows: pa.Table, rkeys: Rkeys, delivery: int
) -> int:
    model = TABLES[name]
    if "client_id" in rows.column_names:
        rows = rows.append_column("rkey", pa.array(_rkeys_of(rows["client_id"], rkeys)))
    identity = ", ".join(map(_written, (model.own_number,) if model.own_number else model.identity))
    made = [column for column in columns(model) if column.field in rows.column_names]
    missing = [column for column in columns(model) if column.field not in rows.column_names and column.default]
    values = ", ".join([*(_value(keys, name, column) for column in made), *(f"'{one.default}'" for one in missing)])
    names = ", ".join(f'"{column.name}"' for column in (*made, *missing))
    # `rows` is found by its name: DuckDB reads Arrow tables in scope without a copy.
    connection.execute(
        f"INSERT INTO {name} (record, delivery, {names}) SELECT record, {delivery:d}, {values} "
        f"FROM (SELECT {record_sql(keys, f'concat_ws({_JOINT}, {identity})', name)} AS record, * FROM rows)"
    )
    return int(rows.num_rows)


def _value(keys: Keys, table: str, column: Column) -> str:
    if column.identity == "client":
        # An anonymous visitor is a protection unit of its own: a negative key made of the record's key.
        own = rkey_sql(keys, f"concat_ws({_JOINT}, 'anonymous', '{table}', record)")
        return f"CASE WHEN client_id IS NULL THEN -{own} ELSE rkey END"
    if column.identity:
        return f"CASE WHEN {column.field} IS NULL THEN NULL ELSE {record_sql(keys, _written(column.field), column.identity)} END"
    return f'"{column.field}"::{column.type}'


def _written(field: str) -> str:
    return f"format('{IDENTIFIERS[field]}', {field})" if field in IDENTIFIERS else f'"{field}"::VARCHAR'


def _rkeys_of(client: pa.ChunkedArray, rkeys: Rkeys) -> Rkeys:
    found: Rkeys = rkeys[client.fill_null(0).to_numpy()]
    return found
