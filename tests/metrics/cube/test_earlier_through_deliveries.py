"""Cells taken from an earlier generation are those that would be counted anew, whatever a delivery has done to the rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest

from data.model.schema import client_tables
from data.store.store import Store
from metrics.cube import cube
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.cube import Cube
from metrics.cube.earlier import EarlierCells, taking_from
from metrics.cube.scan import Job
from metrics.model.facts import FACTS
from tests.metrics.cube.written import rows_in
from tests.metrics.made import add_rows, store_of

Delivery = Callable[[duckdb.DuckDBPyConnection, Random], object]
LANGUAGES, PLACES = ("so", "ar", "ru"), ("049", "091", "092")


def some(table: str, draw: Random, count: int, first: int = 1) -> list[dict[str, Any]]:
    """Rows of a table, with codes in those that have any."""
    day = {"encounter": "occurred_on", "referral": "referred_on", "enrolment": "started_on", "training": "started_on"}
    more: dict[str, dict[str, Any]] = {
        "encounter": {"language": draw.choice(LANGUAGES), "topics": ["work"]}, "training": {"kind": "language"},
    }  # fmt: skip
    return [
        {"client": draw.randrange(1, 60), "record": first + n, day[table]: date(2025, 1, 1) + timedelta(draw.randrange(200))}
        | more.get(table, {})
        | ({"municipality": draw.choice(PLACES)} if table == "encounter" else {})
        for n in range(count)
    ]  # fmt: skip


def delivered(number: int, table: str) -> dict[str, Any]:
    return {
        "delivery": number, "source": 1, "made": "2025-12-31", "file": f"{number}.csv", "digest": "d", "data_table": table,
        "first_day": date(2025, 1, 1), "last_day": date(2025, 7, 31), "fields": [], "read": 0, "loaded": 0, "replaced": 0,
        "unchanged": 0, "gone": 0, "rejected": 0,
    }  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    draw = Random(7)
    rows = {
        table: some(table, draw, count) for table, count in (("encounter", 300), ("referral", 90), ("enrolment", 30))
    }
    rows["delivery"] = [delivered(number, table) for number, table in enumerate(rows, 1)]
    for number, table in enumerate(("encounter", "referral", "enrolment"), 1):
        rows[table] = [one | {"delivery": number} for one in rows[table]]
    return store_of(tmp_path / "store", rows)


def corrected(connection: duckdb.DuckDBPyConnection, _: Random) -> None:
    connection.execute("UPDATE encounter SET language = 'fa' WHERE record % 9 = 2")


def exchanged(connection: duckdb.DuckDBPyConnection, draw: Random) -> None:
    """Two rows have each other's value: every column holds what it held."""
    one, other = draw.sample(range(1, 301), 2)
    for name in ("municipality", "client"):
        connection.execute(
            f"UPDATE encounter one SET {name} = theirs.{name} FROM encounter theirs "
            f"WHERE one.record IN ({one}, {other}) AND theirs.record = {one + other} - one.record"
        )


def removed(connection: duckdb.DuckDBPyConnection, draw: Random) -> None:
    connection.execute(f"DELETE FROM {draw.choice(('encounter', 'referral'))} WHERE record % 12 = 5")


def replaced(connection: duckdb.DuckDBPyConnection, draw: Random) -> None:
    connection.execute("DELETE FROM referral WHERE month(referred_on) = 3")
    add_rows(connection, "referral", some("referral", draw, 20, 1000))


def first_of_a_table(connection: duckdb.DuckDBPyConnection, draw: Random) -> None:
    add_rows(connection, "training", some("training", draw, 20, 2000))
    add_rows(connection, "delivery", [delivered(90, "training")])


def another_place(connection: duckdb.DuckDBPyConnection, draw: Random) -> None:
    add_rows(connection, "encounter", [one | {"municipality": "837"} for one in some("encounter", draw, 15, 3000)])


def renumbered(connection: duckdb.DuckDBPyConnection, draw: Random) -> None:
    """One turns out to be another person, in every table."""
    one, other = draw.sample(range(1, 60), 2)
    for table in client_tables():
        connection.execute(f"UPDATE {table} SET client = {other} WHERE client = {one}")
    connection.execute(f"DELETE FROM client WHERE client = {one}")


def reaching_further(connection: duckdb.DuckDBPyConnection, _: Random) -> None:
    """No row comes with it, but it is known of later days that nothing happened."""
    connection.execute("UPDATE delivery SET last_day = last_day + 40 WHERE data_table = 'referral'")


def nothing(_: duckdb.DuckDBPyConnection, __: Random) -> None:
    """As undoing the one before."""


KINDS: tuple[Delivery, ...] = (
    corrected, exchanged, removed, replaced, first_of_a_table, another_place, renumbered, reaching_further, nothing,
)  # fmt: skip


def counted(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Make cells of every fact, by municipality where it has any, and a curve; by file."""
    cube._memory.clear()
    made = Cube(store, store.serving())
    for fact in FACTS.values():
        made.counts((Counting(fact),), ("municipality",) if "municipality" in fact.dimensions else (), batched=True)
    made.profile(CumulativeProfile(FACTS["referral"], "duration", cause="ended_by"), (), batched=True)
    return {file.name: rows_in(file) for file in store.cube_path(store.serving()).glob("*.cells")}


@pytest.mark.slow
def test_taken_cells_are_those_that_are_counted_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    draw, computed, jobs = Random(1), Cube._computed, list[Job]()
    counted(store)

    def one_more(self: Cube, job: Job) -> list[pl.DataFrame]:
        jobs.append(job)
        return computed(self, job)

    monkeypatch.setattr(Cube, "_computed", one_more)
    for kind in draw.sample(KINDS, len(KINDS)):
        with store.next_generation("another") as connection:
            kind(connection, draw)
        jobs.clear()
        with taking_from(EarlierCells(store)):
            taken = counted(store)
        assert (not jobs) == (kind is nothing), kind
        shutil.rmtree(store.cube_path(store.serving()))
        anew = counted(store)
        assert taken.keys() == anew.keys(), kind
        assert [name for name in anew if taken[name] != anew[name]] == [], kind
