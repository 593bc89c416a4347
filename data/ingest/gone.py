"""Rows that a file covers and no longer has: a later export of the same period from which rows have been deleted."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from data.coverage.deliveries import has_deliveries
from data.model.records import TABLES
from data.model.schema import field_column


def rows_gone(
    connection: duckdb.DuckDBPyConnection, table: str, source: int, records: pl.Series, period: tuple[date | None, date | None],
    *, whole: bool,
) -> pl.Series:  # fmt: skip
    """Record keys of a source's rows within a period that are not among `records`.

    whole: the file is said to cover the whole period, so that every other row of it is gone. Else only rows that came in the same
    deliveries as rows the file still has, and only when it still has most of them: another municipality's or month's file of the
    same source takes nothing away.
    """
    none = pl.Series("record", [], pl.UInt64)
    day = TABLES[table].day
    first, last = period
    if day is None or first is None or last is None or not has_deliveries(connection):
        return none
    column = field_column(TABLES[table], day).name
    connection.register("mine", pl.DataFrame({"record": records}))
    theirs = (
        f"FROM {table} theirs LEFT JOIN delivery d USING (delivery) WHERE coalesce(d.source, 0) = {source:d} "
        f'AND theirs."{column}" BETWEEN $first AND $last'
    )
    if not whole:
        theirs += (
            f" AND theirs.delivery IN (SELECT DISTINCT same.delivery FROM {table} same JOIN mine USING (record)"
            f' WHERE same."{column}" BETWEEN $first AND $last)'
        )
    days = {"first": first, "last": last}
    try:
        kept, lost = connection.execute(
            f"SELECT count(*) FILTER (record IN (FROM mine)), count(*) FILTER (record NOT IN (FROM mine)) {theirs}",
            days,
        ).fetchall()[0]
        if not lost or (not whole and kept < lost):
            return none
        query = f"SELECT record {theirs} AND record NOT IN (FROM mine)"
        found: pl.DataFrame = connection.sql(query, params=days).pl()
        return found["record"]
    finally:
        connection.unregister("mine")
