"""Releases: who sees which state of the data, when a new one is made, and what a release holds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.coverage.release_words import status_lines
from data.model.records import TABLES
from data.model.schema import columns
from data.store import releases
from data.store.lock import locked
from data.store.release_file import AHEAD
from data.store.releases import (
    LEAST,
    ReleaseError,
    ReleaseStatus,
    after_change,
    due,
    follow,
    open_to_others,
    release_status,
    rollback,
)
from data.store.rewriting import rewrite
from data.store.store import Store, StoreError
from metrics.ask import ask
from metrics.grammar.question import Question
from tests.data.store.unsealed import content
from tests.metrics.exact import number
from tests.metrics.made import add_rows, store_of


def encounters(clients: range, month: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {"client": one, "record": 1000 * month + one, "occurred_on": date(2025, month, 9)} | more for one in clients
    ]


def delivery(until: date) -> dict[str, Any]:
    return {
        "delivery": 1, "source": 1, "made": "2025-12-31", "file": "a.csv", "digest": "d", "data_table": "encounter",
        "first_day": date(2025, 1, 1), "last_day": until, "fields": [], "read": 0, "loaded": 0, "replaced": 0,
        "unchanged": 0, "gone": 0, "rejected": 0,
    }  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A hundred clients in August and in September 2025."""
    return store_of(tmp_path / "store", {"encounter": encounters(range(1, 101), 8) + encounters(range(1, 101), 9)})


def grow(store: Store, rows: Sequence[Mapping[str, Any]], table: str = "encounter") -> ReleaseStatus | None:
    with store.next_generation("more") as connection:
        add_rows(connection, table, rows)
    return follow(store)


def clients(store: Store, **where: str) -> float | None:
    fixed = tuple((name, (code,)) for name, code in where.items())
    return ask(Question(("clients",), where=fixed), store).rows[0].value


def test_until_the_store_is_opened_visitors_see_every_import(store: Store) -> None:
    assert release_status(store) is None
    assert store.released() == store.serving()
    assert grow(store, encounters(range(101, 103), 8)) is None
    assert store.released() == store.serving()
    assert not (store.path / "releases").exists()


def test_an_import_of_few_moves_nothing_for_visitors(store: Store) -> None:
    open_to_others(store)
    before = clients(store)
    found = grow(store, encounters(range(101, 140), 9))
    assert found == ReleaseStatus(store.released(), date(2025, 9, 30), 0, 39, date(2025, 9, 30))
    assert clients(store) == before == 100
    assert number(store, "clients") == 139
    assert release_status(store) == found


@pytest.mark.parametrize(("new", "is_due"), [(LEAST - 1, False), (LEAST, True)])
def test_a_whole_month_of_enough_people_is_released(store: Store, new: int, *, is_due: bool) -> None:
    open_to_others(store)
    found = grow(store, encounters(range(201, 201 + new), 10))
    assert found is not None
    assert (found.release.release.reason if found.release.release else "") == ("month" if is_due else "opened")
    assert store.released().closed_until == date(2025, 10, 31) if is_due else date(2025, 9, 30)
    assert found.people == (0 if is_due else new)
    assert (clients(store) or 0) > 100 if is_due else clients(store) == 100


def test_published_months_stay_as_they_were_when_a_month_is_released(store: Store) -> None:
    """Three late rows of August come with October: visitors get October, and August as it was."""
    open_to_others(store)
    found = grow(store, encounters(range(201, 281), 10) + encounters(range(301, 304), 8))
    assert found is not None
    assert found.corrected == 3
    assert found.release.closed_until == date(2025, 10, 31)
    with store.reading(store.released()) as connection:
        august = connection.execute("SELECT count(*) FROM encounter WHERE month(occurred_on) = 8").fetchone()
    assert august == (100,)
    assert number(store, "clients", period="2025-08") == 103


def test_enough_corrections_are_released_together(store: Store) -> None:
    open_to_others(store)
    assert grow(store, encounters(range(201, 250), 8)).release.release.reason == "opened"  # type: ignore[union-attr]
    found = grow(store, encounters(range(250, 251), 8))
    assert found is not None
    assert found.release.release is not None
    assert (found.release.release.reason, found.corrected) == ("bundle", 0)
    assert clients(store, language="und") == 150


@pytest.mark.parametrize(
    ("before", "until", "people", "corrected", "expected"),
    [
        (date(2025, 8, 31), date(2025, 9, 30), 0, 0, "quarter"),
        (date(2025, 9, 30), date(2025, 11, 30), 49, 49, None),
        (date(2025, 9, 30), date(2025, 12, 31), 0, 0, "year"),
        (date(2024, 12, 31), date(2025, 11, 30), 0, 0, "quarter"),
        (date(2025, 9, 30), date(2025, 9, 30), 900, 0, None),
        (date(2025, 10, 31), date(2025, 9, 30), 900, 0, None),
        (date(2025, 9, 30), date(2025, 9, 30), 0, 50, "bundle"),
        (date(2025, 9, 30), date(2025, 10, 31), 50, 0, "month"),
    ],
)
def test_when_a_release_is_due(before: date, until: date, people: int, corrected: int, expected: str | None) -> None:
    assert due(before, until, people=people, corrected=corrected) == expected


def test_an_open_month_moves_nothing_that_looks_ahead(tmp_path: Path) -> None:
    """The referrals of August start in October, which is not whole: to visitors they are open, to others started."""
    sent: list[dict[str, Any]] = [
        {"client": one, "record": one, "referred_on": date(2025, 8, 5), "status": "started", "started_on": day}
        for one, day in [(one, date(2025, 8, 25) if one <= 100 else date(2025, 10, 2)) for one in range(1, 201)]
    ]
    rows = encounters(range(1, 101), 9, delivery=1)
    begun = {"client": 1, "record": 9999, "occurred_on": date(2025, 10, 3), "delivery": 1}
    enrolled = [
        {"client": 1, "started_on": date(2025, 8, 1), "ended_on": date(2025, 10, 3), "end_reason": "employed",
         "followed_until": date(2025, 10, 4), "language_level_end": "b1"},
    ]  # fmt: skip
    store = store_of(
        tmp_path / "store",
        {
            "encounter": [*rows, begun], "referral": sent, "enrolment": enrolled, "delivery": [delivery(date(2025, 9, 30))],
        },
    )  # fmt: skip
    open_to_others(store)
    with store.reading(store.released()) as connection:
        assert connection.execute("SELECT max(occurred_on) FROM encounter").fetchone() == (date(2025, 9, 9),)
        counted = connection.execute("SELECT status::VARCHAR, count(started_on) FROM referral GROUP BY 1 ORDER BY 1")
        assert counted.fetchall() == [("sent", 0), ("started", 100)]
        told = connection.execute(
            "SELECT ended_on, end_reason, followed_until, language_level_end::VARCHAR FROM enrolment"
        )
        assert told.fetchall() == [(None, None, date(2025, 9, 30), "unknown")]


def test_every_day_of_a_row_that_may_come_later_is_cut() -> None:
    """A new field with a day must be said to lie before the row's own day, or what a row holds until it has come."""
    earlier = {("encounter", "requested_on"), ("encounter", "arrived_on"), ("enrolment", "arrived_on")}
    always = {("service_point", "opened_on"), ("service_point", "closed_on")}
    found = {
        (table, column.name)
        for table, model in TABLES.items()
        for column in columns(model)
        if column.type == "DATE" and column.name != model.day
    }
    assert found - earlier - always == {(table, day) for table, days in AHEAD.items() for day in days}


def test_only_the_latest_release_is_kept(store: Store) -> None:
    open_to_others(store)
    first = store.released()
    grow(store, encounters(range(201, 281), 10))
    assert not store.file(first).exists()
    assert sorted(path.name for path in (store.path / "releases").iterdir()) == [
        "000001.json", "000002.duckdb", "000002.json", "waiting.json",
    ]  # fmt: skip
    with pytest.raises(StoreError, match="no_generation"):
        store.read(first)


def test_a_release_outlives_the_generation_it_was_made_from(store: Store) -> None:
    open_to_others(store)
    for extra in range(8):
        grow(store, encounters(range(300 + extra, 301 + extra), 9))
    assert 1 not in store.numbers()
    assert clients(store) == 100


def test_going_back_moves_what_visitors_see(store: Store) -> None:
    open_to_others(store)
    grow(store, encounters(range(201, 281), 10))
    assert store.released().closed_until == date(2025, 10, 31)
    with pytest.raises(ReleaseError, match="rollback"):
        rollback(store, 1)
    assert (store.serving().number, store.released().closed_until) == (2, date(2025, 10, 31)), "nothing has moved"
    rollback(store, 1, accepted=True)
    seen = store.released()
    assert seen.release is not None
    assert (seen.release.reason, seen.closed_until, clients(store)) == ("rollback", date(2025, 9, 30), 100)


def test_going_back_to_what_visitors_have_not_seen_moves_nothing_and_shows_nothing_that_waits(store: Store) -> None:
    open_to_others(store)
    grow(store, encounters(range(201, 211), 9))
    grow(store, encounters(range(301, 311), 9))
    seen = store.released()
    for number_of, rows in ((2, 110), (1, 100), (3, 120)):
        rollback(store, number_of)
        assert store.released() == seen
        assert (clients(store), number(store, "clients")) == (100, rows)


def test_a_store_is_opened_once(store: Store) -> None:
    open_to_others(store)
    with pytest.raises(ReleaseError, match="open_already"):
        open_to_others(store)


def test_what_waits_is_found_anew_when_it_was_not_noted(store: Store) -> None:
    open_to_others(store)
    found = grow(store, encounters(range(101, 103), 9))
    (store.path / "releases" / "waiting.json").write_text("{")
    assert release_status(store) == found
    noted = json.loads((store.path / "releases" / "waiting.json").read_text())
    assert noted["corrected"] == 2


DAMAGED = pytest.mark.parametrize("name", ["released", "releases/000001.json", "releases/000001.duckdb"])


@DAMAGED
def test_a_damaged_release_is_said_to_be_damaged(store: Store, name: str) -> None:
    open_to_others(store)
    (store.path / name).write_bytes(b"x")
    with pytest.raises(StoreError, match="damaged"):
        clients(store)
    with pytest.raises(StoreError, match="release_damaged"):
        grow(store, encounters(range(201, 203), 9))
    after_change(store)
    assert number(store, "clients") == 102, "the internal audience goes on"
    with pytest.raises(StoreError, match="release_damaged"):
        release_status(store)


@DAMAGED
def test_a_damaged_release_is_replaced_by_a_new_one_when_asked(store: Store, name: str) -> None:
    open_to_others(store)
    (store.path / name).write_bytes(b"x")
    follow(store, "now")
    assert clients(store) == 100
    seen = store.released()
    assert seen.release is not None
    assert (seen.release.number, seen.release.reason) == (2, "now")
    assert [path.name for path in (store.path / "releases").glob("*.duckdb")] == ["000002.duckdb"]


@DAMAGED
def test_going_back_does_not_replace_a_damaged_release(store: Store, name: str) -> None:
    """What is in the older generation may wait all the same."""
    open_to_others(store)
    after = grow(store, encounters(range(201, 211), 9))
    assert after is not None
    (store.path / name).write_bytes(b"x")
    rollback(store, 1)
    assert store.serving().number == 1
    with pytest.raises(StoreError, match="release_damaged"):
        clients(store)


def test_a_release_whose_file_is_gone_is_said_to_be_damaged(store: Store) -> None:
    open_to_others(store)
    (store.path / "releases" / "000001.duckdb").unlink()
    for look in (lambda: clients(store), lambda: follow(store)):
        with pytest.raises(StoreError, match="damaged"):
            look()


def test_a_forgotten_client_leaves_the_release_too(store: Store) -> None:
    open_to_others(store)

    def forget(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("DELETE FROM encounter WHERE client = 5")

    rewrite(store, forget)
    with store.reading(store.released()) as connection:
        assert connection.execute("SELECT count(*) FROM encounter WHERE client = 5").fetchone() == (0,)
    assert store.released().release is not None
    assert store.released().closed_until == date(2025, 9, 30)


def test_a_change_is_made_while_another_writer_is_at_it_and_looked_at_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_others(store)
    monkeypatch.setattr("data.store.store._PATIENCE", 0.1)
    with store.next_generation("more") as connection:
        add_rows(connection, "encounter", encounters(range(201, 281), 10))
    with locked(store.path, 1):
        after_change(store)
        assert store.released().closed_until == date(2025, 9, 30)
    found = release_status(store)
    assert found is not None
    assert found.release.closed_until == date(2025, 10, 31)


def test_nothing_is_left_of_a_release_that_is_not_made(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    open_to_others(store)

    def fail(*_: object, **__: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(releases, "changed_clients", fail)
    with pytest.raises(OSError, match="disk full"):
        grow(store, encounters(range(201, 281), 10))
    assert not list((store.path / "releases").glob("*.draft*"))
    assert store.released().closed_until == date(2025, 9, 30)


def test_a_lost_pointer_shows_visitors_no_newer_import(store: Store) -> None:
    open_to_others(store)
    (store.path / "released").unlink()
    with pytest.raises(StoreError, match="damaged"):
        clients(store)
    assert store.is_open
    assert number(store, "clients") == 100
    follow(store, "now")
    assert clients(store) == 100


def test_an_open_store_stays_open_when_all_of_its_releases_are_gone(store: Store) -> None:
    open_to_others(store)
    grow(store, encounters(range(201, 231), 9))
    (store.path / "released").unlink()
    shutil.rmtree(store.path / "releases")
    again = Store(store.path)
    assert again.is_open
    with pytest.raises(StoreError, match="release_damaged"):
        clients(again)
    assert number(again, "clients") == 130
    follow(again, "now")
    assert clients(again) == 130


def test_a_store_that_was_opened_by_an_earlier_version_is_marked_when_it_is_looked_at(store: Store) -> None:
    open_to_others(store)
    about = content(store.path / "store.json")
    assert about.pop("open") is True
    (store.path / "store.json").write_text(json.dumps(about))
    follow(store)
    assert content(store.path / "store.json") == about | {"open": True}


def test_without_any_rows_no_later_month_is_whole(store: Store) -> None:
    open_to_others(store)
    with store.next_generation("delete") as connection:
        connection.execute("DELETE FROM encounter WHERE client > 40")
    follow(store, "now")
    with store.next_generation("delete") as connection:
        connection.execute("DELETE FROM encounter")
    found = follow(store)
    assert found is not None
    assert found.release.release is not None
    assert (found.release.release.reason, found.people, found.corrected) == ("now", 0, 40), "they wait as others do"
    nothing = follow(store, "now")
    assert nothing is not None
    assert not nothing.waits
    assert "ei ole yhtään kuukautta" in status_lines(nothing, "fi", date.isoformat)[0]
    assert "2025" not in status_lines(nothing, "fi", lambda day: str(day.year) if day.year == 2025 else "")[0]
