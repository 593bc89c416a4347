"""A day far from all others never moves the end or the beginning of the data unasked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.ingest.rejects import Reject
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import asked, csv, load

MARCH = [f"{number % 28 + 1}.3.2025" for number in range(50)]


def visited(folder: Path, *days: str) -> Path:
    return csv(folder, [["Tunnus", "Pvm", "Aihe"], *([f"K{number}", day, "Työ"] for number, day in enumerate(days))])


def reasons(rejected: tuple[Reject, ...]) -> list[str]:
    return [one.reason for one in rejected]


@pytest.mark.parametrize(
    "far",
    [
        "3.3.2026",
        "3.3.2024",
        "30.10.2025",
        "3.3.2002",
        "3.3.1952",
        "1.1.1970",
        "3.3.62",
        "2015-03-03",
        "1. maaliskuuta 2005",
    ],
)
def test_it_is_asked_about_and_rejected_until_there_is_an_answer(far: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = visited(tmp_path, *MARCH, far)
    prepared = load(store, path)
    assert (prepared.exit_code, asked(prepared), store.current()) == (4, [("far_dates", "Pvm")], None)
    taken = load(store, path, yes=True)
    assert (taken.exit_code, reasons(taken.files[0].rejected)) == (3, ["far_date"])
    assert taken.files[0].parts[0].period == (date(2025, 3, 1), date(2025, 3, 31))
    later = load(store, visited(tmp_path, *MARCH, "5.5.2019"))
    assert later.exit_code == 4, "another file may be right"
    kept = load(store, path, far_dates="keep")
    assert (kept.exit_code, kept.files[0].rejected) == (0, ())
    assert rows(store, "SELECT count(*) FROM encounter") == [(51,)]


@pytest.mark.parametrize("far", ["3.3.2062", "1.1.1900", "31.12.9999", "0.0.0000", "3.3.0025", "3.3.20255", "3.3.205"])
def test_a_day_that_cannot_be_is_rejected_and_asks_nothing(far: str, tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), visited(tmp_path, *MARCH, far))
    assert (prepared.exit_code, len(prepared.files[0].rejected), prepared.decisions) == (3, 1, ())
    assert prepared.files[0].parts[0].period == (date(2025, 3, 1), date(2025, 3, 31))


QUIET: dict[str, list[str]] = {
    "a year without a pause": [f"{n % 28 + 1}.{n % 12 + 1}.2025" for n in range(60)],
    "a file that ends in the next month": [*MARCH, "2.4.2025"],
    "a summer without visits": [*MARCH, *(f"{n + 1}.9.2025" for n in range(20))],
    "few rows over years": ["1.2.2021", "5.6.2022", "9.9.2023", "1.3.2025", "7.8.2025"],
    "one row a year": [f"1.3.{year}" for year in range(2000, 2026)],
    "three rows": ["1.3.2025", "2.3.2025", "3.3.2005"],
    "two years of a hundred rows each": [f"{n % 28 + 1}.3.{year}" for n in range(100) for year in (2015, 2025)],
}


@pytest.mark.parametrize("name", QUIET)
def test_ordinary_files_ask_nothing(name: str, tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), visited(tmp_path, *QUIET[name]))
    assert (prepared.exit_code, prepared.decisions) == (0, ())


def test_a_small_file_asks_of_days_years_apart(tmp_path: Path) -> None:
    days = ["1.3.2025", "2.3.2025", "3.3.2025", "4.3.2025", "5.3.2025"]
    assert asked(load(Store(tmp_path / "s"), visited(tmp_path, *days, "6.3.2015"))) == [("far_dates", "Pvm")]
    assert asked(load(Store(tmp_path / "t"), visited(tmp_path, *days, "6.3.2024"))) == []


@pytest.mark.parametrize(
    "text", ["2026-W05", "vko 5/2026", "viikko 5", "tammikuu 2026", "02/2026", "Q1/2026", "2026", "jan 2026"]
)
def test_a_cell_without_a_day_says_that_the_day_is_missing(text: str, tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), visited(tmp_path, *MARCH, text))
    assert reasons(prepared.files[0].rejected) == ["no_day"]


def test_an_end_more_than_ten_years_after_the_beginning_is_unknown(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    ends = ["1.6.2025", "1.6.2062", ""]
    grid = [[f"A{number}", "Espoo", f"{number + 1}.3.2025", ends[number % 3]] for number in range(9)]
    prepared = load(
        store,
        csv(
            tmp_path,
            [["Asiakas", "Osaamiskeskus", "Asiakkuus alkoi", "Asiakkuus päättyi"], *grid],
            name="asiakkuudet.csv",
        ),
    )
    assert [(one.field, one.reason, one.rows) for one in prepared.files[0].parts[0].odd] == [("ended_on", "far_end", 3)]
    assert rows(store, "SELECT count(ended_on) FROM enrolment") == [(3,)]
