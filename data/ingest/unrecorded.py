"""What an import leaves untold about work: enrolments that ended for work of which no outcome tells."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import polars as pl

from data.ingest.merging import has_table
from data.model.leaving import LEFT_FOR_WORK
from data.store.workspace import workspace

_DAYS = {"client": pl.Int64, "started_on": pl.Date, "ended_on": pl.Date}
_COLUMNS = {"enrolment": {**_DAYS, "end_reason": pl.String}, "outcome": {**_DAYS, "kind": pl.String}}


def unrecorded_work(connection: duckdb.DuckDBPyConnection | None, pending: Mapping[str, pl.DataFrame]) -> int:
    """Return the number of enrolments that ended for work without a start in that work (`LEFT_FOR_WORK`).

    connection: reads the store, None when there is none; pending: rows of an import by table, which go before those of the
    store. 0 when the import has neither enrolments nor outcomes.
    """
    if not pending.keys() & _COLUMNS.keys():
        return 0
    found = {table: _rows(connection, table, pending.get(table)) for table in _COLUMNS}
    with workspace() as scratch:
        for table, rows in found.items():
            scratch.register(table, rows)
        (number,) = scratch.execute(f"""
            SELECT count(*) FROM enrolment n WHERE n.end_reason = 'employed' AND NOT EXISTS (
                SELECT 1 FROM outcome o WHERE {LEFT_FOR_WORK}
            )""").fetchall()[0]
    return int(number)


def _rows(connection: duckdb.DuckDBPyConnection | None, table: str, pending: pl.DataFrame | None) -> pl.DataFrame:
    """The rows of a table as they will be after the import."""
    schema = {"record": pl.UInt64, **_COLUMNS[table]}
    parts = [pl.DataFrame(schema=schema)]
    if pending is not None:
        parts.append(pending.select(pl.col(name).cast(kind) for name, kind in schema.items()))
    if connection is not None and has_table(connection, table):
        texts = (f"{name}::VARCHAR AS {name}" if kind == pl.String else name for name, kind in schema.items())
        query = f"SELECT {', '.join(texts)} FROM {table}"
        parts.append(connection.sql(query).pl().join(pl.concat(parts).select("record"), on="record", how="anti"))
    return pl.concat(parts)
