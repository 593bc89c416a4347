"""Units in cells and headers: every way to write them means the same in both, and the wrong ones are refused."""

from __future__ import annotations

import pytest

from data.ingest.recognise.headers import field_of
from data.ingest.recognise.numbers import amount
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.units import _WORDS, UNITS, factor, in_header
from data.ingest.recognise.values import Reading, parse
from data.texts import has_message

EVERY = [(field, unit, word) for field, of in UNITS.items() for unit in of for word in _WORDS[unit].split("|")]


@pytest.mark.parametrize(("field", "unit", "word"), EVERY)
def test_every_word_is_read_in_a_cell(field: str, unit: str, word: str) -> None:
    written = [f"12 {word}", f"12 {word}.", f"12\u00a0{word}", f"12 {word.upper()}"]
    # 12 and 1000 run together would be another number.
    written += [] if word[0].isdigit() else [f"12{word}"]
    assert [amount(cell, field, None) for cell in written] == [12 * factor(field, unit)] * len(written)


@pytest.mark.parametrize(("field", "unit", "word"), EVERY)
def test_every_word_is_read_in_a_header(field: str, unit: str, word: str) -> None:
    own = next(iter(UNITS[field]))
    for header in (f"Määrä ({word})", f"Määrä, {word}", f"Määrä {word.upper()}"):
        assert in_header(header, field) == (None if unit == own else unit), header


@pytest.mark.parametrize(
    ("table", "field", "cell", "expected"),
    [
        ("encounter", "minutes", "30 minuutti", 30), ("encounter", "minutes", "2 tim", 120),
        ("encounter", "minutes", "2 tim.", 120), ("encounter", "minutes", "1,5 tuntia", 90),
        ("encounter", "minutes", "45 mins", 45), ("encounter", "minutes", "1 hr", 60),
        ("encounter", "minutes", "1 h 15 min", 75), ("enrolment", "months_unemployed", "6 kuukautta", 6),
        ("enrolment", "months_unemployed", "1 vuosi", 12), ("enrolment", "months_unemployed", "0,5 år", 6),
        ("enrolment", "months_unemployed", "7 månader", 7), ("cost", "euros", "12 500 €", 12_500.0),
        ("cost", "euros", "€ 12,500.50", 12_500.5), ("cost", "euros", "12,5 t€", 12_500.0),
        ("cost", "euros", "340 tuhatta euroa", 340_000.0), ("cost", "euros", "340 x 1000", Problem("bad_number")),
        ("staff", "person_years", "2,5 htv", 2.5), ("staff", "training_days", "3 pv", 3.0),
        ("staff", "training_days", "3 h", Problem("bad_number")), ("encounter", "minutes", "3 kk", Problem("bad_number")),
        ("encounter", "satisfaction", "4 kk", Problem("bad_number")),
    ],
)  # fmt: skip
def test_cells_as_people_write_them(table: str, field: str, cell: str, expected: object) -> None:
    assert parse(table, field, [cell], Reading()) == [expected]


@pytest.mark.parametrize(
    ("table", "header", "expected"),
    [
        ("cost", "Kustannukset (1000 €)", ("euros", "thousand_euros")), ("cost", "Kustannukset t€", ("euros", "thousand_euros")),
        ("cost", "Kustannukset (€)", ("euros", None)), ("cost", "Kustannukset euroa", ("euros", None)),
        ("encounter", "Kesto (h tai min)", ("minutes", None)), ("encounter", "Kesto_h", ("minutes", "hours")),
        ("encounter", "Kesto tim", ("minutes", "hours")),
        ("staff", "Henkilötyövuodet (htv)", ("person_years", None)),
    ],
)  # fmt: skip
def test_headers_as_people_write_them(table: str, header: str, expected: tuple[str, str | None]) -> None:
    assert field_of(table, header) == expected


def test_the_unit_of_a_cell_goes_before_that_of_its_column() -> None:
    assert parse("encounter", "minutes", ["30 min", "0,5"], Reading(unit="hours")) == [30, 30]


def test_every_unit_has_a_name() -> None:
    assert all(has_message(f"loading.unit.{unit}") for of in UNITS.values() for unit in of)


def test_a_cell_of_blanks_costs_no_more_than_its_length() -> None:
    """Two runs of blanks that may change places would take hours to refuse this one."""
    blanks = 300_000 * " "
    assert parse("cost", "euros", [f"1{blanks}1{blanks}!"], Reading()) == [Problem("bad_number")]
    assert parse("cost", "euros", [f"12{blanks}t€"], Reading()) == [12_000.0]
