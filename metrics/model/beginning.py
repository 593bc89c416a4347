"""From which month on an audience is told that there are data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import duckdb

from data.model.records import TABLES
from data.model.schema import client_tables, field_column
from data.store.generation import PERIOD_COLUMN, Generation
from data.store.store import Store
from metrics.audience import PROTECTED, Audience, is_exact
from metrics.gate import Cell, Gate

_MONTHS = "SELECT DISTINCT date_trunc('month', day)::DATE FROM ({rows}) WHERE day IS NOT NULL ORDER BY 1"
_MONTHS_OF_SOURCES = """SELECT source, list(DISTINCT month ORDER BY month)
    FROM (SELECT DISTINCT delivery, date_trunc('month', day)::DATE AS month FROM ({rows}) WHERE day IS NOT NULL)
    JOIN (SELECT DISTINCT delivery, source FROM delivery) USING (delivery) GROUP BY source"""
_PEOPLE = """SELECT count(unit)::BIGINT, sum(unit)
    FROM (SELECT DISTINCT abs(client) AS unit FROM ({rows}) WHERE day < ?::DATE + INTERVAL 1 MONTH)"""
"""SQL for how many people have come until the end of a month, and the sum of their keys."""


@lru_cache(maxsize=8)
def first_told(store: Store, generation: Generation, audience: Audience = PROTECTED) -> date | None:
    """Return the day from which on the periods of an audience begin, None where they do not.

    Exact: that of the first row. Protected: the first of the month until whose end so many people have come, in whatever table,
    that their number is published: a single old row would else be seen in the list of periods. Where there never are so many,
    there is none. A package has no rows, and tells what was told when it was made. Raises StoreError, KeyFileError.
    """
    tables = [table for table in PERIOD_COLUMN if generation.rows.get(table)]
    if is_exact(audience) or not tables:
        return generation.first_day
    rows = " UNION ALL ".join(f"SELECT client, {PERIOD_COLUMN[table]} AS day FROM {table}" for table in tables)
    with store.reading(generation) as cursor:
        months = [month for (month,) in cursor.execute(_MONTHS.format(rows=rows)).fetchall()]
        return _month_of_enough(cursor, rows, months, Gate(audience, store.keys.noise))


def sources_told(store: Store, generation: Generation, tables: Iterable[str]) -> dict[tuple[str, int], date]:
    """Return the same of the rows of each source alone, by table and source, for visitors; a table without days has none.

    tables: those of which every row is of a delivery. Raises StoreError, KeyFileError.
    """
    gate, found = Gate(PROTECTED, store.keys.noise), dict[tuple[str, int], date]()
    with store.reading(generation) as cursor:
        for table in tables:
            if table not in client_tables() or not (day := TABLES[table].day):
                continue
            rows = f'SELECT client, "{field_column(TABLES[table], day).name}" AS day, delivery FROM {table}'
            # All sources at once: a scan of a large table takes long.
            for source, months in cursor.execute(_MONTHS_OF_SOURCES.format(rows=rows)).fetchall():
                brought = f"{rows} WHERE delivery IN (SELECT delivery FROM delivery WHERE source = {int(source)})"
                if month := _month_of_enough(cursor, brought, months, gate):
                    found[table, source] = month
    return found


def _month_of_enough(cursor: duckdb.DuckDBPyConnection, rows: str, months: Iterable[date], gate: Gate) -> date | None:
    """Return the first of months until whose end so many people have come that their number is published. rows: SQL."""
    for month in months:  # the first one is enough nearly always, and few rows are as early as that
        people, keys = cursor.execute(_PEOPLE.format(rows=rows), [month]).fetchall()[0]
        if gate.clients(Cell(people, int(keys or 0))).value is not None:
            return month
    return None
