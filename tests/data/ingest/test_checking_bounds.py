"""Checking a sheet: what is said of values that are left out, and the bounds of each rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from data.ingest.anonymous import ANONYMOUS
from data.ingest.checking import ValueCount, check, distinct_values
from data.ingest.odd_values import OddValue
from data.ingest.recognise.asking import UNKNOWN, Asking
from data.ingest.recognise.far_days import KEEP
from data.model.records import TABLES
from tests.data.ingest.sheets import DAY, NEEDED, outcomes, reasons, row_of, values_of, visits

# Days


def test_of_two_dates_one_may_always_be_unknown() -> None:
    """So a pair that goes backwards never costs its row."""
    for model in TABLES.values():
        for earlier, later in model.ordered:
            assert not (model.model_fields[earlier].is_required() and model.model_fields[later].is_required())


@pytest.mark.parametrize(
    ("ended", "kept"),
    [("9.3.2035", date(2035, 3, 9)), ("10.3.2035", date(2035, 3, 10)), ("11.3.2035", None), (None, None)],
)
def test_a_period_of_more_than_ten_years_has_no_known_end(ended: str | None, kept: date | None) -> None:
    found = check(row_of("outcome", ended_on=ended))
    assert (reasons(found), found.frame["ended_on"].to_list()) == ([], [kept])
    is_late = ended is not None and kept is None
    assert found.odd == ((OddValue("ended_on", "H ended_on", None, "far_end", 1, UNKNOWN),) if is_late else ())


def test_ends_too_far_are_counted_and_the_others_stay() -> None:
    ends = ["1.4.2036", None, "1.4.2025", "1.4.2040"]
    found = check(outcomes(["AS-1", "AS-2", "AS-3", "AS-4"], ended_on=ends))
    assert found.frame["ended_on"].to_list() == [None, None, date(2025, 4, 1), None]
    assert [(odd.reason, odd.rows) for odd in found.odd] == [("far_end", 2)]


MARCH = [f"{number % 28 + 1}.3.2025" for number in range(50)]


@pytest.mark.parametrize("keep", [False, True])
def test_a_day_far_from_all_others_costs_its_row_until_it_is_said_to_be_right(*, keep: bool) -> None:
    """A row without a day is not far, and a rejected day is not compared with others."""
    days = [*MARCH, "1.1.2011", None]
    columns: dict[str, list[str | None]] = {"occurred_on": days, "requested_on": ["1.1.2025"] * len(days)}
    asking = Asking(given={"far_dates|encounter|h occurred on|": KEEP} if keep else {})
    found = check(visits(len(days), columns), asking=asking)
    assert [(decision.question.kind, decision.question.rows) for decision in asking.decisions] == [("far_dates", 1)]
    missing = (53, "H occurred_on", "occurred_on", "required_empty")
    if keep:
        assert reasons(found) == [missing]
        assert [(odd.field, odd.reason, odd.rows) for odd in found.odd] == [("requested_on", "dates_reversed", 1)]
    else:
        assert reasons(found) == [(52, "H occurred_on", "occurred_on", "far_date"), missing]
        assert found.rejected["kind"].to_list() == ["date", "empty"]
        assert found.odd == ()
    assert found.frame.height == 50 + keep


def test_backward_dates_of_some_rows_leave_the_other_rows_as_they_are() -> None:
    requested = ["1.3.2025", "11.3.2025", DAY, None]
    found = check(visits(4, {"requested_on": requested}))
    assert found.frame["requested_on"].to_list() == [date(2025, 3, 1), None, date(2025, 3, 10), None]
    assert [odd.rows for odd in found.odd] == [1]


def test_of_two_dates_that_may_be_unknown_the_later_one_is() -> None:
    found = check(row_of("service_point", opened_on=DAY, closed_on="9.3.2025"))
    assert found.frame.select("opened_on", "closed_on").rows() == [(date(2025, 3, 10), None)]


# Ages


def test_days_of_birth_become_bands_and_are_counted_by_band_alone() -> None:
    ages = ["12.3.1990", "34", "1.1.2001", "10.3.1960", None, "34"]
    found = check(visits(6, {"age_band": ages}))
    assert found.frame["age_band"].to_list() == ["25_34", "25_34", "18_24", "65_over", "unknown", "25_34"]
    assert [value for value in found.values if value.field == "age_band"] == [
        ValueCount("age_band", "34", "25_34", 2),
        ValueCount("age_band", None, "18_24", 1),
        ValueCount("age_band", None, "25_34", 1),
        ValueCount("age_band", None, "65_over", 1),
    ]
    assert "1990" not in repr(found.values)


def test_ages_without_a_day_of_birth_are_counted_by_text() -> None:
    found = check(visits(3, {"age_band": ["34", "70", "34"]}))
    assert values_of(found, "age_band") == {
        ValueCount("age_band", "34", "25_34", 2),
        ValueCount("age_band", "70", "65_over", 1),
    }


# Identifiers


@pytest.mark.parametrize(
    ("table", "field", "needed"),
    [
        ("encounter", "encounter_id", True),
        ("referral", "referral_id", True),
        ("enrolment", "enrolment_id", False),
        ("referral", "encounter_id", False),
        ("encounter", "client_id", False),
        ("enrolment", "client_id", True),
    ],
)
def test_which_identifiers_every_row_needs(table: str, field: str, *, needed: bool) -> None:
    """A number of rows that nothing else tells apart: every row has one, where there is a column of them."""
    found = check(row_of(table, **{field: None}))
    assert reasons(found) == ([(2, f"H {field}", field, "required_empty")] if needed else [])
    assert found.rejected["kind"].to_list() == ["empty"] * needed


def test_clients_that_are_none_are_anonymous_visitors_and_said_so() -> None:
    clients = ["AS-1", "?", "ei tiedossa", "AS-2", "kirje", None, "AS-3"]
    found = check(visits(7, {"client_id": clients}))
    assert found.frame["client_id"].to_list() == ["AS-1", None, None, "AS-2", None, None, "AS-3"]
    assert found.odd == (OddValue("client_id", "H client_id", None, "placeholder", 3, ANONYMOUS),)


@pytest.mark.parametrize(("reason", "answer"), [("names", "codes"), ("same_client", "same")])
def test_names_and_clients_of_every_row_are_asked_about(reason: str, answer: str) -> None:
    named = reason == "names"
    clients = ["Maija M.", "Ali H.", "Olga P."] if named else ["AS-9"] * 8 + ["AS-1", "AS-2"]
    sheet = visits(len(clients), {"client_id": clients})
    found = check(sheet)
    told = OddValue("client_id", "H client_id", None, "name" if named else "same_client", 3 if named else 8, ANONYMOUS)
    assert found.odd == (told,)
    assert found.frame["client_id"].drop_nulls().to_list() == ([] if named else ["AS-1", "AS-2"])
    asking = Asking(given={f"{reason}|encounter|h client id|": answer})
    kept = check(sheet, asking=asking)
    assert (kept.odd, kept.frame["client_id"].null_count()) == ((), 0)
    assert [decision.how for decision in asking.decisions] == ["answered"]


def test_where_a_client_is_needed_a_placeholder_costs_the_row_and_a_busy_client_is_not_asked_about() -> None:
    asking = Asking()
    found = check(outcomes(["AS-9"] * 8 + ["?", "AS-1"]), asking=asking)
    assert reasons(found) == [(10, "H client_id", "client_id", "required_empty")]
    assert (found.odd, asking.decisions, found.frame.height) == ((), (), 9)


def test_numbers_of_rows_may_look_like_placeholders() -> None:
    """Only clients can be nobody."""
    found = check(visits(2, {"encounter_id": ["0", "1"]}))
    assert (reasons(found), found.frame["encounter_id"].to_list()) == ([], ["0", "1"])


# Defaults


@pytest.mark.parametrize(
    ("column", "cells", "assumed"),
    [
        ("service", ["Ohjaus", None, None], {"service": [3, 4]}),
        ("service", ["Ohjaus", "Ohjaus", "Ohjaus"], {}),
        ("language", ["Arabia", None, None], {}),  # its default says that it is not known
        ("partners", ["Kela", None, None], {}),  # nobody else was there
        ("minutes", ["30", None, None], {}),
    ],
)
def test_rows_with_the_usual_code_for_an_empty_cell_are_told(
    column: str, cells: list[str | None], assumed: dict[str, list[int]]
) -> None:
    found = check(visits(3, {column: cells}))
    assert {field: rows.to_list() for field, rows in found.assumed.items()} == assumed
    assert reasons(found) == []


def test_a_list_that_may_be_empty_is_empty_where_its_cell_is() -> None:
    assert check(visits(2, {"partners": ["Kela", None]})).frame["partners"].to_list() == [["kela"], []]


# Values


@pytest.mark.parametrize(
    ("table", "field"),
    [
        (table, name)
        for table, whole in NEEDED.items()
        for name in whole
        if TABLES[table].model_fields[name].is_required()
    ],
)
def test_a_row_without_a_value_that_is_needed_is_rejected_once(table: str, field: str) -> None:
    found = check(row_of(table, **{field: None}))
    assert (reasons(found), found.frame.height) == ([(2, f"H {field}", field, "required_empty")], 0)


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [("minutes", "-5", "negative"), ("minutes", "paljon", "bad_number"), ("satisfaction", "3,5", "not_whole"),
     ("understood", "ehkä", "not_yes_or_no"), ("requested_on", "eilen", "bad_date")],
)  # fmt: skip
def test_an_odd_value_of_an_optional_field_is_unknown_and_told(field: str, cell: str, reason: str) -> None:
    good = {"minutes": "30", "satisfaction": "4", "understood": "kyllä", "requested_on": "1.3.2025"}[field]
    found = check(visits(3, {field: [good, cell, None]}))
    assert reasons(found) == []
    assert found.frame[field].is_null().to_list() == [False, True, True]
    assert [(odd.field, odd.header, odd.text, odd.rows, odd.taken_as) for odd in found.odd] == [
        (field, f"H {field}", None, 1, UNKNOWN)
    ]
    assert found.odd[0].reason == reason


def test_a_word_that_was_asked_about_is_not_told_as_one_that_was_read() -> None:
    asking = Asking(given={"value|encounter|h channel|taikuus": "phone"})
    found = check(visits(3, {"channel": ["Taikuus", "Puhelin", None]}), asking=asking)
    assert found.frame["channel"].to_list() == ["phone", "phone", "unknown"]
    assert values_of(found, "channel") == {ValueCount("channel", "Puhelin", "phone", 1)}
    assert [(odd.text, odd.taken_as) for odd in found.odd] == [("Taikuus", "phone")]


def test_free_text_behind_other_is_never_told() -> None:
    found = check(visits(3, {
        "resolution": ["Muu, mikä: Maija soitti", "Ratkaistu", None], "found_via": ["Muu, mikä: Maija kertoi", "Muu", None],
    }))  # fmt: skip
    assert "Maija" not in repr((found.values, found.odd))
    assert {value.text for value in values_of(found, "found_via")} == {"Muu, mikä …", "Muu"}


def test_letters_of_sexes_tell_each_other() -> None:
    found = check(visits(3, {"sex": ["K", "M", None], "channel": ["K", "M", None]}))
    assert found.frame["sex"].to_list() == ["female", "male", "unknown"]
    assert {odd.field for odd in found.odd} == {"channel"}


def test_how_a_column_is_written_is_found_out_and_kept_with_it() -> None:
    found = check(visits(2, {"minutes": ["0,5 h", "1 h"], "requested_on": ["2025-03-01", None]}))
    assert found.frame["minutes"].to_list() == [30, 60]
    remarks = {match.field: match.reading.remarks for match in found.recognised.columns}
    assert (remarks["minutes"], remarks["encounter_id"]) == (("decimal_comma",), ())


def test_crosses_and_ticks_in_any_writing_make_an_empty_cell_a_no() -> None:
    found = check(visits(4, {"understood": ["x", " X ", "✓", None]}))
    assert found.frame["understood"].to_list() == [True, True, True, False]


# What is said of the sheet


def test_rows_left_out_by_rule_are_read_rows() -> None:
    recognised = visits(4, {}).leaving_out("cancelled", pl.Series([True, True, False, False]))
    found = check(recognised.leaving_out("nobody", pl.Series([True, False])))
    assert (found.rows_read, found.frame.height) == (4, 1)


def test_several_reasons_of_a_row_stand_in_the_order_of_its_columns() -> None:
    rows = 300
    found = check(outcomes([None] * rows, kind=["x"] * rows, started_on=["y"] * rows))
    fields = [(row, field) for row, _, field, _ in reasons(found)]
    assert fields == [(row, field) for row in range(2, rows + 2) for field in ("client_id", "kind", "started_on")]


def test_good_rows_stay_in_their_order() -> None:
    rows = 300
    kinds = ["x" if number % 3 == 0 else "employment_open" for number in range(rows)]
    found = check(outcomes([f"AS-{number}" for number in range(rows)], kind=kinds))
    assert found.frame["row"].to_list() == [number + 2 for number in range(rows) if number % 3]
    assert found.frame["client_id"].to_list() == [f"AS-{number}" for number in range(rows) if number % 3]


@pytest.mark.parametrize("cells", [[], [None, None]])
def test_a_column_without_a_text_has_no_distinct_one(cells: list[Any]) -> None:
    codes, texts = distinct_values(pl.Series(cells, dtype=pl.String))
    assert (codes.to_list(), texts.to_list()) == (cells, [])


def test_texts_keep_the_order_in_which_they_first_come() -> None:
    assert distinct_values(pl.Series(["b", None, "a", "b", "c"]))[1].to_list() == ["b", "a", "c"]
