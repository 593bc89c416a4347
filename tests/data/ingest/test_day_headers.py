"""Days of visits under headers that name no day: taken where the header is a visit or its beginning, else asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import asked, beside, csv, load, visits

BASE = visits(12, "id", "topic", "client")
DAYS = [f"{n + 1}.3.2025" for n in range(12)]
LATER = [f"{n + 1}.4.2025" for n in range(12)]
HOURS = [f"{day} 9:00" for day in DAYS]
ENDS = [f"{day} 9:30" for day in DAYS]
FIRST = "SELECT min(occurred_on)::VARCHAR, max(occurred_on)::VARCHAR, min(hour) FROM encounter"


@pytest.mark.parametrize(
    ("headers", "columns", "right"),
    [
        ("Käynti", (DAYS,), ("2025-03-01", "2025-03-12", None)),
        ("Besök", (DAYS,), ("2025-03-01", "2025-03-12", None)),
        ("Alkaa;Päättyy", (HOURS, ENDS), ("2025-03-01", "2025-03-12", 9)),
        ("Päättyy;Alkaa", (ENDS, HOURS), ("2025-03-01", "2025-03-12", 9)),
        ("Start;End", (HOURS, ENDS), ("2025-03-01", "2025-03-12", 9)),
        ("Edellinen käynti;Käynti;Seuraava aika", (LATER, DAYS, LATER), ("2025-03-01", "2025-03-12", None)),
        ("Pvm;Alkaa;Päättyy", (DAYS, ["9:00"] * 12, ["9:30"] * 12), ("2025-03-01", "2025-03-12", 9)),
        ("Pvm;Alkaa", (DAYS, HOURS), ("2025-03-01", "2025-03-12", 9)),
    ],
)
def test_a_visit_or_its_beginning_over_days_is_the_day(
    headers: str, columns: tuple[list[object], ...], right: tuple[object, ...], tmp_path: Path
) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, [["Tunnus", "Aihe", "Asiakas", *headers.split(";")], *beside(BASE, *columns)])
    prepared = load(store, path)
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert rows(store, FIRST) == [right]


def test_one_column_of_days_under_an_unknown_header_is_asked_about(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, [["Tunnus", "Aihe", "Asiakas", "Vuoro"], *beside(BASE, DAYS)])
    assert asked(load(store, path)) == [("column", "Vuoro")]
    assert store.current() is None
    load(store, path, column="occurred_on")
    assert rows(store, FIRST) == [("2025-03-01", "2025-03-12", None)]


def test_of_several_none_is_the_day_until_the_answer(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    some = [day if n % 2 else None for n, day in enumerate(LATER)]
    path = csv(tmp_path, [["Tunnus", "Aihe", "Asiakas", "Kuitattu", "Vuoro"], *beside(BASE, some, DAYS)])
    prepared = load(store, path)
    assert asked(prepared) == [("columns", "occurred_on")]
    assert prepared.open_questions[0].question.options == ("-", "Vuoro", "Kuitattu")
    load(store, path, yes=True)
    assert store.current() is None
    load(store, path, columns="Vuoro")
    assert rows(store, FIRST) == [("2025-03-01", "2025-03-12", None)]


@pytest.mark.parametrize("header", ["Syntynyt", "Seuraava varaus"])
def test_a_day_of_another_time_is_not_taken_for_the_visits(header: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, [["Tunnus", "Aihe", "Asiakas", header], *beside(BASE, DAYS)])
    load(store, path, yes=True)
    assert store.current() is None


def test_a_visit_over_numbers_is_still_a_count(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(
        tmp_path, [["Tunnus", "Aihe", "Pvm", "Käynti"], *beside(visits(12, "id", "topic", "day"), [1, 2, 3] * 4)]
    )
    assert asked(load(store, path)) == [("counts", "Käynti")]
