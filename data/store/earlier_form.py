"""What a file lacks that an earlier version of the program made: tables and columns that have come since."""

from typing import Any

import duckdb

from data.model.records import TABLES
from data.model.schema import DELIVERY_COLUMNS, Column, columns, plain_type


def lacking(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    """Return by table the columns that an attached file lacks, with SQL of what they hold for all rows: that nothing is known."""
    # By its columns, not by its `schema_version`: that would read every code list whenever a file is opened.
    there = columns_in(connection, database)
    missing = {
        table: {name: sql for name, sql in _known(table).items() if name not in there.get(table, ())}
        for table in ("delivery", *TABLES)
    }
    return {table: names for table, names in missing.items() if names}


def columns_in(connection: duckdb.DuckDBPyConnection, database: str | None = None) -> dict[str, list[str]]:
    """Return the columns of each table of an attached file; of the one that a connection looks into, if none is named."""
    query = """SELECT table_name, list(column_name) FROM duckdb_columns()
        WHERE database_name = coalesce(?, current_database()) GROUP BY ALL"""
    return dict(connection.execute(query, [database]).fetchall())


def complete(connection: duckdb.DuckDBPyConnection, database: str, missing: dict[str, dict[str, str]]) -> None:
    """Let a connection see an attached file as if it had what it lacks: tables without rows, columns of which nothing is known.

    missing: as `lacking` tells. Views of the connection alone, which come before the tables of their names.
    """
    for table, names in missing.items():
        made = ", ".join(f'{sql} AS "{name}"' for name, sql in names.items())
        has_rows = names.keys() != _known(table).keys()
        rows = f"*, {made} FROM {database}.{table}" if has_rows else f"{made} WHERE false"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT {rows}")


def filled(connection: duckdb.DuckDBPyConnection, table: str, values: dict[str, str]) -> dict[str, str]:
    """SQL of values by column for a table of the present form: where one must not be empty, nothing is known instead of NULL."""
    query = """SELECT column_name FROM duckdb_columns()
        WHERE database_name = current_database() AND table_name = ? AND NOT is_nullable"""
    needed = {name for (name,) in connection.execute(query, [table]).fetchall()}
    unknown = _known(table) if table in ("delivery", *TABLES) else {}
    return {
        name: f"coalesce({sql}, {unknown[name]})" if name in needed and name in unknown else sql
        for name, sql in values.items()
    }


def _known(table: str) -> dict[str, str]:
    """SQL by column of a table of what it holds where nothing is known."""
    if table == "delivery":
        return delivery_unknown()
    return {
        "record": "0::UBIGINT",
        "delivery": "0::UINTEGER",
        **{one.name: _unknown(one) for one in columns(TABLES[table])},
    }


def delivery_unknown() -> dict[str, str]:
    """SQL by column of the table of deliveries of what it holds where nothing is known."""
    return {name: _nothing(kind) for name, kind in DELIVERY_COLUMNS.items()}


def _nothing(kind: str) -> str:
    """SQL of nothing, of a type as a table of no model is made with it."""
    plain = kind.removesuffix(" NOT NULL")
    if plain == kind:
        return f"NULL::{plain}"
    if plain.endswith("[]"):
        return f"[]::{plain}"
    return {"VARCHAR": "''", "TIMESTAMP": "'1970-01-01'::TIMESTAMP"}.get(plain, f"0::{plain}")


def _unknown(column: Column) -> str:
    """SQL of what a column holds where nothing is known."""
    default = () if column.is_list and column.default is None else column.default
    return f"CAST({_literal(default)} AS {plain_type(column)})"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return "[]" if value == () else f"'{value}'"
