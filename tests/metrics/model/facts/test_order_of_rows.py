"""A fact has the same rows in whatever order the disk has those it is made from: an import that changes one moves it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from data.store.store import Store
from metrics.model.facts import FACTS
from metrics.model.facts.fact import Fact
from tests.conftest import own_copy

CHANGED = {
    "enrolment": ("centre", "municipality", "language", "end_reason", "followed_until"),
    "outcome": ("kind", "ended_on"),
    "referral": ("to_service", "status"),
    "encounter": ("municipality", "language", "service_point", "resolution"),
}
"""What a second row of the same client and day says otherwise."""


@pytest.fixture(scope="module")
def cursors(
    sample_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]:
    """The sample municipality with every row twice, and the same rows in another order."""
    store = Store(own_copy(sample_store, tmp_path_factory.mktemp("own") / "store", cells=False))
    with store.next_generation("twice") as connection:
        for table, names in CHANGED.items():
            other = ", ".join(f"lag({name}) OVER (ORDER BY hash(record)) AS {name}" for name in names)
            given = ", ".join(f"coalesce(other.{name}, old.{name}) AS {name}" for name in names)
            connection.execute(
                f"""INSERT INTO {table} SELECT old.* REPLACE (hash(record) AS record, {given})
                    FROM {table} old JOIN (SELECT record, {other} FROM {table}) other USING (record)"""
            )
    twice = store.serving()
    with store.next_generation("in another order") as connection:
        for table in CHANGED:
            connection.execute(f"CREATE TEMP TABLE moved AS FROM {table} ORDER BY hash(record + 7)")
            connection.execute(f"DELETE FROM {table}")
            connection.execute(f"INSERT INTO {table} FROM moved")
            connection.execute("DROP TABLE moved")
    return store.read(twice), store.read()


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_a_fact_has_the_same_rows(
    fact: Fact, cursors: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]
) -> None:
    names = tuple(name for name in fact.columns if name not in (*fact.lists, "client"))
    sums = ", ".join(f"sum(hash({name}, client, month)::HUGEINT) AS {name}" for name in names)
    one, other = (cursor.sql(f"SELECT count(*), {sums} FROM ({fact.select(names)})").pl() for cursor in cursors)
    assert one.row(0)[0] > 0
    assert [name for name in one.columns if one[name][0] != other[name][0]] == []
