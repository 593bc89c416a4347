"""Rows that a file covers and no longer has: a later export of the same period from which rows have been deleted."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from data.coverage.deliveries import has_deliveries
from data.coverage.removals import NAMED_POINTS
from data.ingest.merging import LOADED, STATE
from data.model.records import TABLES
from data.model.schema import field_column

MOST_MISSING = 0.1
"""Share of the rows of a small table that a file may lack without a question."""

_SCOPES = {
    "staff": "year(month)",
    "cost": "year",
    "population": "(municipality::VARCHAR, year)",
    "service_point": "municipality::VARCHAR",
}
"""What a file of a table about places and years is the whole of, as far as it says anything of it."""


def rows_gone(
    connection: duckdb.DuckDBPyConnection, table: str, source: int, frame: pl.DataFrame, period: tuple[date | None, date | None],
    *, whole: bool, is_edition: bool = False,
) -> pl.Series:  # fmt: skip
    """Record keys of a source's rows within a period that are not among those of a frame of compared rows.

    whole: the file is said to cover the whole period, so that every other row of it is gone. Else only rows that came in the
    same deliveries as rows the file still has, and only when it still has most of them, or brings at least half as many new ones
    for those days as it lacks, or is said to be an edition of them (is_edition): another municipality's or month's file of the
    same source takes nothing away.
    """
    none = pl.Series("record", [], pl.UInt64)
    day = TABLES[table].day
    first, last = period
    if day is None or first is None or last is None or not has_deliveries(connection):
        return none
    column = field_column(TABLES[table], day).name
    connection.register("mine", frame.select("record"))
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
        if not lost:
            return none
        if (
            not (whole or is_edition)
            and kept < lost
            and 2 * _new_of_those_days(connection, frame, column, theirs, days) < lost
        ):
            return none
        query = f"SELECT record {theirs} AND record NOT IN (FROM mine)"
        found: pl.DataFrame = connection.sql(query, params=days).pl()
        return found["record"]
    finally:
        connection.unregister("mine")


def _new_of_those_days(
    connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame, column: str, theirs: str, days: dict[str, date]
) -> int:
    """New rows of a frame from the first to the last day of the rows they may stand for."""
    first, last = connection.execute(
        f'SELECT min(theirs."{column}"), max(theirs."{column}") {theirs}', days
    ).fetchall()[0]
    return frame.filter(pl.col(STATE) == LOADED, pl.col(column).is_between(first, last)).height


def rows_missing(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> tuple[int, pl.Series]:
    """How many rows of a table about places and years the file lacks for its own years and municipalities (0 when they are few),
    and the record keys of those that may be removed. Service points that nobody has listed are not looked at, and those that some
    row names stay.
    """
    none = (0, pl.Series("record", [], pl.UInt64))
    if not has_deliveries(connection):
        return none
    scope = _SCOPES[table]
    connection.register("mine", frame)
    theirs = f"FROM {table} theirs WHERE {scope} IN (SELECT {scope} FROM mine)"
    if table == "service_point":
        theirs += " AND delivery > 0"
    try:
        lost, every = connection.execute(
            f"SELECT count(*) FILTER (record NOT IN (SELECT record FROM mine)), count(*) {theirs}"
        ).fetchall()[0]
        if lost <= MOST_MISSING * every:
            return none
        query = f"SELECT record {theirs} AND record NOT IN (SELECT record FROM mine)"
        if table == "service_point":
            query += f" AND code NOT IN ({NAMED_POINTS})"
        found: pl.DataFrame = connection.sql(query).pl()
        return lost, found["record"]
    finally:
        connection.unregister("mine")
