"""A single row moves neither the end of a release nor what its files are said to cover: few would be told by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.coverage.lacking import lacking_days, lacking_fields
from data.coverage.release_words import status_lines
from data.store.generation import MANY
from data.store.releases import ReleaseStatus, follow, open_to_others, release_status
from data.store.store import Store
from data.texts import LANGUAGES, Language, message
from metrics.measures.evidence import extent_told
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
    assert max(last for number, _, last, _ in deliveries(store) if number in (1, 3)) == date(2025, 5, 31)


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


def told_of(store: Store, columns: Collection[str]) -> tuple[object, ...]:
    """What visitors are told of the year's months, and of those in which a file lacks columns."""
    told, days = extent_told(store, store.released(), exact=False), (date(2025, 1, 1), date(2025, 10, 31))
    return (
        lacking_days(told, "encounter", *days), lacking_fields(told, "encounter", [frozenset(columns)], *days),
        [told.records("encounter", columns, date(2025, month, 1), date(2025, month, 28)) for month in range(1, 11)],
    )  # fmt: skip


@pytest.mark.parametrize("extra", [(), ("sex",)])
@pytest.mark.parametrize(("people", "is_told"), [(1, False), (MANY - 1, False), (MANY, True)])
def test_a_small_file_has_the_columns_of_others(
    tmp_path: Path, people: int, extra: Sequence[str], *, is_told: bool
) -> None:
    """Whether it has one more, or one less, is told by those in it."""
    whole = brought(1, 1, date(2025, 1, 1), date(2025, 10, 31)) | {"loaded": 600}
    whole["fields"] = ["channel", "client_id", *(() if extra else ("sex",))]
    own = whole | {
        "delivery": 2, "first_day": date(2025, 5, 9), "last_day": date(2025, 5, 20), "fields": ["channel", "client_id", *extra]
    }  # fmt: skip
    known: Row = {"channel": "phone", "sex": "unknown" if extra else "female"}
    made = rows(1, 60, *YEAR, **known)
    some: Row = {"sex": "female"} if extra else {}
    few = rows(500, people, date(2025, 5, 9), delivery=2, channel="phone", **some)
    without, beside = (
        told_of(opened(tmp_path / name, every, told), ["sex"])
        for name, every, told in (("a", made, [whole]), ("b", [*made, *few], [whole, own]))
    )
    assert (without != beside) == is_told


@pytest.mark.parametrize(("left", "is_told"), [(0, False), (1, False), (MANY - 1, False), (MANY, True)])
def test_rows_of_few_that_a_later_file_has_left_tell_of_no_column(tmp_path: Path, left: int, *, is_told: bool) -> None:
    first, later = (
        brought(number, 1, YEAR[0].replace(day=1), date(2025, 3, 31)) | {"loaded": 180} for number in (1, 2)
    )
    made = [*rows(1, 60, YEAR[2]), *rows(100, left, YEAR[0]), *rows(200, 60, *YEAR[:2], delivery=2, sex="female")]
    store = opened(tmp_path, made, [first | {"fields": ["client_id"]}, later | {"last_day": date(2025, 2, 28)}])
    told = extent_told(store, store.released(), exact=False)
    gaps = lacking_fields(told, "encounter", [frozenset(["sex"])], date(2025, 1, 1), date(2025, 3, 31))
    assert gaps == {"": {**({date(2025, 1, 1): True} if is_told else {}), date(2025, 3, 1): False}}


def test_small_files_of_the_same_columns_count_together(tmp_path: Path) -> None:
    """Of files by the week each is small: what one of them has no value of may be chance."""
    days = [date(2025, 3, 4 + 3 * week) for week in range(MANY)]
    weekly = [
        row | ({} if number == 1 else {"sex": "female"})
        for number, day in enumerate(days, 1)
        for row in rows(10 * number, 4, day, delivery=number)
    ]
    store = opened(tmp_path, weekly, [brought(number, 1, day, day) for number, day in enumerate(days, 1)])
    assert {tuple(fields) for *_, fields in deliveries(store)} == {("client_id", "sex")}


@pytest.mark.parametrize(("people", "is_told"), [(1, False), (MANY, True)])
def test_a_small_file_tells_of_no_month_that_no_other_tells_of(tmp_path: Path, people: int, *, is_told: bool) -> None:
    """That a month is known in part would be told by the only person who came in it."""
    spring, autumn = (
        brought(number, 1, date(2025, first, 1), date(2025, last, 28)) | {"loaded": 300}
        for number, first, last in ((1, 1, 3), (2, 5, 10))
    )
    made = [*rows(1, 120, *YEAR[:3]), *rows(1, 120, *YEAR[4:], delivery=2)]
    day = date(2025, 4, 9)
    own, few = brought(3, 1, day, day) | {"loaded": people}, rows(500, people, day, delivery=3)
    without, beside = (
        told_of(opened(tmp_path / name, some, told), ["channel"])
        for name, some, told in (("a", made, [spring, autumn]), ("b", [*made, *few], [spring, autumn, own]))
    )
    assert (without != beside) == is_told


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
