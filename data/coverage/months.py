"""What the store knows: which months the deliveries of a source cover, how many rows there are, what is missing in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Literal

import duckdb

from data.codes import UNKNOWN_POINT, code_list
from data.coverage import deliveries
from data.coverage.deliveries import Delivery, days_covered, has_deliveries, month_end, months_of
from data.model.records import TABLES
from data.model.schema import Column, columns, field_column
from data.store.reading import columns_there

State = Literal["whole", "part", "none"]


@dataclass(frozen=True)
class MonthCoverage:
    """A month of a table of a source.

    month: its first day; state: `whole` when deliveries cover every day of it, `part` when some, `none` when none; until: the
    last day covered, None when there is none; rows: rows of the month in the store.
    """

    source: int
    table: str
    month: date
    state: State
    until: date | None
    rows: int


@dataclass(frozen=True)
class FieldGap:
    """A field of a table of a source: rows where it is empty or not known, of all its rows.

    recorded: some file of the source has its column.
    """

    source: int
    table: str
    field: str
    missing: int
    rows: int
    recorded: bool

    @property
    def share(self) -> float:
        """Share of rows without the value, 0–1."""
        return self.missing / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class SourceEnd:
    """How far the deliveries of a source reach, over all its tables with days."""

    source: int
    until: date


def month_coverage(connection: duckdb.DuckDBPyConnection) -> tuple[MonthCoverage, ...]:
    """Every month from the first to the last that any delivery or row is of, for every source and table that has some."""
    covered = _covered(connection)
    rows = _rows(connection)
    months = sorted({month for *_, month in (*covered, *rows)})
    if not months:
        return ()
    pairs = sorted(
        {(source, table) for source, table, _ in (*covered, *rows)}, key=lambda pair: (pair[0], _place(pair[1]))
    )
    return tuple(
        _month(source, table, month, covered.get((source, table, month)), rows.get((source, table, month), 0))
        for source, table in pairs
        for month in months_of(months[0], months[-1])
    )


def field_gaps(connection: duckdb.DuckDBPyConnection) -> tuple[FieldGap, ...]:
    """Every optional field of every table of every source that has rows, with the rows that lack it."""
    recorded = _recorded(connection)
    found = []
    for table, model in TABLES.items():
        # A generation of an earlier version lacks the newer fields.
        there = columns_there(connection, table)
        optional = [column for column in columns(model) if not column.required and column.name in there]
        if not optional or "delivery" not in there:
            continue
        counts = ", ".join(f"count(*) FILTER ({_missing(column)})" for column in optional)
        query = f"SELECT {_SOURCE}, count(*), {counts} FROM {table} t LEFT JOIN delivery d USING (delivery) GROUP BY 1"
        for source, rows, *missing in connection.execute(query).fetchall():
            fields = recorded.get((source, table))
            found += [
                FieldGap(source, table, column.field, count, rows, fields is None or column.field in fields)
                for column, count in zip(optional, missing, strict=True)
            ]
    return tuple(sorted(found, key=lambda gap: (gap.source, _place(gap.table), -gap.share, gap.field)))


def source_ends(connection: duckdb.DuckDBPyConnection) -> tuple[SourceEnd, ...]:
    """The last day that the deliveries of each source reach, by source."""
    if not has_deliveries(connection):
        return ()
    query = "SELECT source, max(last_day) FROM delivery WHERE last_day IS NOT NULL GROUP BY 1 ORDER BY 1"
    return tuple(SourceEnd(source, until) for source, until in connection.execute(query).fetchall())


def late_sources(ends: tuple[SourceEnd, ...], today: date, *, after_days: int = 45) -> tuple[SourceEnd, ...]:
    """Sources whose deliveries ended more than `after_days` ago.

    >>> late_sources((SourceEnd(0, date(2026, 9, 30)), SourceEnd(1, date(2026, 6, 30))), date(2026, 11, 10))
    (SourceEnd(source=1, until=datetime.date(2026, 6, 30)),)
    """
    return tuple(end for end in ends if (today - end.until).days > after_days)


_SOURCE = "coalesce(d.source, 0)"


def _covered(connection: duckdb.DuckDBPyConnection) -> dict[tuple[int, str, date], tuple[int, date]]:
    """Days of a month that deliveries cover, and the last of them."""
    brought: dict[tuple[int, str], list[Delivery]] = {}
    for one in chain.from_iterable(map(deliveries.pieces, deliveries.read(connection))):
        brought.setdefault((one.source, one.table), []).append(one)
    found = {}
    for (source, table), some in brought.items():
        ends = [day for one in some for day in (one.first_day, one.last_day) if day is not None]
        for month in months_of(min(ends), max(ends)) if ends else ():
            days, until = days_covered(some, month, month_end(month))
            if until is not None:
                found[source, table, month] = days, until
    return found


def _rows(connection: duckdb.DuckDBPyConnection) -> dict[tuple[int, str, date], int]:
    found: dict[tuple[int, str, date], int] = {}
    for table, model in TABLES.items():
        if model.day is None or "delivery" not in columns_there(connection, table):
            continue
        day = field_column(model, model.day).name
        query = (
            f"SELECT {_SOURCE}, date_trunc('month', t.\"{day}\")::DATE, count(*) FROM {table} t "
            "LEFT JOIN delivery d USING (delivery) GROUP BY 1, 2"
        )
        found |= {(source, table, month): rows for source, month, rows in connection.execute(query).fetchall()}
    return found


def _recorded(connection: duckdb.DuckDBPyConnection) -> dict[tuple[int, str], frozenset[str]]:
    """Fields that some delivery of a source has columns for; rows from before deliveries were kept say nothing of it."""
    query = "SELECT source, data_table, list_distinct(flatten(list(fields))) FROM delivery GROUP BY 1, 2"
    return {(source, table): frozenset(fields) for source, table, fields in connection.execute(query).fetchall()}


def _missing(column: Column) -> str:
    stored = f't."{column.name}"'
    if column.identity == "client":
        return f"{stored} < 0"
    if column.is_list:
        return f"len({stored}) = 0"
    unknown = UNKNOWN_POINT if column.field == "service_point" else None
    if column.code_list:
        unknown = code_list(column.code_list).unknown
    return f"{stored}::VARCHAR = '{unknown}'" if unknown else f"{stored} IS NULL"


def _month(source: int, table: str, month: date, covered: tuple[int, date] | None, rows: int) -> MonthCoverage:
    if covered is None:
        return MonthCoverage(source, table, month, "none", None, rows)
    days, until = covered
    return MonthCoverage(source, table, month, "whole" if days == month_end(month).day else "part", until, rows)


def _place(table: str) -> int:
    return list(TABLES).index(table)
