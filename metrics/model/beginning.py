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

_PEOPLE = "SELECT count(unit)::BIGINT, sum(unit) FROM (SELECT DISTINCT abs(client) AS unit FROM ({rows}) WHERE day < ?)"
"""SQL for how many people have come before a day, and the sum of their keys."""
_LATER = "SELECT min(day) FROM ({rows}) WHERE day >= ?"
_SOURCES = "SELECT DISTINCT delivery, source FROM delivery"
_FIRST_DAYS = f"""SELECT source, min(day) FROM (SELECT delivery, min(day) AS day FROM ({{rows}}) GROUP BY delivery)
    JOIN ({_SOURCES}) USING (delivery) WHERE day IS NOT NULL GROUP BY source"""
_PEOPLE_OF_SOURCES = f"""SELECT source, count(unit)::BIGINT, sum(unit) FROM (
    SELECT DISTINCT source, abs(client) AS unit FROM ({{rows}}) JOIN ({_SOURCES}) USING (delivery)
    JOIN (VALUES {{until}}) begun(source, until) USING (source) WHERE day < until AND day < DATE '{{last}}') GROUP BY source"""
"""SQL for the same by source, each before a day of its own, of which `last` is the last; all at once, for a scan takes long."""


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
        return _month_of_enough(cursor, rows, generation.first_day, Gate(audience, store.keys.noise))


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
            first = {
                source: start.replace(day=1)
                for source, start in cursor.execute(_FIRST_DAYS.format(rows=rows)).fetchall()
            }
            if not first:
                continue
            until = ", ".join(f"({source}, DATE '{_next(month)}')" for source, month in first.items())
            last = _next(max(first.values()))
            counted = cursor.execute(_PEOPLE_OF_SOURCES.format(rows=rows, until=until, last=last)).fetchall()
            for source, people, keys in counted:
                if _is_enough(gate, people, keys):
                    found[table, source] = first[source]
                    continue
                brought = f"{rows} WHERE delivery IN (SELECT delivery FROM delivery WHERE source = {int(source)})"
                if month := _month_of_enough(cursor, brought, first[source], gate):
                    found[table, source] = month
    return found


def _month_of_enough(cursor: duckdb.DuckDBPyConnection, rows: str, first: date | None, gate: Gate) -> date | None:
    """Return the first month until whose end so many people have come that their number is published.

    rows: SQL; first: day of the first of them, None without any.
    """
    while first is not None:  # the first month is enough nearly always, and few rows are as early as that
        end = _next(first)
        if _is_enough(gate, *cursor.execute(_PEOPLE.format(rows=rows), [end]).fetchall()[0]):
            return first.replace(day=1)
        ((first,),) = cursor.execute(_LATER.format(rows=rows), [end]).fetchall()
    return None


def _is_enough(gate: Gate, people: int, keys: int | None) -> bool:
    return gate.clients(Cell(people, int(keys or 0))).value is not None


def _next(day: date) -> date:
    """Return the first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
