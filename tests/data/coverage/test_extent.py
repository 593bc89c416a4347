"""What deliveries cover: tables, fields and days, by place."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from data.coverage.deliveries import Delivery, meeting, pieces
from data.coverage.extent import Extent
from data.coverage.lacking import lacking_days

FILE = Delivery(
    1, 0, datetime(2026, 11, 1), "a.csv", None, "", "encounter", date(2026, 1, 1), date(2026, 1, 31), ("minutes",),
    1, 1, 0, 0, 0, 0,
)  # fmt: skip


def file(source: int, first: date | None, last: date | None, *fields: str) -> Delivery:
    return replace(FILE, source=source, first_day=first, last_day=last, fields=fields)


JANUARY, FEBRUARY, MARCH = (
    (date(2026, month, 1), date(2026, month, end)) for month, end in ((1, 31), (2, 28), (3, 31))
)
ESPOO, VANTAA, BOTH = 1, 2, 3
EXTENT = Extent(
    {
        "encounter": (
            file(ESPOO, *JANUARY, "minutes"), file(ESPOO, date(2026, 2, 1), date(2026, 2, 20)), file(VANTAA, *JANUARY),
            file(VANTAA, *FEBRUARY, "minutes", "channel"),
        ),
        "cost": (file(0, None, None, "euros"),),
    },
    {ESPOO: "049", VANTAA: "092"},
    frozenset({"staff"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("table", "days", "place", "covered"),
    [
        ("encounter", JANUARY, None, True),
        ("encounter", FEBRUARY, "049", True),
        ("encounter", MARCH, None, False),
        ("encounter", (date(2026, 2, 21), date(2026, 2, 28)), "049", False),
        ("encounter", (date(2026, 2, 20), date(2026, 2, 20)), "049", True),
        ("encounter", (None, None), None, True),
        ("referral", (None, None), None, False),
        ("cost", MARCH, "049", True),
        ("staff", MARCH, None, True),
        # Nobody delivers Helsinki's alone: its people are in the files of the others.
        ("encounter", FEBRUARY, "091", True),
    ],
)
def test_what_is_covered(
    table: str, days: tuple[date | None, date | None], place: str | None, *, covered: bool
) -> None:
    assert EXTENT.covers(table, *days, place) is covered


def test_what_is_recorded() -> None:
    assert EXTENT.records("encounter", ["minutes"], *JANUARY)
    assert EXTENT.records("encounter", ["minutes", "channel"], *FEBRUARY)
    assert not EXTENT.records("encounter", ["minutes"], *JANUARY, "092")
    assert not EXTENT.records("encounter", ["minutes"], *FEBRUARY, "049")
    assert EXTENT.records("staff", ["languages"], *MARCH)


def test_sources() -> None:
    assert EXTENT.sources("encounter") == EXTENT.sources("encounter", "091") == {ESPOO, VANTAA}
    assert EXTENT.sources("encounter", "049") == {ESPOO}
    assert EXTENT.sources("referral") == frozenset()


@pytest.mark.parametrize(
    ("brought", "place", "known"),
    [
        ([file(ESPOO, *JANUARY), file(ESPOO, *FEBRUARY), file(ESPOO, *MARCH)], None, True),
        ([file(ESPOO, JANUARY[0], MARCH[1])], None, True),
        ([file(ESPOO, *JANUARY), file(ESPOO, *MARCH)], None, False),
        ([file(ESPOO, date(2026, 1, 2), MARCH[1])], None, False),
        # Another's past is not one's own; a source that has left counts no more.
        ([file(ESPOO, JANUARY[0], MARCH[1]), file(VANTAA, *MARCH)], None, False),
        ([file(ESPOO, JANUARY[0], MARCH[1]), file(VANTAA, *MARCH)], "049", True),
        ([file(ESPOO, JANUARY[0], MARCH[1]), file(VANTAA, *MARCH)], "092", False),
        ([file(ESPOO, JANUARY[0], MARCH[1]), file(VANTAA, *JANUARY)], None, True),
    ],
)
def test_whether_all_days_before_a_period_are_known(brought: list[Delivery], place: str | None, *, known: bool) -> None:
    extent = Extent({"encounter": tuple(brought)}, {ESPOO: "049", VANTAA: "092"})
    assert extent.knows_past("encounter", *MARCH, 59, place) is known
    assert not extent.knows_past("encounter", None, None, 59, place)


def test_of_rows_that_no_delivery_tells_of_the_past_is_taken_to_be_known() -> None:
    assert EXTENT.knows_past("staff", *MARCH, 59)


@pytest.mark.parametrize(
    ("days", "place", "sources"),
    [
        (JANUARY, None, "1,2"),
        (JANUARY, "049", "1"),
        (FEBRUARY, None, None),
        (FEBRUARY, "049", None),
        (FEBRUARY, "092", "2"),
        ((date(2026, 1, 15), date(2026, 2, 20)), "049", "1"),
        ((date(2026, 1, 15), date(2026, 2, 21)), "049", None),
        (MARCH, None, ""),
    ],
)
def test_on_which_ground_a_period_stands(days: tuple[date, date], place: str | None, sources: str | None) -> None:
    assert EXTENT.ground("encounter", *days, place) == sources


def test_days_that_two_files_cover_count_once() -> None:
    twice = Extent({"encounter": (file(0, *JANUARY), file(0, date(2026, 1, 10), date(2026, 2, 27)))})
    assert twice.ground("encounter", JANUARY[0], date(2026, 2, 27)) == "0"
    assert twice.ground("encounter", JANUARY[0], date(2026, 2, 28)) is None


@pytest.mark.parametrize(
    ("days", "others", "covered"),
    [
        # The weekend before, and six days over Christmas; a week that nobody has delivered is a gap.
        ((12, 16), [(5, 9)], (10, 16)),
        ((16, 18), [(5, 9)], (10, 18)),
        ((17, 18), [(5, 9)], (17, 18)),
        # An older file that comes later; one between two; days that are covered already.
        ((5, 9), [(12, 16)], (5, 11)),
        ((12, 16), [(19, 23), (5, 9)], (10, 18)),
        ((12, 16), [(1, 13)], (12, 16)),
        ((12, 16), [], (12, 16)),
    ],
)
def test_a_file_reaches_to_the_next_one_of_its_source(
    days: tuple[int, int], others: list[tuple[int, int]], covered: tuple[int, int]
) -> None:
    def of(span: tuple[int, int]) -> tuple[date, date]:
        return date(2026, 1, span[0]), date(2026, 1, span[1])

    assert meeting(*of(days), [file(ESPOO, *of(one)) for one in others]) == of(covered)
    assert meeting(*of(days), [file(ESPOO, None, None)]) == of(days)


@pytest.mark.parametrize(
    ("a_month", "until", "lacking"),
    # Of one row a month three months may pass without any; of ten, one may. Of many it is a file that lacks.
    [
        (1, date(2026, 5, 31), {}),
        (10, date(2026, 3, 31), {4: False, 5: False}),
        (15, date(2026, 3, 20), {1: True, 2: False, 3: True, 4: False, 5: False}),
    ],
)
def test_of_few_rows_no_day_is_told(a_month: int, until: date, lacking: dict[int, bool]) -> None:
    days = [(date(2026, month, 12), date(2026, month, 20)) for month in (1, 3)]
    few = tuple(replace(file(ESPOO, *span), number=at, loaded=a_month) for at, span in enumerate(days, 2))
    many = replace(file(VANTAA, date(2026, 1, 1), date(2026, 5, 9)), loaded=5000)
    told = Extent({"encounter": (*few, many)}, {ESPOO: "049", VANTAA: "092"}).without_days_of_few(15, date(2026, 5, 9))
    found = lacking_days(told, "encounter", date(2026, 1, 1), date(2026, 5, 31), "049").get("", {})
    assert {month.month: part for month, part in found.items()} == lacking
    assert max(one.last_day for one in told.deliveries["encounter"] if one.source == ESPOO and one.last_day) == until
    assert many in told.deliveries["encounter"]


def test_of_few_rows_no_column_is_told_by_month() -> None:
    """A sheet of which some months have no value in a column: of few people one would change that. Of many it is told."""
    few = replace(
        file(ESPOO, *(date(2026, 1, 1), date(2026, 4, 30)), "sex", "minutes"), loaded=40, silent=("2026-02 sex",)
    )
    for loaded, expected in ((40, True), (400, False)):
        told = Extent({"encounter": tuple(pieces(replace(few, loaded=loaded)))}, {ESPOO: "049"}).without_days_of_few(
            25, date(2026, 4, 30)
        )
        assert told.records("encounter", ["sex"], *FEBRUARY) is expected
        assert told.records("encounter", ["sex"], *JANUARY)
