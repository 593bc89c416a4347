"""What is corrected in published months waits for others, also when the year is whole: alone it would be told by what moves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.store import releases
from data.store.generation import MANY
from data.store.releases import LEAST, ReleaseStatus, follow, open_to_others
from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.question import Question
from tests.metrics.exact import number
from tests.metrics.made import add_rows, store_of

Change = Callable[[duckdb.DuckDBPyConnection, int], object]


def late(connection: duckdb.DuckDBPyConnection, people: int) -> None:
    rows = [{"client": 900 + one, "record": 9000 + one, "occurred_on": date(2025, 5, 14)} for one in range(people)]
    add_rows(connection, "encounter", rows)


def gone(connection: duckdb.DuckDBPyConnection, people: int) -> None:
    """A delivery of January to November is withdrawn."""
    connection.execute(f"DELETE FROM encounter WHERE delivery = 1 AND client <= {people}")


def other_code(connection: duckdb.DuckDBPyConnection, people: int) -> None:
    connection.execute(f"UPDATE encounter SET language = 'so' WHERE client <= {people} AND occurred_on < '2025-12-01'")


def other_day(connection: duckdb.DuckDBPyConnection, people: int) -> None:
    """From a published month into December."""
    connection.execute(f"UPDATE encounter SET occurred_on = '2025-12-02' WHERE client <= {people} AND delivery = 1")


CHANGES = pytest.mark.parametrize("change", [late, gone, other_code, other_day])


def visits(number: int, day: date) -> list[dict[str, Any]]:
    """Of so many people that a month is released, by number of the first client and record."""
    return [{"client": one, "record": one, "occurred_on": day} for one in range(number, number + MANY)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A hundred clients of May, released at the end of November."""
    rows = [
        {"client": one, "record": one, "delivery": 1, "occurred_on": date(2025, 5, 9), "language": "ar"}
        for one in range(1, 101)
    ]
    store = store_of(tmp_path / "store", {"encounter": [*rows, *visits(500, date(2025, 11, 9))]})
    open_to_others(store)
    return store


def december(store: Store, change: Change, people: int) -> ReleaseStatus:
    """What is released after a December of sixty clients, with a change of earlier months."""
    with store.next_generation("December") as connection:
        add_rows(
            connection,
            "encounter",
            [
                {"client": 600 + one, "record": 600 + one, "occurred_on": date(2025, 12, 9)} for one in range(60)
            ],
        )  # fmt: skip
        change(connection, people)
    found = follow(store)
    assert found is not None
    assert found.release.release is not None
    assert found.release.release.reason == "year"
    return found


def may(store: Store) -> set[tuple[object, ...]]:
    """All that visitors and the release's file tell of May."""
    shown = ask(Question(("clients", "encounters"), ("language",), period="2025-05"), store).rows
    with store.reading(store.released()) as connection:
        rows = connection.execute("SELECT client, language::VARCHAR FROM encounter WHERE month(occurred_on) = 5")
        told = {(row.metric, row.codes["language"], row.value) for row in shown if row.value}
        return told | set(rows.fetchall())


@CHANGES
def test_the_end_of_the_year_tells_no_few_corrections(store: Store, change: Change) -> None:
    before = may(store)
    found = december(store, change, LEAST - 1)
    assert found.corrected == LEAST - 1
    assert found.waits, "the steward is told"
    assert may(store) == before
    assert number(store, "clients", period="2025-12") in (60, 60 + LEAST - 1)


@CHANGES
def test_enough_of_them_go_with_the_year(store: Store, change: Change) -> None:
    before = may(store)
    assert december(store, change, LEAST).corrected == 0
    assert may(store) != before


def test_where_one_is_enough_it_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(releases, "LEAST", 1)
    before = may(store)
    december(store, late, 1)
    assert may(store) != before


def test_the_steward_moves_them_at_any_time(store: Store) -> None:
    december(store, late, 1)
    before = may(store)
    follow(store, "now")
    assert may(store) != before


def started(store: Store, day: date | None, people: int) -> ReleaseStatus:
    """What is released after a December in which referrals of May are told to have started on a day, or at some time."""
    with store.next_generation("December") as connection:
        add_rows(connection, "encounter", visits(700, date(2025, 12, 9)))
        connection.execute("UPDATE referral SET status = 'started', started_on = ? WHERE client <= ?", [day, people])
    found = follow(store)
    assert found is not None
    return found


def told(store: Store) -> tuple[int, int]:
    """Of how many referrals the release tells a status of started, and a day."""
    with store.reading(store.released()) as connection:
        found = connection.execute(
            "SELECT count(*) FILTER (status = 'started'), count(started_on) FROM referral"
        ).fetchone()
    assert found is not None
    return found[0], found[1]


@pytest.mark.parametrize(
    ("day", "people", "expected"),
    [
        (date(2025, 12, 3), 3, (3, 3)),
        (date(2025, 11, 28), 3, (0, 0)),
        (None, 3, (0, 0)),
        (date(2025, 11, 28), LEAST, (LEAST, LEAST)),
    ],
    ids=["has come since", "of a published month", "of no day", "enough of them"],
)
def test_a_start_that_is_told_late_is_a_correction(
    tmp_path: Path, day: date | None, people: int, expected: tuple[int, int]
) -> None:
    referrals = [
        {"client": one, "record": one, "referred_on": date(2025, 5, 9), "status": "sent"} for one in range(1, 101)
    ]
    store = store_of(tmp_path / "store", {"referral": referrals, "encounter": visits(500, date(2025, 11, 9))})
    open_to_others(store)
    found = started(store, day, people)
    assert told(store) == expected
    assert found.corrected == (people if expected == (0, 0) else 0)


def brought(number: int, last: date) -> dict[str, Any]:
    """A delivery from January on."""
    return {
        "delivery": number, "source": 1, "made": "2025-12-31", "file": "a.csv", "digest": "d", "data_table": "referral",
        "first_day": date(2025, 1, 1), "last_day": last, "fields": [], "read": 0, "loaded": 0, "replaced": 0, "unchanged": 0,
        "gone": 0, "rejected": 0,
    }  # fmt: skip


def test_a_later_delivery_covers_no_published_days(store: Store) -> None:
    """Which days are covered tells of what encounters it is known that they led to no referral."""
    with store.next_generation("December") as connection:
        add_rows(connection, "delivery", [brought(2, date(2025, 5, 31)), brought(3, date(2025, 12, 31))])
        add_rows(connection, "encounter", visits(600, date(2025, 12, 31)))
    follow(store)
    with store.reading(store.released()) as connection:
        found = connection.execute("SELECT delivery, first_day, last_day FROM delivery").fetchall()
    assert found == [(3, date(2025, 12, 1), date(2025, 12, 31))]


def test_nor_does_it_in_the_releases_after(store: Store) -> None:
    """One late row of May comes with December, and waits on when January is released."""
    for one, day in ((2, date(2025, 12, 31)), (3, date(2026, 1, 31))):
        with store.next_generation("more") as connection:
            add_rows(connection, "delivery", [brought(one, day) | {"first_day": date(day.year, day.month, 1)}])
            if one == 2:
                late(connection, 1)
                connection.execute("UPDATE delivery SET first_day = '2025-05-14' WHERE delivery = 2")
            add_rows(connection, "encounter", visits(600 + 100 * one, day))
            add_rows(connection, "referral", [
                {"client": 2000 + 100 * one + client, "record": 2000 + 100 * one + client, "referred_on": day}
                for client in range(LEAST)
            ])  # fmt: skip
        follow(store)
    with store.reading(store.released()) as connection:
        found = connection.execute("SELECT delivery, first_day FROM delivery ORDER BY delivery").fetchall()
    assert found == [(2, date(2025, 12, 1)), (3, date(2026, 1, 1))]


@pytest.mark.parametrize(("last", "expected"), [(28, 30), (12, 12)], ids=["last week", "earlier"])
def test_a_delivery_of_the_last_week_reaches_the_end_of_the_month(tmp_path: Path, last: int, expected: int) -> None:
    """What matures on the two last days is told with its month, and not by itself with the next one."""
    rows = [{"client": 1, "record": 1, "occurred_on": date(2025, 11, 9)}]
    store = store_of(tmp_path / "store", {"encounter": rows, "delivery": [brought(1, date(2025, 11, last))]})
    serving = replace(store.serving(), covered_until=date(2025, 11, 30))
    serving.write(store.path / "generations" / "000001.json")
    open_to_others(store)
    with store.reading(store.released()) as connection:
        assert connection.execute("SELECT last_day FROM delivery").fetchone() == (date(2025, 11, expected),)
