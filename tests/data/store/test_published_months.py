"""Months that are published stay as they were when the next month is released, in every table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.model.records import TABLES
from data.model.schema import client_tables
from data.store.releases import follow, open_to_others
from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.question import Question
from tests.conftest import own_copy
from tests.metrics.made import add_rows, store_of

DATED = [table for table in client_tables() if TABLES[table].day is not None]
CLIENTS = range(1, 101)
NEEDED = {"recognition": {"method": "demonstration"}, "training": {"kind": "language"}}
OCTOBER = [{"client": one, "record": 10_000 + one, "occurred_on": date(2025, 10, 9)} for one in range(1, 81)]


def rows(table: str, clients: range, month: int = 8, **more: Any) -> list[dict[str, Any]]:
    day = TABLES[table].day or ""
    return [{"client": one, "record": one, day: date(2025, month, 9)} | NEEDED.get(table, {}) | more for one in clients]


def store_with(path: Path, table: str, **more: Any) -> Store:
    """A hundred clients in September, and a row of each in August in a table; open to others."""
    seen = [row | {"record": 5000 + row["record"]} for row in rows("encounter", CLIENTS, 9)]
    tables = {"encounter": seen, table: rows(table, CLIENTS, **more)}
    if table == "encounter":
        tables = {"encounter": [*seen, *rows(table, CLIENTS)]}
    store = store_of(path / "store", tables)
    open_to_others(store)
    return store


def of_august(store: Store, table: str, *, newest: bool = False) -> list[tuple[Any, ...]]:
    with store.reading(store.serving() if newest else store.released()) as connection:
        query = f"SELECT * EXCLUDE (delivery) FROM {table} WHERE month({TABLES[table].day}) = 8 ORDER BY record"
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module", params=DATED)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Store]:
    """A table, and the store with it that each test has a copy of."""
    return request.param, store_with(tmp_path_factory.mktemp("made"), request.param)


@pytest.mark.parametrize("change", ["late", "gone", "other client", "other day"])
def test_a_correction_of_a_published_month_waits(made: tuple[str, Store], change: str, tmp_path: Path) -> None:
    table, store = made[0], Store(own_copy(made[1].path, tmp_path / "store"))
    before = of_august(store, table)
    with store.next_generation("october") as connection:
        add_rows(connection, "encounter", OCTOBER)
        if change == "late":
            add_rows(connection, table, rows(table, range(200, 201)))
        elif change == "gone":
            connection.execute(f"DELETE FROM {table} WHERE record = 7")
        elif change == "other client":
            connection.execute(f"UPDATE {table} SET client = 8 WHERE record = 7")
        else:
            connection.execute(f"UPDATE {table} SET {TABLES[table].day} = DATE '2025-10-02' WHERE record = 7")
    found = follow(store)
    assert found is not None
    assert found.release.release is not None
    assert (found.release.release.number, found.release.closed_until) == (2, date(2025, 10, 31))
    assert found.corrected == (2 if change == "other client" else 1)
    assert of_august(store, table) == before
    assert of_august(store, table, newest=True) != before
    with store.reading(store.released()) as connection:
        ((records, distinct),) = connection.execute(
            f"SELECT count(record), count(DISTINCT record) FROM {table}"
        ).fetchall()
    assert records == distinct


def test_a_referral_that_has_started_since_has_started(tmp_path: Path) -> None:
    store = store_with(tmp_path, "referral", status="sent")
    with store.next_generation("october") as connection:
        add_rows(connection, "encounter", OCTOBER)
        connection.execute("UPDATE referral SET status = 'started', started_on = DATE '2025-10-03' WHERE client <= 40")
        connection.execute("UPDATE referral SET referred_on = DATE '2025-10-01' WHERE record = 7")
    found = follow(store)
    assert found is not None
    assert found.corrected == 1
    with store.reading(store.released()) as connection:
        told = "SELECT status::VARCHAR, count(*), count(started_on) FROM referral GROUP BY 1 ORDER BY 1"
        # The one whose day is corrected waits with all that is told of it.
        assert connection.execute(told).fetchall() == [("sent", 61, 0), ("started", 39, 39)]


def test_a_late_referral_moves_no_published_cell(tmp_path: Path) -> None:
    """The month that is released does not tell who was added to the ones before it."""
    store = store_with(tmp_path, "referral", to_service="kela")

    def shown() -> list[Any]:
        asked = Question(("referrals",), by=("to_service",), period="2025-08")
        return [(row.metric, row.codes, row.value) for row in ask(asked, store).rows]

    before = shown()
    assert max(value or 0 for *_, value in before) == 100
    with store.next_generation("october") as connection:
        add_rows(connection, "encounter", OCTOBER)
        add_rows(connection, "referral", rows("referral", range(200, 249), to_service="kela"))
    follow(store)
    assert store.released().closed_until == date(2025, 10, 31)
    assert shown() == before
