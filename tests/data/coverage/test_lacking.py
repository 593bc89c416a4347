"""Months that files do not tell of, or only in part, and fields that some of them do not have."""

from dataclasses import replace
from datetime import date

from data.coverage.extent import Extent
from data.coverage.lacking import lacking_days, lacking_fields
from tests.data.coverage.test_extent import ESPOO, FEBRUARY, JANUARY, MARCH, VANTAA, file

BOTH = 3
FIRST, SECOND, THIRD, FOURTH, FIFTH = (date(2026, month, 1) for month in range(1, 6))
YEAR = (date(2025, 1, 1), date(2026, 5, 31))
PLACES = {ESPOO: "049", VANTAA: "092"}
TOLD = Extent(
    {
        "encounter": (
            file(ESPOO, *JANUARY), file(ESPOO, *MARCH), file(ESPOO, FOURTH, date(2026, 4, 17)), file(VANTAA, *FEBRUARY),
            file(VANTAA, *MARCH),
        ),
        "cost": (file(0, None, None),),
    },
    PLACES,
    frozenset({"staff"}),
)  # fmt: skip


def test_each_municipality_is_told_of_as_long_as_any_is() -> None:
    # Espoo is without February, which Vantaa tells of, and ends in April; Vantaa joins in February and ends in March.
    assert lacking_days(TOLD, "encounter", date.min, YEAR[1]) == {
        "049": {SECOND: False, FOURTH: True, FIFTH: False},
        "092": {FIRST: False, FOURTH: False, FIFTH: False},
    }
    assert lacking_days(TOLD, "encounter", date.min, YEAR[1], "049") == {
        "": {SECOND: False, FOURTH: True, FIFTH: False}
    }
    assert lacking_days(TOLD, "encounter", *JANUARY) == {"092": {FIRST: False}}
    assert lacking_days(TOLD, "encounter", *MARCH) == {}
    # A period that began before anything was told of lacks its beginning; one that ended before says so itself.
    assert lacking_days(TOLD, "encounter", date(2025, 12, 1), FEBRUARY[1], "049") == {
        "": {date(2025, 12, 1): False, SECOND: False}
    }
    assert lacking_days(TOLD, "encounter", date(2025, 1, 1), date(2025, 12, 31)) == {}
    assert lacking_days(TOLD, "encounter", SECOND, date(2026, 4, 30), "092") == {"": {FOURTH: False}}


def test_of_an_area_those_of_its_municipalities_count() -> None:
    area, april = frozenset({"092", "235"}), (FOURTH, date(2026, 4, 30))
    assert not TOLD.covers("encounter", *april, area)
    assert TOLD.covers("encounter", *april, frozenset({"049", "092"}))
    assert lacking_days(TOLD, "encounter", *april, frozenset({"049", "092"})).keys() == {"049", "092"}
    # Of one that has no sources of its own all that are may tell.
    assert TOLD.covers("encounter", *april, frozenset({"235"}))
    several = Extent({"encounter": (file(BOTH, *JANUARY), file(ESPOO, *MARCH))}, PLACES)
    assert several.covers("encounter", *JANUARY, frozenset({"049", "092"}))


def test_tables_without_days_or_deliveries_lack_nothing() -> None:
    for table in ("cost", "staff", "referral"):
        assert lacking_days(TOLD, table, *YEAR) == lacking_fields(TOLD, table, [{"minutes"}], *YEAR) == {}


def test_sources_of_one_place_or_of_several_may_join_late_or_end() -> None:
    points = Extent(
        {"encounter": (file(ESPOO, FIRST, MARCH[1]), file(VANTAA, *JANUARY))}, {ESPOO: "049", VANTAA: "049"}
    )
    assert lacking_days(points, "encounter", FIRST, MARCH[1]) == {}
    # Whoever is told of by a file of several places is told of.
    joined = Extent({"encounter": (file(BOTH, FIRST, FEBRUARY[1]), file(ESPOO, *MARCH))}, PLACES)
    assert lacking_days(joined, "encounter", FIRST, MARCH[1]) == {}


def test_of_two_offices_of_which_one_has_ended_a_part_is_told() -> None:
    def told(*spans: tuple[date, date]) -> object:
        files = tuple(file(number, *span) for number, span in enumerate(spans, 1))
        extent = Extent({"encounter": files}, dict.fromkeys(range(1, 4), "049"))
        return lacking_days(extent, "encounter", FIRST, date(2026, 5, 31))

    year = FIRST, date(2026, 5, 31)
    assert told(year, (FIRST, MARCH[1])) == {"": {FOURTH: True, FIFTH: True}}
    # One that comes when another ends, or not long before, has taken its place; so has a third.
    assert told((FIRST, MARCH[1]), (THIRD, year[1])) == {}
    assert told(year, (FIRST, MARCH[1]), (FOURTH, year[1])) == {}
    # Before one that has joined late nobody was there.
    assert told(year, (FOURTH, year[1])) == {}


def test_months_of_which_some_file_has_no_column() -> None:
    told = Extent({"encounter": (file(0, *JANUARY, "channel"), file(0, FEBRUARY[0], MARCH[1], "channel", "minutes"))})
    quarter = (FIRST, MARCH[1])
    assert lacking_fields(told, "encounter", [{"minutes"}], *quarter) == {"": {FIRST: False}}
    assert lacking_fields(told, "encounter", [{"minutes"}], *YEAR) == {"": {FIRST: False}}
    assert lacking_fields(told, "encounter", [{"minutes", "channel"}], *quarter) == {"": {FIRST: False}}
    # One of two ways is enough; what is whole lacks nothing, and what nobody has says so itself.
    assert lacking_fields(told, "encounter", [{"minutes"}, {"channel"}], *quarter) == {}
    assert lacking_fields(told, "encounter", [{"minutes"}], *FEBRUARY) == {}
    assert lacking_fields(told, "encounter", [{"minutes"}], *JANUARY) == {}
    assert lacking_fields(told, "encounter", [{"sex"}], *quarter) == {}


def test_a_field_that_the_files_of_one_place_lack() -> None:
    told = Extent({"encounter": (file(ESPOO, FIRST, MARCH[1], "sex"), file(VANTAA, *JANUARY))}, PLACES)
    assert lacking_fields(told, "encounter", [{"sex"}], FIRST, MARCH[1]) == {"092": {FIRST: False}}
    assert lacking_fields(told, "encounter", [{"sex"}], FIRST, MARCH[1], "049") == {}


def test_a_file_beside_another_leaves_a_field_in_part_unless_it_brings_no_rows() -> None:
    groups = file(0, *JANUARY)
    for brought, lacking in ((groups, {"": {FIRST: True}}), (replace(groups, loaded=0, replaced=1), {})):
        told = Extent({"encounter": (file(0, *JANUARY, "sex"), brought)})
        assert lacking_fields(told, "encounter", [{"sex"}], *JANUARY) == lacking
