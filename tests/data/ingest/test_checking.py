"""Checking a sheet: dates that go backwards, defaults, required fields, marks, duplicates, and what is counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from data.codes import code_list
from data.ingest.checking import ValueCount, check, distinct_values, only_crosses
from data.ingest.odd_values import OddValue
from data.ingest.readers.sheet import BrokenRow
from data.ingest.recognise.asking import UNKNOWN
from data.model.records import TABLES, Record
from data.model.schema import field_column
from tests.data.ingest.sheets import NEEDED, reasons, row_of, sheet_of

DAY = date(2025, 3, 10)
PAIRS = [(table, *pair) for table, model in TABLES.items() for pair in model.ordered]


def model_of(table: str, **days: date | None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "encounter_id": "K1",
        "topics": ("work",),
        "referral_id": "O1",
        "to_service": "kela",
        "client_id": "AS-1",
    }
    fields |= {"centre": "049", "kind": {"training": "language"}.get(table, "employment_open"), "code": "omena"}
    fields |= {"name_fi": "Iso Omena", "occurred_on": DAY, "referred_on": DAY, "started_on": DAY, "opened_on": DAY}
    if table == "service_point":
        del fields["kind"]
    known = TABLES[table].model_fields
    return {name: value for name, value in (fields | days).items() if name in known}


def test_which_dates_may_not_go_backwards() -> None:
    assert PAIRS == [
        ("encounter", "requested_on", "occurred_on"),
        ("referral", "referred_on", "started_on"),
        ("referral", "referred_on", "status_on"),
        ("enrolment", "started_on", "ended_on"),
        ("enrolment", "started_on", "followed_until"),
        ("training", "started_on", "ended_on"),
        ("outcome", "started_on", "ended_on"),
        ("service_point", "opened_on", "closed_on"),
    ]


@pytest.mark.parametrize(("table", "earlier", "later"), PAIRS)
@pytest.mark.parametrize("apart", [-1, 0, 1])
def test_reversed_dates_are_rejected_and_the_same_day_is_not(table: str, earlier: str, later: str, apart: int) -> None:
    days = {earlier: DAY, later: DAY + timedelta(apart)}
    found = check(row_of(table, **{name: day.strftime("%d.%m.%Y") for name, day in days.items()}))
    if apart < 0:
        # The date that may be unknown is; the row stays.
        optional = earlier if TABLES[table].model_fields[later].is_required() else later
        params = {"earlier": earlier, "later": later}
        assert reasons(found) == []
        assert found.odd == (OddValue(optional, f"H {optional}", None, "dates_reversed", 1, UNKNOWN, params),)
        assert found.frame[optional].to_list() == [None]
        assert found.frame[earlier if optional == later else later].to_list() != [None]
        with pytest.raises(ValidationError, match=f"{later} is before {earlier}"):
            TABLES[table].model_validate(model_of(table, **days))
    else:
        assert (reasons(found), found.frame.height) == ([], 1)
        assert found.frame.select(earlier, later).rows() == [(DAY, DAY + timedelta(apart))]
        assert isinstance(TABLES[table].model_validate(model_of(table, **days)), Record)


@pytest.mark.parametrize(("table", "earlier", "later"), PAIRS)
def test_a_day_that_is_not_known_is_not_before_another(table: str, earlier: str, later: str) -> None:
    missing = later if TABLES[table].model_fields[earlier].is_required() else earlier
    found = check(row_of(table, **{earlier: "10.3.2025", later: "10.3.2025"} | {missing: None}))
    assert (reasons(found), found.frame.height) == ([], 1)


def test_each_bad_row_alone_is_left_out() -> None:
    found = check(sheet_of("outcome", {
        "client_id": ["A1", "B2", "C3", None], "kind": ["employment_open", "x", "degree_study", "employment_open"],
        "started_on": ["1.2.2025", "1.2.2025", "3.3.2025", "1.2.2025"], "ended_on": ["1.2.2025", None, "2.3.2025", None],
    }))  # fmt: skip
    assert found.frame.select("row", "client_id", "ended_on").rows() == [(2, "A1", date(2025, 2, 1)), (4, "C3", None)]
    assert [(row, field) for row, _, field, _ in reasons(found)] == [(3, "kind"), (5, "client_id")]
    assert reasons(found)[1][3] == "required_empty"
    assert found.rows_read == 4


@pytest.mark.parametrize("table", NEEDED)
def test_what_has_no_column_and_what_has_an_empty_cell_gets_its_default(table: str) -> None:
    model = TABLES[table]
    plain = check(row_of(table))
    optional = [
        name for name, info in model.model_fields.items() if not info.is_required() and name not in NEEDED[table]
    ]
    empty = check(
        sheet_of(table, {name: [value] for name, value in NEEDED[table].items()} | {n: [None] for n in optional})
    )
    for found in (plain, empty):
        assert reasons(found) == []
        for name in optional:
            column = field_column(model, name)
            if name in found.frame.columns and column.identity is None:
                default = list(column.default) if column.is_list else column.default
                (value,) = found.frame[name].to_list()
                assert value == default, name
    own = {model.own_number} - set(NEEDED[table])
    assert plain.frame.schema == {name: kind for name, kind in empty.frame.schema.items() if name not in own}


def test_the_defaults_of_the_records_are_unknown_and_never_a_guess() -> None:
    found = {
        (table, name): info.default
        for table, model in TABLES.items()
        for name, info in model.model_fields.items()
        if not info.is_required() and info.default not in (None, "unknown", ())
    }
    assert found == {
        ("encounter", "service"): "guidance", ("encounter", "municipality"): "000", ("encounter", "language"): "und",
        ("encounter", "served_in"): "und", ("referral", "from_service"): "guidance", ("referral", "topic"): "other",
        ("enrolment", "education_level"): "9", ("enrolment", "municipality"): "000", ("enrolment", "language"): "und",
        ("service_point", "municipality"): "000",
    }  # fmt: skip


@pytest.mark.parametrize(("letters", "fits"), [(199, True), (200, True), (201, False)])
def test_the_longest_identifier(letters: int, *, fits: bool) -> None:
    found = check(row_of("encounter", encounter_id="K" * letters))
    assert found.frame.height == fits
    if not fits:
        assert (2, "H encounter_id", "encounter_id", "too_long") in reasons(found)
        params, kind = found.rejected.filter(pl.col("reason") == "too_long").select("params", "kind").row(0)
        assert kind == "text"
        assert json.loads(params) == {"most": 200}


@pytest.mark.parametrize("cell", [None, "", "   "])
def test_an_identifier_of_blanks_is_none(cell: str | None) -> None:
    assert reasons(check(row_of("outcome", client_id=cell))) == [(2, "H client_id", "client_id", "required_empty")]
    found = check(row_of("encounter", client_id=cell))
    assert (reasons(found), found.frame["client_id"].to_list()) == ([], [None])


def test_a_wrong_value_is_told_once_and_a_missing_one_as_missing() -> None:
    wrong = check(row_of("outcome", kind="no such"))
    assert [(field, reason) for _, _, field, reason in reasons(wrong)] == [("kind", "unknown_code")]
    missing = check(row_of("outcome", kind=None))
    assert [(field, reason) for _, _, field, reason in reasons(missing)] == [("kind", "required_empty")]


def test_crosses_in_a_column_make_the_empty_ones_a_no() -> None:
    crossed = check(sheet_of("outcome", {
        "client_id": ["A1", "B2"], "kind": ["employment_open"] * 2, "started_on": ["1.2.2025"] * 2,
        "matches_competence": ["x", None],
    }))  # fmt: skip
    assert crossed.frame["matches_competence"].to_list() == [True, False]
    said = check(sheet_of("outcome", {
        "client_id": ["A1", "B2", "C3"], "kind": ["employment_open"] * 3, "started_on": ["1.2.2025"] * 3,
        "matches_competence": ["kyllä", "ei", None],
    }))  # fmt: skip
    assert said.frame["matches_competence"].to_list() == [True, False, None]


def test_only_crosses() -> None:
    column = field_column(TABLES["outcome"], "matches_competence")
    assert only_crosses(column, ["x", " X "])
    assert not only_crosses(column, ["x", "ei"])
    assert not only_crosses(column, [])
    assert not only_crosses(field_column(TABLES["outcome"], "kind"), ["x"])


def test_marks_of_several_columns_make_one_list() -> None:
    columns: dict[str, list[str | None]] = {
        "encounter_id": ["K1", "K2", "K3", "K4", "K5"], "occurred_on": ["1.2.2025"] * 5,
        "topics:work": ["x", None, None, "maybe", "ei"], "topics:housing": ["Asuminen", "0", None, "x", None],
    }  # fmt: skip
    found = check(sheet_of("encounter", columns))
    assert found.frame.select("row", "topics").rows() == [(2, ["work", "housing"])]
    first = "H topics:work"
    assert reasons(found) == [
        (3, first, "topics", "required_empty"), (4, first, "topics", "required_empty"),
        (5, first, "topics", "not_yes_or_no"), (6, first, "topics", "required_empty"),
    ]  # fmt: skip
    assert set(found.rejected.filter(pl.col("reason") == "required_empty")["kind"]) == {"empty"}
    assert ValueCount("topics", "H topics:work", "work", 1) in found.values
    assert ValueCount("topics", "H topics:housing", "housing", 2) in found.values


def test_marks_of_a_field_that_may_be_empty_leave_an_empty_list() -> None:
    columns: dict[str, list[str | None]] = {name: [value] for name, value in NEEDED["encounter"].items()}
    columns |= {"partners:kela": [None], "partners:migri": ["ei"]}
    found = check(sheet_of("encounter", columns))
    assert (reasons(found), found.frame["partners"].to_list()) == ([], [[]])


def test_values_are_counted_by_text_and_in_lists_by_code() -> None:
    found = check(sheet_of("encounter", {
        "encounter_id": ["K1", "K2", "K3", "K4"], "occurred_on": ["1.2.2025"] * 4,
        "topics": ["Työ; Asuminen", "Työ", "Työ; Asuminen", "Työ"], "channel": ["Puhelin", "puhelin", "Puhelin", None],
        "minutes": ["10", "20", "10", "10"],
    }))  # fmt: skip
    assert set(found.values) == {
        ValueCount("channel", "Puhelin", "phone", 2), ValueCount("channel", "puhelin", "phone", 1),
        ValueCount("topics", None, "work", 4), ValueCount("topics", None, "housing", 2),
    }  # fmt: skip


def test_names_of_known_places_become_their_codes_and_are_counted() -> None:
    known = check(row_of("encounter", service_point="Iso Omena"), {"iso omena": "omena"})
    assert known.frame["service_point"].to_list() == ["omena"]
    assert known.values[0] == ValueCount("service_point", "Iso Omena", "omena", 1)
    other = check(row_of("encounter", service_point="Iso Omena"))
    assert other.frame["service_point"].to_list() != ["omena"]


def test_broken_rows_and_dropped_ones_are_read_rows() -> None:
    recognised = sheet_of(
        "encounter", {n: [v] for n, v in NEEDED["encounter"].items()}, broken=(BrokenRow(3, "too_many_cells", ("a",)),)
    )
    found = check(replace(recognised, dropped=2))
    assert found.rows_read == 1 + 1 + 2
    assert [row for row, *_ in reasons(found)] == [3]
    assert found.frame.height == 1


def test_rejects_stand_in_the_order_of_rows() -> None:
    recognised = sheet_of(
        "encounter",
        {"encounter_id": ["K1", None], "occurred_on": ["x", "1.2.2025"], "topics": ["Työ", None]},
        broken=(BrokenRow(2, "too_many_cells", ("a",)),),
    )
    assert [row for row, *_ in reasons(check(recognised))] == [2, 2, 3, 3]


def test_distinct_values_point_back_at_their_texts() -> None:
    codes, texts = distinct_values(pl.Series(["b", None, "a", "b"]))
    assert [None if code is None else texts[code] for code in codes.to_list()] == ["b", None, "a", "b"]
    assert sorted(texts.to_list()) == ["a", "b"]


def test_what_is_checked_is_never_printed() -> None:
    """Identifiers stand in the rows until they are hashed."""
    assert "AS-1" not in repr(check(row_of("outcome", kind="no such")))
    assert "AS-1" not in repr(check(row_of("outcome")))
    assert "shape:" not in repr(check(row_of("outcome", kind="no such")))


def test_columns_have_the_types_of_the_store() -> None:
    encounter = check(row_of("encounter", minutes="30")).frame.schema
    lists = pl.List(pl.Enum(code_list("topic").ids))
    assert (encounter["topics"], encounter["occurred_on"], encounter["minutes"]) == (lists, pl.Date(), pl.UInt16())
    assert (encounter["understood"], encounter["hour"], encounter["encounter_id"]) == (
        pl.Boolean(),
        pl.UInt8(),
        pl.String(),
    )
    assert encounter["channel"] == pl.Enum(code_list("channel").ids)
    assert encounter["partners"] == pl.List(pl.Enum(code_list("service").ids))
    staff = check(sheet_of("staff", {"service_point": ["omena"], "month": ["2025-01"], "person_years": ["1,5"]})).frame
    assert (staff.schema["person_years"], staff["person_years"][0]) == (pl.Float64(), 1.5)
    assert staff.schema["training_days"] == pl.Float64()
    people = {"municipality": ["Espoo"], "language": ["Arabia"], "year": ["2024"], "residents": ["70 000"]}
    population = check(sheet_of("population", people)).frame
    assert (population.schema["residents"], population["residents"][0]) == (pl.UInt32(), 70_000)
