"""Stores made by hand for tests: a few rows given as dictionaries, so that every expected number can be counted by eye."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from data.model.records import TABLES
from data.model.schema import Column, columns
from data.store.store import Store

DEFAULTS: dict[str, dict[str, Any]] = {
    "encounter": {"topics": ["work"], "occurred_on": date(2025, 1, 15)},
    "referral": {"to_service": "kela", "referred_on": date(2025, 1, 15)},
    "enrolment": {"centre": "049", "started_on": date(2025, 1, 15)},
    "outcome": {"kind": "employment_open", "started_on": date(2025, 1, 15)},
}


CLIENT = {"client": pl.Int64(), "pseudonym": pl.String()}
TYPES: dict[str, pl.DataType] = {
    "VARCHAR": pl.String(), "DATE": pl.Date(), "BOOLEAN": pl.Boolean(), "DOUBLE": pl.Float64(), "UBIGINT": pl.UInt64(),
}  # fmt: skip


def store_of(path: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Store:
    """A published store holding the given rows; `client` is a plain number (negative = anonymous), `record` is counted up."""
    store = Store(path)
    with store.next_generation("made by hand") as connection:
        clients = sorted({row["client"] for rows in tables.values() for row in rows if row.get("client", -1) > 0})
        _insert(
            connection, "client", pl.DataFrame({"client": clients, "pseudonym": [f"p{c}" for c in clients]}, CLIENT)
        )
        for table, rows in tables.items():
            _fill(connection, table, rows)
    return store


def add_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows, and clients that are not there yet, to a generation that is being made."""
    clients = sorted({row["client"] for row in rows if row.get("client", -1) > 0})
    given = pl.DataFrame({"client": clients, "pseudonym": [f"p{c}" for c in clients]}, CLIENT)
    connection.register("all_clients", given)
    connection.execute("INSERT INTO client FROM all_clients ANTI JOIN client USING (client)")
    connection.unregister("all_clients")
    _fill(connection, table, rows)


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with the defaults of what they do not say."""
    if table == "delivery":
        _insert(connection, table, pl.DataFrame([dict(row) for row in rows]))
        return
    own = columns(TABLES[table])
    defaults = {c.name: list(c.default) if isinstance(c.default, tuple) else c.default for c in own}
    numbered = ({"record": number, "delivery": 0} | dict(row) for number, row in enumerate(rows, 1))
    filled = [defaults | DEFAULTS.get(table, {}) | row for row in numbered]
    schema = {"record": pl.UInt64(), "delivery": pl.UInt32()} | {column.name: _held(column) for column in own}
    _insert(connection, table, pl.DataFrame({name: [row[name] for row in filled] for name in schema}, schema))


def publish_frames(path: Path, tables: Mapping[str, pl.DataFrame]) -> Store:
    """A published store of as many rows as wanted; what a frame lacks is empty."""
    store = Store(path)
    with store.next_generation("made by drawing") as connection:
        clients = pl.concat([rows["client"] for rows in tables.values() if "client" in rows.columns]).unique()
        clients = clients.filter(clients > 0).sort()
        _insert(connection, "client", pl.DataFrame({"client": clients, "pseudonym": clients.cast(pl.String)}))
        for table, rows in tables.items():
            numbered = rows if "record" in rows.columns else rows.with_row_index("record", 1)
            given = {column.name for column in columns(TABLES[table])}
            defaults = [
                pl.lit(list(c.default) if isinstance(c.default, tuple) else c.default, dtype=_held(c)).alias(c.name)
                for c in columns(TABLES[table])
                if c.name not in rows.columns
            ]
            assert set(rows.columns) <= given | {"record"}, table
            _insert(connection, table, numbered.with_columns(defaults))
    return store


def _held(column: Column) -> pl.DataType:
    """What holds a column's values on their way; the store makes codes and numbers of its own types of them."""
    if column.is_list:
        return pl.List(pl.String)
    return TYPES.get(column.type, pl.String() if column.code_list else pl.Int64())


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """All rows at once: one by one, a thousand would take a second."""
    connection.register("given", rows)
    connection.execute(f"INSERT INTO {table} ({', '.join(rows.columns)}) SELECT * FROM given")
    connection.unregister("given")
