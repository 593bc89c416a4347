"""How long rows of people are kept: those of years past leave every kept version and the release, as a forgotten client's do.

What is kept is this year and so many whole years before it, so that no year is left in part. A row is as old as the last day it
tells: an enrolment that began long ago and goes on is not old.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import duckdb

from data.coverage import deliveries
from data.coverage.deliveries import Delivery
from data.coverage.removal_log import REMOVALS, is_listed, named, removal_of, removals
from data.coverage.removals import RemovalError, forget_unmentioned, set_deliveries
from data.model.records import TABLES
from data.model.schema import client_tables, columns
from data.store.acting import act
from data.store.generation import Generation
from data.store.kept import kept
from data.store.reading import columns_there
from data.store.releases import check_release
from data.store.rewriting import rewrite
from data.store.store import Store, StoreError


@dataclass(frozen=True)
class Expired:
    """What is too old. rows: those of the serving version by table; elsewhere: whether an earlier version or the release has some
    that it has not; since: the first day that is kept.
    """

    since: date
    rows: Mapping[str, int]
    elsewhere: bool

    @property
    def is_nothing(self) -> bool:
        """Whether no version has such rows."""
        return not self.rows and not self.elsewhere


def first_kept(years: int, today: date) -> date:
    """The first day that is kept when so many whole years are.

    >>> first_kept(5, date(2026, 11, 26))
    datetime.date(2021, 1, 1)
    """
    return date(today.year - years, 1, 1)


def expired(store: Store, since: date) -> Expired:
    """What is older than a day. Raises StoreError."""
    serving = store.serving()
    found = {one.token: _rows(store, one, since) for one in kept(store)}
    mine = found.pop(serving.token)
    return Expired(since, mine, any(found.values()))


def expire(store: Store, since: date) -> int:
    """Delete what is older than a day from everything that is kept; how many rows the serving version had of it.

    The list of rejected rows goes too. Raises StoreError, RemovalError("release_damaged").
    """
    try:
        check_release(store)
    except StoreError as error:
        raise RemovalError("release_damaged", detail=error.detail) from None
    rows = sum(expired(store, since).rows.values())
    old = {named(one) for generation in kept(store) for one in _deliveries(store, generation) if _is_old(one, since)}
    removal = removal_of(what="age", rows=rows, last_day=since - timedelta(days=1), deliveries=tuple(sorted(old)))

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        for table, where in _old(connection, since).items():
            connection.execute(f"DELETE FROM {table} WHERE {where}")
        if deliveries.has_deliveries(connection):
            known = [_since(one, since) for one in deliveries.read(connection)]
            set_deliveries(connection, [one for one in known if one is not None])
        forget_unmentioned(connection)

    with act(store.path, "expired", {"period": f"..{since - timedelta(days=1)}"}):
        rewrite(store, change, lambda: {REMOVALS: removals(store.path).text_with(removal)})
    is_listed(store.path)
    return rows


def _deliveries(store: Store, generation: Generation) -> tuple[Delivery, ...]:
    with store.reading(generation) as connection:
        return deliveries.read(connection)


def _is_old(one: Delivery, since: date) -> bool:
    return one.first_day is not None and one.first_day < since


def _rows(store: Store, generation: Generation, since: date) -> dict[str, int]:
    with store.reading(generation) as connection:
        counts = {
            table: int(connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchall()[0][0])
            for table, where in _old(connection, since).items()
        }
    return {table: count for table, count in counts.items() if count}


def _old(connection: duckdb.DuckDBPyConnection, since: date) -> dict[str, str]:
    """SQL that tells the old rows of each table of people."""
    found = {}
    for table in client_tables():
        there = columns_there(connection, table)
        days = [
            f'"{c.name}"' for c in columns(TABLES[table]) if c.type == "DATE" and not c.is_month and c.name in there
        ]
        if days:
            # Greatest of the days that are known: DuckDB's passes over NULL.
            found[table] = f"greatest({', '.join(days)}) < DATE '{since.isoformat()}'"
    return found


def _since(one: Delivery, since: date) -> Delivery | None:
    """What is left of a delivery of people's rows; those of places and years are left alone."""
    if one.table not in client_tables() or one.first_day is None or one.last_day is None:
        return one
    if one.last_day < since:
        return None
    return replace(one, first_day=max(one.first_day, since))
