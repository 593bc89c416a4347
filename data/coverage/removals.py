"""Taking data out: a source's rows or those of a period, in a new generation; a delivery is undone by `data.coverage.undoing`.

What was taken out is told by `data.coverage.removal_log`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from datetime import date, timedelta

import duckdb

from data.codes import normalise
from data.coverage import deliveries
from data.coverage.deliveries import Delivery
from data.coverage.removal_log import named, note
from data.coverage.sources import Source, SourceError, Sources, name_of
from data.model.records import TABLES, ServicePoint
from data.model.schema import client_tables, columns, field_column
from data.refusal import Refusal
from data.store.acting import record
from data.store.generation import Generation
from data.store.reading import columns_there
from data.store.releases import after_change
from data.store.store import Store
from data.texts import LANGUAGES

_NAMING_POINTS = ("encounter", "staff")


def _named_points(tables: Iterable[str]) -> str:
    return " UNION ".join(f"SELECT service_point FROM {table}" for table in tables)


NAMED_POINTS = _named_points(_NAMING_POINTS)
"""SQL: the codes of service points that a record names."""


class RemovalError(Refusal):
    """Nothing is removed.

    `reason`: `no_rows`, `no_delivery`, `would_lose`; of a client `no_client`, `other_writing`, `already`, `several_registers`,
    `not_forgotten`, `release_damaged`.
    """

    family = "removal"


def find_source(store: Store, name: str) -> Source:
    """A source by its id, or by the name it has or is shown by. Raises SourceError("unknown")."""
    wanted = normalise(name)
    for source in Sources.of(store.path).all():
        if wanted in {
            normalise(one) for one in (source.id, source.name, *(name_of(source, lang) for lang in LANGUAGES))
        }:
            return source
    raise SourceError("unknown", name=name)


def delete_source(
    store: Store, source: Source, period: tuple[date, date] | None = None, among: Set[int] | None = None
) -> tuple[Generation, int]:
    """Publish a generation without a source's rows, or without those of a period; also how many went.

    among: numbers of the deliveries whose rows go, when not all do. Tables without days are left alone when a period is given.
    Raises RemovalError("no_rows"), StoreError.
    """
    days = "" if period is None else f" {period[0].isoformat()}..{period[1].isoformat()}"
    rows = 0
    with store.next_generation(f"delete: {source.id}{days}") as connection:
        known = deliveries.read(connection)
        numbers = {one.number for one in known if one.source == source.number}
        numbers |= {0} if source.number == 0 else set()
        numbers &= numbers if among is None else among
        for table in TABLES:
            rows += _delete(connection, table, numbers, period)
        if not rows:
            raise RemovalError("no_rows", source=source.title)
        of_these = [one for one in known if one.number in numbers]
        set_deliveries(
            connection, [kept for one in known for kept in (_without(one, period) if one in of_these else (one,))]
        )
        forget_unmentioned(connection)
    note(
        store, what="source", source=source.id, rows=rows, deliveries=tuple(map(named, of_these)),
        first_day=period[0] if period else None, last_day=period[1] if period else None,
    )  # fmt: skip
    record(store.path, "deleted", {"source": source.id, **({"period": days.strip()} if days else {})})
    after_change(store)
    return store.serving(), rows


def forget_unmentioned(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop pseudonyms that no record mentions any more, and service points that are there because one named them."""
    tables = (table for table in client_tables() if columns_there(connection, table))  # of whatever version
    mentioned = " UNION ".join(f"SELECT client FROM {table} WHERE client > 0" for table in tables)
    connection.execute(f"DELETE FROM client WHERE client NOT IN ({mentioned})")
    naming = [table for table in _NAMING_POINTS if "service_point" in columns_there(connection, table)]
    if naming and (there := columns_there(connection, "service_point")):
        named = _named_points(naming)
        connection.execute(f"DELETE FROM service_point WHERE {_is_but_named(there)} AND code NOT IN ({named})")


def _is_but_named(there: Set[str]) -> str:
    """SQL: nobody has listed a service point. What an earlier version listed has no delivery, but more than a name."""
    told = {column.name: column.default for column in columns(ServicePoint) if column.name not in ("code", "name_fi")}
    empty = [
        f"""CAST("{name}" AS VARCHAR) IS NOT DISTINCT FROM {'NULL' if default is None else f"'{default}'"}"""
        for name, default in told.items() if name in there
    ]  # fmt: skip
    return " AND ".join([*(["delivery = 0"] if "delivery" in there else []), *empty])


def set_deliveries(connection: duckdb.DuckDBPyConnection, kept: list[Delivery]) -> None:
    """Make these the deliveries of the generation being made."""
    connection.execute("DELETE FROM delivery")
    for one in kept:
        deliveries.write(connection, one)


def _delete(
    connection: duckdb.DuckDBPyConnection, table: str, numbers: set[int], period: tuple[date, date] | None
) -> int:
    day = TABLES[table].day
    if not numbers or (period is not None and day is None):
        return 0
    where = f"delivery IN ({', '.join(map(str, sorted(numbers)))})"
    values: list[date] = []
    if period is not None and day is not None:
        where += f' AND "{field_column(TABLES[table], day).name}" BETWEEN ? AND ?'
        values = [*period]
    return int(connection.execute(f"DELETE FROM {table} WHERE {where}", values).fetchall()[0][0])


def _without(one: Delivery, period: tuple[date, date] | None) -> Iterator[Delivery]:
    """What is left of a delivery's period once its rows of a period are gone: nothing, all, or one or two parts."""
    if period is None:
        return
    first, last = period
    if one.first_day is None or one.last_day is None or last < one.first_day or one.last_day < first:
        yield one
        return
    if one.first_day < first:
        yield replace(one, last_day=first - timedelta(days=1))
    if last < one.last_day:
        yield replace(one, first_day=last + timedelta(days=1))
