"""From which month on an audience is told that there are data."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from data.store.generation import PERIOD_COLUMN, Generation
from data.store.store import Store
from metrics.audience import PROTECTED, Audience, is_exact
from metrics.gate import Cell, Gate

_MONTHS = "SELECT DISTINCT date_trunc('month', day)::DATE FROM ({rows}) ORDER BY 1"
_PEOPLE = """SELECT count(*)::BIGINT, sum(unit)
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
    gate = Gate(audience, store.keys.noise)
    rows = " UNION ALL ".join(f"SELECT client, {PERIOD_COLUMN[table]} AS day FROM {table}" for table in tables)
    with store.reading(generation) as cursor:
        # Month by month: the first one is enough nearly always, and few rows are as early as that.
        months: list[date] = [month for (month,) in cursor.execute(_MONTHS.format(rows=rows)).fetchall()]
        for month in months:
            people, keys = cursor.execute(_PEOPLE.format(rows=rows), [month]).fetchall()[0]
            if gate.clients(Cell(people, int(keys))).value is not None:
                return month
    return None
