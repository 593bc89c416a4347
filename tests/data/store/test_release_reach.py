"""A single row moves neither the end of a release nor what its files are said to cover: few would be told by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.coverage.release_words import status_lines
from data.store.release_reach import MANY
from data.store.releases import ReleaseStatus, follow, open_to_others, release_status
from data.store.store import Store
from data.texts import LANGUAGES, Language, message
from metrics.model.facts.reach import REACH
from tests.metrics.made import add_rows, store_of

Row = dict[str, Any]


def rows(first: int, people: int, *days: date, delivery: int = 1, **more: Any) -> list[Row]:
    """Each of some people on each day, by number of the first; records are numbered like clients."""
    return [
        {
            "client": first + one,
            "record": 10_000 * number + first + one,
            "occurred_on": day,
            "delivery": delivery,
            **more,
        }
        for number, day in enumerate(days)
        for one in range(people)
    ]


def brought(number: int, source: int, first: date, last: date, table: str = "encounter") -> Row:
    return {
        "delivery": number, "source": source, "made": "2025-12-31", "file": "a.csv", "digest": "d", "data_table": table,
        "first_day": first, "last_day": last, "fields": ["client_id", "sex", "channel"], "read": 0, "loaded": 0, "replaced": 0,
        "unchanged": 0, "gone": 0, "rejected": 0,
    }  # fmt: skip


SPRING = tuple(date(2025, month, 9) for month in range(1, 6))
YEAR = tuple(date(2025, month, 9) for month in range(1, 11))


def opened(folder: Path, made: Sequence[Row], deliveries: Sequence[Row] = ()) -> Store:
    told = {"delivery": list(deliveries)} if deliveries else {}
    store = store_of(folder / "store", {"encounter": list(made), **told})
    open_to_others(store)
    return store


@pytest.mark.parametrize(("late", "end"), [(0, 5), (1, 5), (MANY - 1, 5), (MANY, 7)])
def test_a_month_that_few_have_rows_in_is_not_the_last(tmp_path: Path, late: int, end: int) -> None:
    store = opened(tmp_path, [*rows(1, 60, *SPRING), *rows(1, late, date(2025, 7, 28), delivery=2)])
    assert store.released().closed_until == date(2025, end, 31)


def test_people_are_counted_and_not_rows(tmp_path: Path) -> None:
    days = [date(2025, 7, day) for day in range(1, 25)]
    assert opened(tmp_path, [*rows(1, 60, *SPRING), *rows(500, 1, *days)]).released().closed_until == date(2025, 5, 31)


def test_few_a_month_wait_for_others(tmp_path: Path) -> None:
    """Four new people come each month: as many as make a month have come since August."""
    few = [row for month in range(1, 11) for row in rows(100 * month, 4, date(2025, month, 9))]
    assert opened(tmp_path, few).released().closed_until == date(2025, 8, 31)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_steward_is_told_of_months_that_wait_for_more_people(tmp_path: Path, lang: Language) -> None:
    """A quarter that has ended brings no release while so few come, and nobody waits in what may be released."""
    told = message("release.few", lang, day="2025-08-31", least=MANY)
    store = opened(tmp_path, [row for month in range(1, 11) for row in rows(100 * month, 4, date(2025, month, 9))])
    status = release_status(store)
    assert status is not None
    assert (status.until, status.closed, status.people) == (date(2025, 8, 31), date(2025, 10, 31), 0)
    # The end of a quarter brings nothing of them, and it is not said that it does.
    assert status_lines(status, lang, date.isoformat)[1:] == (told,)
    with store.next_generation("more") as connection:
        add_rows(connection, "encounter", rows(9000, MANY, date(2025, 10, 10)))
    follow(store, "now")
    assert release_status(store) == ReleaseStatus(store.released(), date(2025, 10, 31), 0, 0, date(2025, 10, 31))
    assert told not in status_lines(release_status(store), lang, date.isoformat)


def test_where_few_have_encounters_all_tables_tell(tmp_path: Path) -> None:
    starts = [
        {"client": one, "record": one, "started_on": date(2025, 5, 9), "centre": "853"} for one in range(1, MANY + 1)
    ]
    store = store_of(tmp_path / "store", {"enrolment": starts, "encounter": rows(500, 1, date(2025, 7, 28))})
    open_to_others(store)
    assert store.released().closed_until == date(2025, 5, 31)


def test_the_end_that_was_shown_stays_where_its_people_are_gone(tmp_path: Path) -> None:
    store = opened(tmp_path, [*rows(1, 60, *SPRING), *rows(100, MANY, date(2025, 7, 28))])
    with store.next_generation("gone") as connection:
        connection.execute("DELETE FROM encounter WHERE client = 100")
    follow(store, "now")
    assert store.released().closed_until == date(2025, 7, 31)


@pytest.mark.parametrize("left", [0, 1, MANY // 2 - 1])
def test_where_nearly_all_are_gone_the_end_depends_on_no_single_one(left: int, tmp_path: Path) -> None:
    """As where the file of these months was undone, and one late row of another file is left."""
    store = opened(tmp_path, [*rows(1, 60, *SPRING), *rows(100, 60, date(2025, 6, 20), date(2025, 7, 28))])
    with store.next_generation("gone") as connection:
        connection.execute("DELETE FROM encounter WHERE client >= ?", [100 + left])
    status = follow(store)
    assert status is not None
    assert store.released().closed_until == status.until == date(2025, 5, 31)
    assert store.released().release.reason == "bundle"  # type: ignore[union-attr]


def test_a_late_row_makes_no_release(tmp_path: Path) -> None:
    """It would end a quarter."""
    store = opened(tmp_path, rows(1, 60, *SPRING))
    with store.next_generation("more") as connection:
        add_rows(connection, "encounter", rows(1, 1, date(2025, 7, 28), delivery=9))
    before = release_status(store)
    found = follow(store)
    assert found is not None
    assert found.release.release is not None
    assert (found.release.release.number, found.until) == (1, date(2025, 5, 31))
    assert before is not None
    assert release_status(store) == found


def deliveries(store: Store) -> list[tuple[Any, ...]]:
    with store.reading(store.released()) as connection:
        return connection.execute("SELECT delivery, first_day, last_day, fields FROM delivery ORDER BY ALL").fetchall()


@pytest.mark.parametrize("late", [0, 1])
def test_a_file_tells_of_no_month_that_few_of_its_source_have_rows_in(tmp_path: Path, late: int) -> None:
    """Another source reaches further: what the first one lacks would be told by its last row."""
    last = date(2025, 7, 31) if late else date(2025, 5, 31)
    store = opened(
        tmp_path,
        [
            *rows(1, 60, *SPRING, sex="female", channel="phone"),
            *rows(1, late, date(2025, 7, 28), sex="female", channel="phone"),
            *rows(1000, 60, *YEAR, delivery=2, sex="female", channel="phone"),
        ],
        [brought(1, 1, date(2025, 1, 1), last), brought(2, 2, date(2025, 1, 1), date(2025, 10, 31))],
    )
    fields = ["client_id", "sex", "channel"]
    assert deliveries(store) == [
        (1, date(2025, 1, 1), date(2025, 5, 31), fields), (2, date(2025, 1, 1), date(2025, 10, 31), fields),
    ]  # fmt: skip


def test_a_file_of_its_own_with_one_late_row_tells_of_nothing_later(tmp_path: Path) -> None:
    store = opened(
        tmp_path,
        [
            *rows(1, 60, *SPRING),
            *rows(1, 1, date(2025, 7, 28), delivery=3),
            *rows(1000, 60, *YEAR, delivery=2),
        ],
        [
            brought(1, 1, date(2025, 1, 1), date(2025, 5, 31)),
            brought(2, 2, date(2025, 1, 1), date(2025, 10, 31)),
            brought(3, 1, date(2025, 7, 28), date(2025, 7, 31)),
        ],
    )
    assert [last for number, _, last, _ in deliveries(store) if number in (1, 3)] == [date(2025, 5, 31)] * 2


@pytest.mark.parametrize(("known", "is_told"), [(1, False), (MANY - 1, False), (MANY, True)])
def test_a_column_that_few_have_a_value_in_is_not_told(tmp_path: Path, known: int, *, is_told: bool) -> None:
    made = rows(1, 200, SPRING[0], sex="female")
    for row in made[:known]:
        row["channel"] = "phone"
    store = opened(tmp_path, made, [brought(1, 1, date(2025, 1, 1), date(2025, 1, 31))])
    assert deliveries(store)[0][-1] == ["client_id", "sex", *(["channel"] if is_told else [])]


@pytest.mark.parametrize(("known", "is_told"), [(1, False), (MANY, True)])
def test_of_ends_all_files_of_a_source_count(tmp_path: Path, known: int, *, is_told: bool) -> None:
    """A source that records one end of work knows of all others that their work goes on."""
    days = {1: date(2025, 3, 9), 2: date(2025, 4, 9)}
    starts = [
        {"client": one, "record": 1000 * number + one, "started_on": day, "kind": "employment_open", "delivery": number}
        | ({"ended_on": date(2025, 5, 1)} if number == 1 and one <= known else {})
        for number, day in days.items()
        for one in range(1, 201)
    ]
    told = [
        brought(one, 1, date(2025, 1, 1), date(2025, 5, 31), "outcome") | {"fields": ["kind", "ended_on"]}
        for one in days
    ]
    store = store_of(tmp_path / "store", {"outcome": starts, "encounter": rows(1, 60, *YEAR), "delivery": told})
    open_to_others(store)
    assert [fields for *_, fields in deliveries(store)] == [["kind", *(["ended_on"] if is_told else [])]] * 2
    with store.reading(store.released()) as connection:
        assert connection.execute(f"SELECT ends_recorded FROM ({REACH})").fetchall() == [(is_told,)]


def test_a_column_of_a_small_file_that_is_filled_in_is_told(tmp_path: Path) -> None:
    few = rows(1, 4, SPRING[0], sex="female", channel="phone")
    store = opened(tmp_path, few, [brought(1, 1, date(2025, 1, 1), date(2025, 1, 31))])
    assert deliveries(store)[0][-1] == ["client_id", "sex", "channel"]


@pytest.mark.parametrize(("longer", "until"), [(1, 7), (MANY - 1, 7), (MANY, 10)])
def test_nobody_is_followed_longer_than_many_of_their_source(tmp_path: Path, longer: int, until: int) -> None:
    """To the last such day everybody of the source is followed, so that one person would move all of them."""
    day = {"started_on": date(2025, 1, 9), "centre": "853", "delivery": 1}
    people = [
        {"client": one, "record": one, "followed_until": date(2025, 10 if one <= longer else 7, 20), **day}
        for one in range(1, 61)
    ]
    others = [
        {"client": one, "record": one, "followed_until": date(2025, 10, 20), **day, "delivery": 2}
        for one in range(101, 161)
    ]
    told = [brought(one, one, date(2025, 1, 1), date(2025, 7, 31), "enrolment") for one in (1, 2)]
    store = store_of(
        tmp_path / "store", {"enrolment": [*people, *others], "encounter": rows(1, 60, *YEAR), "delivery": told}
    )
    open_to_others(store)
    with store.reading(store.released()) as connection:
        query = "SELECT max(followed_until) FROM enrolment GROUP BY delivery ORDER BY delivery"
        assert connection.execute(query).fetchall() == [(date(2025, until, 20),), (date(2025, 10, 20),)]
