"""Lengths of visits from their beginning and end, where no column tells them; what cannot be a length is unknown, and told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load, workbook

LENGTHS = "SELECT minutes FROM encounter ORDER BY occurred_on"


def grid(head: list[str], *body: list[object], sv: bool = False) -> Grid:
    words = ("arabiska", "Boende") if sv else ("arabia", "Asuminen")
    return [[*head, *(("Språk", "Ärende") if sv else ("Kieli", "Aihe"))], *([*row, *words] for row in body)]


def at(day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(2025, 4, day, hour, minute)


SHAPES: dict[str, tuple[Grid, list[int | None]]] = {
    "without a colon": (
        grid(
            ["Pvm", "Alkoi", "Päättyi"],
            ["3.4.2025", "900", "930"],
            ["4.4.2025", "1415", "15"],
            ["5.4.2025", "9", "0945"],
        ),
        [30, 45, 45],
    ),
    "without a colon, one backwards": (
        grid(["Pvm", "Alkoi", "Päättyi"], ["3.4.2025", "0900", "0930"], ["4.4.2025", "1000", "930"]),
        [30, None],
    ),
    "no times, with three digits": (
        grid(["Pvm", "Alkoi", "Päättyi"], ["3.4.2025", "975", "981"], ["4.4.2025", "990", "999"]),
        [None, None],
    ),
    "two columns": (
        grid(["Pvm", "Alkoi", "Päättyi"], ["3.4.2025", "9.00", "9.45"], ["4.4.2025", "klo 10", "11:30"]),
        [45, 90],
    ),
    "of the visit": (
        grid(
            ["Pvm", "Käynti alkoi klo", "Käynti päättyi klo"],
            ["3.4.2025", "9:00", "9:15"],
            ["4.4.2025", "8:30", "9:30"],
        ),
        [15, 60],
    ),
    "with days": (
        grid(["Pvm", "Tapaamisen alku", "Tapaamisen loppu"], ["3.4.2025", "3.4.2025 9.00", "3.4.2025 9.45"]),
        [45],
    ),
    "in one cell": (grid(["Pvm", "Klo"], ["3.4.2025", "klo 9.00–9.45"], ["4.4.2025", "10-11.30"]), [45, 90]),
    "in one cell with the day": (grid(["Aika"], ["3.4.2025 klo 9.00–9.45"], ["4.4.2025 10.00-11.30"]), [45, 90]),
    "over midnight": (
        grid(
            ["Pvm", "Alkoi", "Päättyi"],
            ["3.4.2025", "3.4.2025 23:30", "4.4.2025 0:15"],
            ["4.4.2025", "4.4.2025 9:00", "5.4.2025 9:30"],
        ),
        [45, None],
    ),
    "that end before they begin": (
        grid(
            ["Pvm", "Alkoi", "Päättyi"],
            ["3.4.2025", "10.00", "9.45"],
            ["4.4.2025", "9.00", "9.00"],
            ["5.4.2025", "9.00", None],
        ),
        [None, None, None],
    ),
    "of half a day and more": (
        grid(["Pvm", "Alkoi", "Päättyi"], ["3.4.2025", "7.00", "19.00"], ["4.4.2025", "7.00", "19.05"]),
        [720, None],
    ),
    "in Swedish": (
        grid(["Datum", "Börjar", "Slutar"], ["3.4.2025", "9.00", "9.45"], ["4.4.2025", "kl. 10", "kl. 11"], sv=True),
        [45, 60],
    ),
    "in Swedish, of the visit": (
        grid(["Datum", "Besöket började", "Besöket slutade"], ["3.4.2025", "9.00", "9.45"], sv=True),
        [45],
    ),
    "in one cell in Swedish": (
        grid(["Datum", "Kl."], ["3.4.2025", "9.00-9.45"], ["4.4.2025", "9.00-10.00"], sv=True),
        [45, 60],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_length_is_the_time_between_beginning_and_end(name: str, tmp_path: Path) -> None:
    cells, right = SHAPES[name]
    for place, path in enumerate((csv(tmp_path, cells), workbook(tmp_path, {"T": cells}))):
        store = Store(tmp_path / f"s{place}")
        prepared = load(store, path)
        assert (asked(prepared), rows(store, LENGTHS)) == ([], [(one,) for one in right])
        unknown = sum(one.rows for one in prepared.files[0].parts[0].odd if one.field == "minutes")
        written = sum(row[-3] is not None for row in cells[1:])
        assert unknown == written - sum(one is not None for one in right), "a length that cannot be is told"


def test_times_and_days_of_a_spreadsheet(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    cells = grid(
        ["Pvm", "Alkoi", "Päättyi"], [at(3), dt.time(9), dt.time(9, 45)], [at(4), dt.time(10), dt.time(10, 30)]
    )
    load(store, workbook(tmp_path, {"T": cells}))
    assert rows(store, "SELECT hour, minutes FROM encounter ORDER BY 1") == [(9, 45), (10, 30)]


def test_parts_of_a_day_and_clocks_of_twelve_hours(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    cells = grid(["Pvm", "Alku", "Loppu"], [at(3), 0.375, 0.395833333], [at(4), 0.25, 0.5])
    load(store, workbook(tmp_path, {"T": cells}))
    assert rows(store, LENGTHS) == [(30,), (360,)]
    other = Store(tmp_path / "s2")
    cells = grid(["Pvm", "Alku", "Loppu"], ["2025-04-03", "11:45 AM", "1:15 PM"], ["2025-04-04", "9 am", "9:30 am"])
    load(other, csv(tmp_path, cells))
    assert rows(other, LENGTHS) == [(90,), (30,)]


@pytest.mark.parametrize(("day", "hour"), [(3, 9), (5, None)])
def test_the_hour_of_a_form_filled_in_on_another_day_is_not_that_of_the_visit(
    day: int, hour: int | None, tmp_path: Path
) -> None:
    store = Store(tmp_path / "s")
    load(
        store,
        workbook(tmp_path, {"T": grid(["Pvm", "Aloitusaika"], [at(3), at(day, 9)], [at(3), at(day, 9)])}),
        yes=True,
    )
    assert rows(store, "SELECT DISTINCT hour FROM encounter") == [(hour,)]


def test_moments_tell_the_day_the_hour_and_the_length(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    cells = grid(["Alkaa", "Päättyy"], [at(3, 9), at(3, 9, 45)], [at(4, 10), at(4, 11)])
    load(store, workbook(tmp_path, {"T": cells}))
    assert rows(store, "SELECT occurred_on::VARCHAR, hour, minutes FROM encounter ORDER BY 1") == [
        ("2025-04-03", 9, 45), ("2025-04-04", 10, 60),
    ]  # fmt: skip


NONE = {
    "the form's own": (
        ["Pvm", "Aloitusaika", "Valmistumisaika"],
        ["3.4.2025", "2025-04-03 09:00:00", "2025-04-03 09:05:00"],
    ),
    "the form's own in Swedish": (
        ["Datum", "Starttid", "Slutförandetid"],
        ["3.4.2025", "2025-04-03 09:00:00", "2025-04-03 09:05:00"],
    ),
    "of a client relationship": (["Pvm", "Asiakkuus alkoi", "Asiakkuus päättyi"], ["3.4.2025", "3.4.2025", "4.4.2025"]),
    "of two things": (["Pvm", "Alkoi", "Päättyi", "Puhelu päättyi"], ["3.4.2025", "9.00", "9.45", "9.50"]),
}


@pytest.mark.parametrize("name", NONE)
def test_no_length_comes_from_other_times(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    head, row = NONE[name]
    load(store, csv(tmp_path, grid(head, [*row])), yes=True)
    assert rows(store, LENGTHS) == [(None,)]


def test_a_column_of_lengths_goes_before_the_times(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, grid(["Pvm", "Alkoi", "Päättyi", "Kesto (min)"], ["3.4.2025", "9.00", "9.45", 40])))
    assert rows(store, LENGTHS) == [(40,)]
