"""A fact over a table of all its columns has the same rows as the fact itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data.store.store import Store
from metrics.model.facts import FACTS
from metrics.model.facts.fact import KNOWN, Fact
from metrics.model.facts.materialised import all_columns, is_derived, read_from


@pytest.fixture(scope="module")
def cursor(sample_store: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with Store(sample_store).reading() as found:
        yield found


def differ(cursor: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    """Count the rows that either has and the other has not, or not as often."""
    query = f"SELECT count(*) FROM (({one}) EXCEPT ALL ({other}) UNION ALL (({other}) EXCEPT ALL ({one})))"
    return int(cursor.execute(query).fetchall()[0][0])


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_rows_are_the_same_in_every_column(fact: Fact, cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE of_test AS {all_columns(fact)}")
    kept = read_from(fact, "of_test")
    known = [f"{name}{KNOWN}" for name in fact.dimensions if fact.has(f"{name}{KNOWN}")]
    names = [*dict.fromkeys((*fact.columns, *fact.dimensions, *known))]
    rows = cursor.execute(f"SELECT count(*) FROM ({fact.select(())})").fetchall()
    assert rows == cursor.execute("SELECT count(*) FROM of_test").fetchall() != [(0,)]
    # A list gives a row for each of its codes, so only one of them at a time.
    of_lists = [name for name in names if name in fact.lists or name.removesuffix("_group") in fact.lists]
    plain = tuple(name for name in names if name not in of_lists and name != "client")
    assert not differ(cursor, fact.select(plain), kept.select(plain))
    for name in of_lists:
        assert not differ(cursor, fact.select((name,)), kept.select((name,)))
    assert not differ(cursor, fact.select_status_changes(plain), kept.select_status_changes(plain))
    still = dict.fromkeys(fact.dimensions, 2026 * 12)
    assert not differ(cursor, fact.select_status_changes(plain, still), kept.select_status_changes(plain, still))


def test_rows_that_differ_are_found(cursor: duckdb.DuckDBPyConnection) -> None:
    """So the test above could fail."""
    fact = FACTS["referral_case"]
    assert differ(cursor, fact.select(("topic",)), FACTS["referral"].select(("topic",)))


def test_what_is_derived() -> None:
    assert is_derived(FACTS["referral_case"], ())
    assert is_derived(FACTS["referral"], ("language_group",))
    assert not is_derived(FACTS["referral"], ("to_service", "mature_30"))
    assert not is_derived(FACTS["encounter"], ("language", "new_client", "sent"))
