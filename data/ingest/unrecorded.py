"""What an import leaves untold about work: enrolments that ended for work of which no outcome tells."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import polars as pl

from data.codes import WORK_KINDS
from data.ingest.merging import has_table

_WORK = ", ".join(f"'{kind}'" for kind in WORK_KINDS)
_COLUMNS = {"enrolment": ("client", "started_on", "end_reason"), "outcome": ("client", "started_on", "kind")}


def unrecorded_work(connection: duckdb.DuckDBPyConnection | None, pending: Mapping[str, pl.DataFrame]) -> int:
    """Return the number of enrolments that ended for work without a start in work on or after their first day.

    connection: reads the store, None when there is none; pending: rows of an import by table, which go before those of the
    store. 0 when the import has neither enrolments nor outcomes.
    """
    if not pending.keys() & _COLUMNS.keys():
        return 0
    found = {table: _rows(connection, table, pending.get(table)) for table in _COLUMNS}
    with duckdb.connect() as scratch:
        for table, rows in found.items():
            scratch.register(table, rows)
        (number,) = scratch.execute(f"""
            SELECT count(*) FROM enrolment n WHERE n.end_reason = 'employed' AND NOT EXISTS (
                SELECT 1 FROM outcome o
                WHERE o.client = n.client AND o.kind IN ({_WORK}) AND o.started_on >= n.started_on
            )""").fetchall()[0]
    return int(number)


def _rows(connection: duckdb.DuckDBPyConnection | None, table: str, pending: pl.DataFrame | None) -> pl.DataFrame:
    """The rows of a table as they will be after the import."""
    client, day, code = _COLUMNS[table]
    schema = {"record": pl.UInt64, client: pl.Int64, day: pl.Date, code: pl.String}
    parts = [pl.DataFrame(schema=schema)]
    if pending is not None:
        parts.append(pending.select(pl.col(name).cast(kind) for name, kind in schema.items()))
    if connection is not None and has_table(connection, table):
        query = f"SELECT record, {client}, {day}, {code}::VARCHAR AS {code} FROM {table}"
        parts.append(connection.sql(query).pl().join(pl.concat(parts).select("record"), on="record", how="anti"))
    return pl.concat(parts)
