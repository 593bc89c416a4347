"""Checking a list of codes: words, marks, and several columns of either make one list, and what leaves a row without any."""

from __future__ import annotations

import pytest

from data.ingest.checking import ValueCount, check
from tests.data.ingest.sheets import DAY, reasons, sheet_of, values_of, visits


def test_two_columns_of_a_list_are_joined_and_each_code_stands_once() -> None:
    found = check(visits(4, {
        "topics": ["Työ", "Työ; Asuminen", None, None], "topics+2": ["Asuminen", "Työ", "Työ", "ei tietoa"],
    }))  # fmt: skip
    assert found.frame.select("row", "topics").rows() == [
        (2, ["work", "housing"]), (3, ["work", "housing"]), (4, ["work"]), (5, ["unknown"]),
    ]  # fmt: skip


def test_a_row_without_any_topic_in_two_columns_is_rejected_once() -> None:
    found = check(visits(3, {"topics": ["Työ", None, None], "topics+2": [None, None, "Asuminen"]}))
    assert reasons(found) == [(3, "H topics", "topics", "required_empty")]
    assert found.rejected["kind"].to_list() == ["empty"]
    assert found.frame["topics"].to_list() == [["work"], ["housing"]]


def test_two_columns_of_a_list_that_may_be_empty() -> None:
    found = check(visits(3, {"partners": ["Kela", None, None], "partners+2": [None, None, "Migri"]}))
    assert (reasons(found), found.frame["partners"].to_list()) == ([], [["kela"], [], ["migri"]])


def test_words_and_marks_of_a_list_are_joined() -> None:
    columns = {"partners": ["Kela", None, None], "partners:migri": ["x", "x", None], "partners:kela": ["x", None, "ei"]}
    found = check(visits(3, columns))
    assert found.frame["partners"].to_list() == [["kela", "migri"], ["migri"], []]
    assert values_of(found, "partners") == {
        ValueCount("partners", None, "kela", 1),
        ValueCount("partners", "H partners:migri", "migri", 2),
        ValueCount("partners", "H partners:kela", "kela", 1),
    }


def test_a_row_with_neither_word_nor_mark_is_rejected_and_one_with_a_mark_is_not() -> None:
    sheet = sheet_of("encounter", {
        "encounter_id": ["K1", "K2", "K3", "K4"], "occurred_on": [DAY] * 4,
        "topics": ["Työ", None, None, None], "topics:housing": ["x", "x", None, "ei"],
    })  # fmt: skip
    found = check(sheet)
    assert found.frame.select("row", "topics").rows() == [(2, ["work", "housing"]), (3, ["housing"])]
    assert reasons(found) == [(row, "H topics", "topics", "required_empty") for row in (4, 5)]


def test_a_box_and_a_line_for_the_same_answer() -> None:
    columns: dict[str, list[str | None]] = {
        "topics:work": ["x", None, None, "x"],
        "topics:work+2": [None, "x", None, "x"],
        "topics:other": ["x"] * 4,
    }
    sheet = visits(4, columns)
    assert [match.mark for match in sheet.columns[2:]] == ["work", "work", "other"]
    found = check(sheet)
    assert found.frame["topics"].to_list() == [["work", "other"], ["work", "other"], ["other"], ["work", "other"]]
    assert [value.rows for value in found.values if value.code == "work"] == [2, 2]


@pytest.mark.parametrize(
    ("cell", "marked"),
    [("x", True), ("Kyllä", True), ("1", True), ("Työ", True), ("✓", True), ("ei", False), (" EI ", False), ("0", False),
     ("☐", False), (None, False)],
)  # fmt: skip
def test_what_is_a_mark(cell: str | None, *, marked: bool) -> None:
    found = check(visits(1, {"topics:work": [cell], "topics:housing": ["x"]}))
    assert (reasons(found), found.frame["topics"].to_list()) == ([], [["work", "housing"] if marked else ["housing"]])


@pytest.mark.parametrize("cell", ["ehkä", "Asuminen", "2"])
def test_what_is_no_mark_is_rejected_with_its_column(cell: str) -> None:
    found = check(visits(2, {"topics:work": [cell, "x"], "topics:housing": ["x", None]}))
    assert reasons(found) == [(2, "H topics:work", "topics", "not_yes_or_no")]
    assert found.frame.select("row", "topics").rows() == [(3, ["work"])]


@pytest.mark.parametrize("cell", [None, " ", ";", "; ;", ", ;", "•"])
@pytest.mark.parametrize("others", [[], [None, "Asuminen"]])
def test_a_cell_of_nothing_but_separators_names_no_topic(cell: str | None, others: list[str | None]) -> None:
    """Alone it leaves its row without a topic; where the topic need not be told, it tells none."""
    more = {"topics+2": others, "partners+2": [None, "Migri"]} if others else {}
    found = check(visits(2, {"topics": [cell, "Työ"], "partners": [cell, "Kela"], **more}))
    assert reasons(found) == [(2, "H topics", "topics", "required_empty")]
    assert found.odd == ()
    assert {value.code: value.rows for value in found.values} == dict.fromkeys(
        ["work", "kela", "housing", "migri"] if others else ["work", "kela"], 1
    )
    optional = check(visits(1, {"partners": [cell]}))
    assert (reasons(optional), optional.frame["partners"].to_list()) == ([], [[]])


def test_a_cell_of_separators_beside_a_topic_costs_nothing() -> None:
    found = check(visits(2, {"topics": [";", None], "topics+2": ["Asuminen", None], "topics:work": [None, "x"]}))
    assert (reasons(found), found.frame["topics"].to_list()) == ([], [["housing"], ["work"]])


def test_codes_stand_in_the_order_of_their_columns_and_of_their_words() -> None:
    found = check(visits(2, {"topics": ["Asuminen", "Kela; Asuminen; Työ"], "topics+2": ["Työ", "Opiskelu; Kela"]}))
    assert found.frame["topics"].to_list() == [
        ["housing", "work"], ["social_security", "housing", "work", "education"],
    ]  # fmt: skip


@pytest.mark.parametrize("beside", ["topics", "topics:work"])
def test_a_wrong_mark_is_told_once_and_a_row_without_one_as_empty(beside: str) -> None:
    found = check(visits(3, {beside: [None] * 3, "topics:housing": ["ehkä", None, "ei"]}))
    assert reasons(found) == [
        (2, "H topics:housing", "topics", "not_yes_or_no"),
        (3, f"H {beside}", "topics", "required_empty"),
        (4, f"H {beside}", "topics", "required_empty"),
    ]
