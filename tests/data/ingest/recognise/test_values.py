"""Texts to values: every usual way to write dates, numbers, yes and no and codes, and nothing guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import clock
from data.codes import ambiguous_languages, code_list, normalise
from data.ingest.recognise.codes import place, slug
from data.ingest.recognise.dates import months
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.values import Reading, parse
from data.model.records import TABLES
from data.model.schema import field_column
from data.texts import message

DAYS = st.dates(date(1950, 1, 1), date(2025, 12, 31))
CODED = [
    (table, name)
    for table, model in TABLES.items()
    for name in model.model_fields
    if field_column(model, name).code_list
]


def one(name: str, text: str, table: str = "encounter", **reading: str) -> object:
    return parse(table, name, [text], Reading(**reading))[0]  # type: ignore[arg-type]


def reason(name: str, text: str, table: str = "encounter", **reading: str) -> str:
    value = one(name, text, table, **reading)
    assert isinstance(value, Problem)
    return value.reason


@pytest.mark.parametrize(
    "text",
    [
        "5.3.2025",
        "05.03.2025",
        "2025-03-05",
        "2025-03-05T14:30:00",
        "5.3.2025 14.30",
        "20250305",
        "45721",
        "45721.5",
        "5.3.25",
    ],
)
def test_the_same_day_in_every_way_it_is_written(text: str) -> None:
    assert one("occurred_on", text) == date(2025, 3, 5)


@pytest.mark.parametrize("text", ["31.2.2025", "2025-13-01", "eilen", "12", "5.3.", "1.1.25025", "0"])
def test_what_is_no_day(text: str) -> None:
    assert reason("occurred_on", text) == "bad_date"


def test_days_that_cannot_be() -> None:
    assert reason("occurred_on", (clock.today() + timedelta(days=1)).isoformat()) == "date_in_future"
    assert reason("occurred_on", "1.1.1901") == "date_too_early"
    assert one("ended_on", "1.1.2090", "enrolment") == date(2090, 1, 1), "an agreed end may lie ahead"


def test_slashes_are_read_as_the_rest_of_the_column_tells() -> None:
    assert parse("encounter", "occurred_on", ["05/03/2025", "25/03/2025"])[0] == date(2025, 3, 5)
    assert parse("encounter", "occurred_on", ["05/03/2025", "03/25/2025"])[0] == date(2025, 5, 3)
    assert reason("occurred_on", "05/03/2025") == "ambiguous_date"
    assert one("occurred_on", "05/05/2025") == date(2025, 5, 5)


@given(DAYS)
def test_every_day_comes_back_from_every_form(day: date) -> None:
    forms = [
        day.isoformat(), f"{day.day}.{day.month}.{day.year}", f"{day:%d.%m.%Y}", f"{day:%d/%m/%Y}",
    ]  # fmt: skip
    values = parse("encounter", "occurred_on", [*forms, "25/12/2024"])
    assert all(value == day for value in values[:-1])
    assert one("occurred_on", str((day - date(1899, 12, 30)).days)) == day


@given(DAYS)
def test_every_month_comes_back_from_every_form(day: date) -> None:
    for text in (
        f"{day.month}/{day.year}",
        f"{day:%m.%Y}",
        f"{day:%Y-%m}",
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
    ):
        assert one("arrived_on", text) == day.replace(day=1)


def test_months_by_name_in_three_languages() -> None:
    assert months(["syyskuu 2024", "September 2024", "september 2024"]) == [date(2024, 9, 1)] * 3
    assert months(["13/2024"]) == [Problem("bad_month")]
    assert months(["2024"]) == [Problem("bad_month")], "a year is not a month"


@given(st.integers(0, 24 * 60))
def test_hours_come_back_as_whole_minutes(minutes: int) -> None:
    comma = f"{minutes / 60:.2f}".replace(".", ",")
    assert one("minutes", comma, unit="hours") == minutes
    assert one("minutes", str(minutes)) == minutes
    assert one("minutes", f"{minutes // 60} h {minutes % 60} min") == minutes


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("0,08", "hours", 5),
        ("30 min", None, 30),
        ("1,5 h", None, 90),
        ("1:15", None, 75),
        ("12,5", None, 13),
        ("1 000", None, 1000),
    ],
)
def test_durations(text: str, unit: str | None, expected: int) -> None:
    assert parse("encounter", "minutes", [text], Reading(unit=unit)) == [expected]


def test_numbers_that_cannot_be() -> None:
    assert reason("minutes", "-2", unit="hours") == "negative"
    assert reason("minutes", "25", unit="hours") == "too_large_value"
    assert reason("minutes", "vartti") == "bad_number"
    assert reason("satisfaction", "4,5") == "not_whole"
    assert reason("satisfaction", "0") == "too_small"
    assert reason("hour", "25.00") == "too_large_value"


@given(st.floats(0, 1e9, allow_nan=False))
def test_amounts_come_back_with_comma_and_thousands(value: float) -> None:
    rounded = round(value, 2)
    finnish = f"{rounded:,.2f}".replace(",", "\u00a0").replace(".", ",")
    assert one("euros", finnish, "cost") == pytest.approx(rounded)


@pytest.mark.parametrize(("text", "expected"), [
    ("Kyllä", True), ("x", True), ("X", True), ("Ja", True), ("yes", True), ("true", True), ("1", True), ("✓", True),
    ("Ei", False), ("nej", False), ("No", False), ("FALSE", False), ("0", False),
])  # fmt: skip
def test_yes_and_no(text: str, expected: bool) -> None:
    assert one("understood", text) is expected


def test_maybe_is_neither_yes_nor_no() -> None:
    assert reason("understood", "ehkä") == "not_yes_or_no"


@pytest.mark.parametrize(("table", "name"), CODED)
def test_every_code_is_known_by_its_id_and_its_three_labels(table: str, name: str) -> None:
    codes = code_list(field_column(TABLES[table], name).code_list or "")
    many = field_column(TABLES[table], name).is_list
    for code in codes.codes:
        for text in (code.id, code.fi, code.sv, code.en):
            if codes is code_list("language") and table != "population" and normalise(text) in ambiguous_languages():
                assert reason(name, text, table) == "unknown_code"  # "Syyria" in a list of people is asked about
                continue
            assert one(name, text, table) == ((code.id,) if many else code.id)


@pytest.mark.parametrize("text", ["49", "049", "Espoo", "Esbo", "ESPOO", "KU049 Espoo", "49 Espoo", "049 - Esbo"])
def test_a_municipality_by_number_and_name(text: str) -> None:
    assert one("municipality", text) == "049"


def test_codes_that_contradict_their_label_or_are_unknown() -> None:
    assert reason("municipality", "049 Helsinki") == "unknown_code"
    assert reason("municipality", "999") == "unknown_code"
    assert reason("language", "Klingon") == "unknown_code"
    assert one("language", "ar", overrides={"burmeesi": "my"}) == "ar"  # type: ignore[arg-type]
    assert one("language", "burmeesi", overrides={"burmeesi": "my"}) == "my"  # type: ignore[arg-type]


@given(st.lists(st.sampled_from([c for c in code_list("topic").codes if c.id != "unknown"]), min_size=1, max_size=6),
       st.sampled_from(["; ", ";", "|", ", ", ",", "\n"]), st.sampled_from(["fi", "sv", "en"]))  # fmt: skip
def test_lists_of_codes_with_any_separator(codes: list[object], separator: str, lang: str) -> None:
    text = separator.join(getattr(code, lang) for code in codes)
    expected = tuple(dict.fromkeys(getattr(code, "id") for code in codes))  # noqa: B009
    assert one("topics", text) == expected


def test_a_comma_inside_a_label_does_not_split_it() -> None:
    assert one("topics", "Muu, mikä, Työ") == ("other", "work")
    assert reason("topics", "Työ; Klingon") == "unknown_code"
    assert one("topics", "Työ#Asuminen", separators="#") == ("work", "housing")


@pytest.mark.parametrize("name", [name for name in TABLES["encounter"].model_fields if not name.endswith("_id")])
@given(text=st.text(min_size=1, max_size=80))
def test_any_text_is_a_value_or_a_problem_that_can_be_told(name: str, text: str) -> None:
    value = one(name, text)
    if isinstance(value, Problem):
        message(f"refusal.row.{value.reason}", "fi", **dict(value.params))
        assert text not in [
            str(said) for key, said in value.params.items() if key != "list"
        ]  # a list has a name of ours


def test_places_become_codes() -> None:
    assert place("Neuvontapiste Itäkeskus", {}) == "neuvontapiste-itakeskus"
    assert place("Neuvontapiste Itäkeskus", {"neuvontapiste itäkeskus": "itis"}) == "itis"
    assert place("x" * 61, {}) == Problem("too_long", {"most": 60})
    assert place("???", {}) == Problem("bad_form")


@given(st.text(min_size=1, max_size=60))
def test_a_place_code_fits_its_field_and_is_always_the_same(name: str) -> None:
    code = slug(name)
    assert code == slug(name)
    if code:
        assert parse("encounter", "service_point", [code]) == [code]


def test_long_names_that_begin_alike_get_codes_of_their_own() -> None:
    first, second = (
        slug("Maahanmuuttajien neuvontapiste Helsingin keskusta A"),
        slug("Maahanmuuttajien neuvontapiste Helsingin keskusta B"),
    )
    assert first != second
    assert max(len(first), len(second)) <= 40
