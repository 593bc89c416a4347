"""Registered periods."""

import ast
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.grammar.period import RELATIVE, Each, Period, PeriodError, default_period, is_period, period_at, registered
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2025-ytd-09", date(2025, 1, 1), date(2025, 9, 30)),
    ],
)
def test_a_period_has_its_days_and_writes_itself_as_it_was_read(text: str, first: date, last: date) -> None:
    period = Period.parse(text)
    assert (period.first_day, period.last_day, str(period)) == (first, last, text)
    assert str(period.year_before()) == text.replace(text[:4], str(int(text[:4]) - 1), 1)


@pytest.mark.parametrize(
    "text", ["", "25", "2025-13", "2025-Q5", "2025-ytd-00", "2025-1", "ALL", "2025-03-01", " 2025", "2025..2026"]
)
def test_nothing_else_is_a_period(text: str) -> None:
    with pytest.raises(PeriodError):
        Period.parse(text)


@given(st.text())
def test_any_text_is_a_period_that_round_trips_or_a_refusal(text: str) -> None:
    with suppress(PeriodError):
        assert str(Period.parse(text)) == text


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 1500))
def test_splitting_covers_every_day_once(first: date, length: int) -> None:
    last = first + timedelta(length)
    for each in ("month", "quarter", "year"):
        parts = Period.parse("all").split(each, first, last)
        for day in (first, last):
            assert sum((p.first_day or last) <= day <= (p.last_day or first) for p in parts) == 1
        for before, after in pairwise(parts):
            assert before.last_day + timedelta(1) == after.first_day  # type: ignore[operator]


def test_a_part_must_be_finer_than_the_whole() -> None:
    for whole, each in (("2025-03", "month"), ("2025-Q1", "quarter"), ("2025", "year"), ("2025-03", "year")):
        with pytest.raises(PeriodError):
            Period.parse(whole).split(each, date(2024, 1, 1), date(2025, 12, 31))  # type: ignore[arg-type]


def test_a_period_is_split_only_where_there_are_data() -> None:
    parts = Period.parse("2025").split("month", date(2025, 11, 3), date(2026, 2, 1))
    assert [str(p) for p in parts] == ["2025-11", "2025-12"]


@pytest.mark.parametrize("text", ["2025", "2025-Q3", "2024-02", "2025-12", "2025-ytd-09"])
def test_a_period_has_ended_on_its_last_day_and_is_open_before_its_first(text: str) -> None:
    period, day = Period.parse(text), timedelta(1)
    first, last = period.first_day, period.last_day
    assert first
    assert last
    assert [period.has_ended(closed) for closed in (last - day, last, last + day)] == [False, True, True]
    # A year to date is named by the month it ends with: it is open until that month is closed.
    closes = last if period.level == "ytd" else first
    assert [period.is_open(closed) for closed in (closes - day, closes, closes + day)] == [True, False, False]


def test_all_time_waits_for_nothing() -> None:
    assert Period.parse("all").has_ended(date(2000, 1, 31))
    assert not Period.parse("all").is_open(date(2000, 1, 31))


def test_pages_open_with_the_year_so_far() -> None:
    days = (date(2025, 12, 31), date(2026, 1, 31), date(2026, 11, 30))
    assert [str(default_period(day)) for day in days] == ["2025", "2026-ytd-01", "2026-ytd-11"]


def test_nobody_else_decides_whether_a_period_has_ended() -> None:
    """Comparing a day with the last closed one is for `Period` alone; two last closed days may differ."""
    found = []
    for path in (path for room in ("data", "metrics", "pages") for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
            named = [getattr(side, "attr", getattr(side, "id", "")) == "closed_until" for side in sides]
            if any(named) and not all(named):
                found.append(path.relative_to(ROOT).as_posix())
    assert set(found) == {"metrics/grammar/period.py"}


def test_registered_periods_are_all_that_touch_the_data() -> None:
    names = [str(p) for p in registered(date(2024, 11, 15), date(2025, 2, 3))]
    assert names[:3] == ["all", "2025", "2024"]
    assert {"2025-ytd-02", "2025-ytd-01", "2024-ytd-12", "2024-Q4", "2025-Q1", "2024-11", "2025-02"} <= set(names)
    assert len(names) == 1 + 2 + 4 + 2 + 4


@pytest.mark.parametrize(
    ("text", "fi", "sv", "en"),
    [
        ("2026-03", "maaliskuu 2026", "mars 2026", "March 2026"),
        ("2026-ytd-09", "tammi–syyskuu 2026", "januari–september 2026", "January–September 2026"),
        ("2026-ytd-01", "tammikuu 2026", "januari 2026", "January 2026"),
        ("2026-Q3", "3. neljännes 2026", "kvartal 3 2026", "Q3 2026"),
        ("all", "koko aika", "hela tiden", "all time"),
    ],
)
def test_labels(text: str, fi: str, sv: str, en: str) -> None:
    assert [Period.parse(text).label(lang) for lang in ("fi", "sv", "en")] == [fi, sv, en]


def test_axis_labels_are_short_months() -> None:
    assert [Period.parse("2026-03").short_label(lang) for lang in ("fi", "sv", "en")] == [
        "maalis 2026",
        "mars 2026",
        "Mar 2026",
    ]


@pytest.mark.parametrize(
    ("text", "level", "year", "number"),
    [
        ("2025", "year", 2025, 0), ("2025-Q1", "quarter", 2025, 1), ("2025-Q4", "quarter", 2025, 4), ("all", "all", 0, 0),
        ("2025-01", "month", 2025, 1), ("2025-12", "month", 2025, 12), ("2025-10", "month", 2025, 10),
        ("2025-ytd-01", "ytd", 2025, 1), ("2025-ytd-12", "ytd", 2025, 12), ("1999", "year", 1999, 0), ("2999", "year", 2999, 0),
    ],
)  # fmt: skip
def test_the_parts_of_a_period(text: str, level: str, year: int, number: int) -> None:
    period = Period.parse(text)
    assert (period.level, period.year, period.number, str(period)) == (level, year, number, text)
    assert is_period(text)


@pytest.mark.parametrize(
    "text", ["2025-00", "2025-13", "2025-19", "2025-Q0", "2025-Q5", "2025-ytd-13", "0999", "3000", "2025-"]
)
def test_the_ends_of_the_forms(text: str) -> None:
    assert not is_period(text)
    with pytest.raises(PeriodError, match=f"^{text}$"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-Q1", (1, 1), (3, 31)), ("2025-Q2", (4, 1), (6, 30)), ("2025-Q4", (10, 1), (12, 31)), ("2025-01", (1, 1), (1, 31)),
        ("2025-11", (11, 1), (11, 30)), ("2025-ytd-01", (1, 1), (1, 31)), ("2025-ytd-12", (1, 1), (12, 31)),
    ],
)  # fmt: skip
def test_the_days_of_a_period(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    period = Period.parse(text)
    assert (period.first_day, period.last_day) == (date(2025, *first), date(2025, *last))


def test_all_time_has_no_days_and_no_year_before() -> None:
    whole = Period.parse("all")
    assert (whole.first_day, whole.last_day) == (None, None)
    with pytest.raises(PeriodError, match=r"^all$"):
        whole.year_before()


FINER = {
    "all": ("year", "quarter", "month"), "2025": ("quarter", "month"), "2025-ytd-08": ("quarter", "month"),
    "2025-Q2": ("month",), "2025-05": (),
}  # fmt: skip


@pytest.mark.parametrize("text", FINER)
@pytest.mark.parametrize("each", ["year", "quarter", "month"])
def test_a_period_is_split_into_all_finer_ones_and_no_others(text: str, each: Each) -> None:
    period = Period.parse(text)
    if each in FINER[text]:
        assert period.split(each, date(2024, 1, 1), date(2026, 12, 31))
    else:
        with pytest.raises(PeriodError, match=f"^{text} / {each}$"):
            period.split(each, date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "each", "parts"),
    [
        ("2025", "quarter", "2025-Q1 2025-Q2 2025-Q3 2025-Q4"),
        ("2025-ytd-08", "quarter", "2025-Q1 2025-Q2 2025-Q3"),
        ("2025-ytd-02", "month", "2025-01 2025-02"),
        ("2025-Q4", "month", "2025-10 2025-11 2025-12"),
        ("all", "year", "2024 2025 2026"),
        ("all", "quarter", "2024-Q4 2025-Q1 2025-Q2 2025-Q3 2025-Q4 2026-Q1"),
    ],
)
def test_the_parts_of_a_split_period(text: str, each: Each, parts: str) -> None:
    found = Period.parse(text).split(each, date(2024, 12, 31), date(2026, 1, 1))
    assert [str(part) for part in found] == parts.split()
    assert {part.level for part in found} == {each}


@pytest.mark.parametrize(
    ("closed", "month", "quarter", "to_date", "year"),
    [
        (date(2025, 12, 31), "2025-12", "2025-Q4", "2025", "2025"),
        (date(2025, 11, 30), "2025-11", "2025-Q3", "2025-ytd-11", "2024"),
        (date(2025, 3, 31), "2025-03", "2025-Q1", "2025-ytd-03", "2024"),
        (date(2025, 2, 28), "2025-02", "2024-Q4", "2025-ytd-02", "2024"),
        (date(2025, 1, 31), "2025-01", "2024-Q4", "2025-ytd-01", "2024"),
    ],
)
def test_periods_counted_from_the_last_closed_day(
    closed: date, month: str, quarter: str, to_date: str, year: str
) -> None:
    assert [period_at(name, closed) for name in ("month", "quarter", "to_date", "year")] == [
        month,
        quarter,
        to_date,
        year,
    ]
    assert RELATIVE == ("month", "quarter", "to_date", "year")
    assert period_at("2023-Q2", closed) == "2023-Q2"
    assert str(default_period(closed)) == to_date


def test_registered_periods_are_the_newest_first() -> None:
    names = [str(p) for p in registered(date(2024, 12, 31), date(2025, 1, 1))]
    assert names == ["all", "2025", "2024", "2025-ytd-01", "2024-ytd-12", "2025-Q1", "2024-Q4", "2025-01", "2024-12"]


def test_labels_of_every_level_in_every_language() -> None:
    said = {
        text: [Period.parse(text).label(lang) for lang in ("fi", "sv", "en")] for text in ("2025", "2025-Q1", "2025-Q4")
    }
    assert said["2025"] == ["2025"] * 3
    assert said["2025-Q1"] == ["1. neljännes 2025", "kvartal 1 2025", "Q1 2025"]
    assert said["2025-Q4"] == ["4. neljännes 2025", "kvartal 4 2025", "Q4 2025"]
    assert Period.parse("2025-ytd-02").label("fi") == "tammi–helmikuu 2025"
    assert Period.parse("2025-ytd-12").label("en") == "January–December 2025"
    assert Period.parse("2025-12").label("sv") == "december 2025"
    assert Period.parse("2025-Q4").short_label("fi") == "4. neljännes 2025"
    assert Period.parse("2025-12").short_label("en") == "Dec 2025"
    assert [Period.parse("all").short_label(lang) for lang in ("fi", "sv", "en")] == [
        "koko aika",
        "hela tiden",
        "all time",
    ]


def test_periods_are_sorted_by_time() -> None:
    names = ["2025-02", "2024-12", "2025-01"]
    assert [str(p) for p in sorted(map(Period.parse, names))] == ["2024-12", "2025-01", "2025-02"]
