"""What a file lacks that an earlier version of the program made: tables and columns that have come since."""

from typing import Any

import duckdb

from data.model.records import TABLES, Record
from data.model.schema import Column, columns, plain_type


def lacking(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    """Return by table the columns that an attached file lacks, with SQL of what they hold for all rows: that nothing is known."""
    # By its columns, not by its `schema_version`: that would read every code list whenever a file is opened.
    there = columns_in(connection, database)
    known = {table: _known(model) for table, model in TABLES.items()}
    missing = {
        table: {name: sql for name, sql in names.items() if name not in there.get(table, ())}
        for table, names in known.items()
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
        has_rows = names.keys() != _known(TABLES[table]).keys()
        rows = f"*, {made} FROM {database}.{table}" if has_rows else f"{made} WHERE false"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT {rows}")


def _known(model: type[Record]) -> dict[str, str]:
    """SQL by column of a table of what it holds where nothing is known."""
    return {"record": "0::UBIGINT", "delivery": "0::UINTEGER", **{one.name: _unknown(one) for one in columns(model)}}


def _unknown(column: Column) -> str:
    """SQL of what a column holds where nothing is known."""
    return f"CAST({_literal(column.default)} AS {plain_type(column)})"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return "[]" if value == () else f"'{value}'"
