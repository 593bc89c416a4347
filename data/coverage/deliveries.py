"""Deliveries: which file brought what, for which period and with which columns; stored with the generation they are in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb

from data.model.records import TABLES
from data.model.schema import DELIVERY_COLUMNS, field_column
from data.store.earlier_form import delivery_unknown
from data.store.reading import columns_there

_DAY = timedelta(days=1)

_NEAR = 7
"""Days from the ends of a month, or from those of the next file, within which a file's first and last day reach to these."""


@dataclass(frozen=True)
class Delivery:
    """One sheet of one import.

    number: 1, 2, … within the store; source: number of its source; first_day, last_day: the period it covers, None for tables
    without days; fields: the fields it has columns for; loaded, replaced, unchanged, gone, rejected: rows by what became of them
    (`gone` = removed because this file no longer has them); silent: months of the period of which it says nothing ("2025-03"),
    those in which it has no value of a field ("2025-03 sex"), and those of which more rows were rejected than may be neglected
    (`short_month`); short: of a piece of one such month, the days that do not count (`pieces`).
    """

    number: int
    source: int
    made: datetime
    file: str
    sheet: str | None
    digest: str
    table: str
    first_day: date | None
    last_day: date | None
    fields: tuple[str, ...]
    read: int
    loaded: int
    replaced: int
    unchanged: int
    gone: int
    rejected: int
    silent: tuple[str, ...] = ()
    short: int = 0


def short_month(month: date, part: float) -> str:
    """Return how `Delivery.silent` tells that a part of a month's rows, as share, was rejected: by as many of its days.

    >>> short_month(date(2025, 3, 1), 0.13)
    '2025-03 -4'
    """
    days = month_end(month).day
    return f"{month:%Y-%m} -{min(max(round(part * days), 1), days - 1)}"


def short_months(silent: Iterable[str]) -> dict[str, int]:
    """Return the days of each month ("2025-03") that `Delivery.silent` tells so.

    >>> short_months(("2025-02", "2025-03 sex", "2025-03 -4"))
    {'2025-03': 4}
    """
    return {month: -int(days) for month, days in (text.split() for text in silent if " -" in text)}


def write(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    """Add a delivery to the generation being made."""
    values = [getattr(delivery, name) for name in _ATTRIBUTES]
    for name in ("fields", "silent"):
        values[_ATTRIBUTES.index(name)] = list(getattr(delivery, name))
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO delivery ({', '.join(_NAMES)}) VALUES ({marks})", values)


def read(connection: duckdb.DuckDBPyConnection) -> tuple[Delivery, ...]:
    """The deliveries of a generation, oldest first; none in one that an earlier version has made."""
    return tuple(_rows(connection))


def has_deliveries(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a generation knows of deliveries at all."""
    return bool(columns_there(connection, "delivery"))


def overlaps(one: Delivery, first: date | None, last: date | None) -> bool:
    """Whether a delivery covers some day of a period (None: without bound); one of a table without days always does."""
    if one.first_day is None or one.last_day is None:
        return True
    return (last is None or one.first_day <= last) and (first is None or first <= one.last_day)


def pieces(one: Delivery) -> Iterator[Delivery]:
    """A delivery as one for each part of its period with the same fields, without the months that it says nothing of.

    A month of which rows were rejected is a part by itself.
    """
    if not one.silent or one.first_day is None or one.last_day is None:
        yield one
        return
    silent = frozenset(one.silent)
    short = short_months(one.silent)
    found: list[Delivery] = []
    for begin in months_of(one.first_day, one.last_day):
        first, last = max(begin, one.first_day), min(month_end(begin), one.last_day)
        month = f"{begin:%Y-%m}"
        fields = tuple(name for name in one.fields if f"{month} {name}" not in silent)
        if month not in silent:
            before, days = found[-1] if found else None, short.get(month, 0)
            if before and (before.fields, before.last_day, before.short, 0) == (fields, first - _DAY, 0, days):
                found[-1] = replace(before, last_day=last)
            else:
                found.append(replace(one, first_day=first, last_day=last, fields=fields, short=days))
    yield from found


def days_covered(
    some: Iterable[Delivery], first: date, last: date, *, with_rejected: bool = False
) -> tuple[int, date | None]:
    """How many days of a period deliveries cover together, and the last of them; those of tables without days cover none.

    with_rejected: whether those count, too, of which rows were rejected. Nobody knows which days they were: of a month as many of
    its first ones do not count as were the part of its rows, so that it is covered as far as its rows are known.
    """
    spans = sorted(
        (
            max(one.first_day if with_rejected else min(one.first_day + one.short * _DAY, one.last_day), first),
            min(one.last_day, last),
        )
        for one in some
        if one.first_day is not None and one.last_day is not None and overlaps(one, first, last)
    )
    covered, reached = 0, first - _DAY
    for start, end in spans:
        if start <= end:
            covered += max(0, (end - max(start - _DAY, reached)).days)
            reached = max(reached, end)
    return covered, reached if covered else None


def to_month_end(table: str, last: date | None) -> date | None:
    """The last day that a file with a row of some day tells of: of a table of whole months, such as staff, that of the month.

    >>> to_month_end("staff", date(2025, 12, 1)), to_month_end("encounter", date(2025, 12, 1))
    (datetime.date(2025, 12, 31), datetime.date(2025, 12, 1))
    """
    day = TABLES[table].day if table in TABLES else None
    is_of_months = day is not None and field_column(TABLES[table], day).is_month
    return month_end(last) if is_of_months and last is not None else last


def inferred_period(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The period a file covers as its days show: whole months where it begins and ends near their ends.

    >>> inferred_period(date(2025, 1, 2), date(2025, 3, 28))
    (datetime.date(2025, 1, 1), datetime.date(2025, 3, 31))
    >>> inferred_period(date(2025, 1, 12), date(2025, 3, 15))
    (datetime.date(2025, 1, 12), datetime.date(2025, 3, 15))
    """
    if first is None or last is None:
        return None, None
    end = month_end(last)
    return first.replace(day=1) if first.day <= _NEAR else first, end if (end - last).days < _NEAR else last


def meeting(first: date, last: date, others: Iterable[Delivery]) -> tuple[date, date]:
    """The period of a file between others of its source and table: it reaches to those that lie within a week of it.

    Files by the week or day have no rows of a weekend, a holiday or a day when nobody was there. Nothing was to be delivered of
    these days: they are covered. A week that nobody has delivered is not.
    """
    spans = [(one.first_day, one.last_day) for one in others if one.first_day is not None and one.last_day is not None]
    before = max((end for _, end in spans if end < first), default=None)
    after = min((start for start, _ in spans if start > last), default=None)
    if before is not None and (first - before).days <= _NEAR:
        first = before + timedelta(days=1)
    if after is not None and (after - last).days <= _NEAR:
        last = after - timedelta(days=1)
    return first, last


def months_of(first: date, last: date) -> Iterator[date]:
    """Yield the first days of the months of a period, of its own first one too.

    >>> [f"{month:%d.%m.}" for month in months_of(date(2025, 11, 17), date(2026, 1, 1))]
    ['01.11.', '01.12.', '01.01.']
    """
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = month_end(month) + timedelta(days=1)


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)


_NAMES = tuple(DELIVERY_COLUMNS)
_ATTRIBUTES = tuple({"delivery": "number", "data_table": "table"}.get(name, name) for name in _NAMES)


def _rows(connection: duckdb.DuckDBPyConnection) -> Iterator[Delivery]:
    if not has_deliveries(connection):
        return
    there = columns_there(connection, "delivery")
    asked = (name if name in there else f"{unknown} AS {name}" for name, unknown in delivery_unknown().items())
    for row in connection.execute(f"SELECT {', '.join(asked)} FROM delivery ORDER BY delivery").fetchall():
        values = dict(zip(_ATTRIBUTES, row, strict=True))
        # An earlier version let a file of months end with the first day of its last one.
        values["last_day"] = to_month_end(values["table"], values["last_day"])
        yield Delivery(**{**values, **{name: tuple(values[name] or ()) for name in ("fields", "silent")}})
