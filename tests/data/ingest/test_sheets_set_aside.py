"""Sheets of deleted rows, copies and examples: asked about by the word of their name, and by default left out."""

from pathlib import Path

import pytest

from data.ingest.question_words import question_text
from data.ingest.report import refusal
from data.store.store import Store
from data.texts import message
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, load, visits, workbook

ALL = "SELECT count(*) FROM encounter"


def sheet(first: int, count: int) -> Grid:
    return [
        ["Tunnus", "Pvm", "Aihe"],
        *([f"R{first + n}", *row[1:]] for n, row in enumerate(visits(count, "id", "day", "topic"))),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Poistetut", "POISTETUT 2025", "Arkisto", "Esimerkki", "Malli", "Testi", "Kopio 1", "Raderade", "Borttagna rader",
        "Exempel", "Mall", "Kopia", "Deleted", "Removed rows", "Archive", "Example", "Template", "test", "Copy of visits",
        "käynnit_testi",
    ],
)  # fmt: skip
def test_a_sheet_set_aside_is_asked_about_and_by_default_left_out(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = workbook(tmp_path, {"Käynnit": sheet(0, 20), name: sheet(100, 5)})
    prepared = load(store, path)
    assert asked(prepared) == [("aside", "")]
    assert "5" in question_text(prepared.open_questions[0].question, "fi")
    assert sum(part.counts.loaded for part in prepared.files[0].parts) == 20


@pytest.mark.parametrize("name", ["Poistetut", "Kopio 1", "Exempel", "Template", "käynnit_testi"])
def test_a_sheet_set_aside_is_left_out_or_taken_as_somebody_says(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = workbook(tmp_path, {"Käynnit": sheet(0, 20), name: sheet(100, 5)})
    load(store, path, yes=True)
    assert rows(store, ALL) == [(20,)]
    other = Store(tmp_path / "o")
    load(other, path, aside="take")
    assert rows(other, ALL) == [(25,)]


@pytest.mark.parametrize("name", ["Tammikuu", "Mallaskatu", "Espoo", "Attest"])
def test_other_sheets_are_loaded_unasked(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    assert asked(load(store, workbook(tmp_path, {"Käynnit": sheet(0, 20), name: sheet(100, 5)}))) == []
    assert rows(store, ALL) == [(25,)]


def test_a_sheet_that_is_left_out_beside_one_that_is_no_table_is_told_as_such(tmp_path: Path) -> None:
    """A survey's answers as numbers, with a sheet that says what they mean: neither can be read, and that is said."""
    answers: Grid = [
        ["Pvm", "Aihe", "Kieli"],
        *([row[0], n % 5 + 1, n % 3 + 1] for n, row in enumerate(visits(30, "day"))),
    ]
    meanings: Grid = [["Kysymys", "Koodi", "Selite"], ["Aihe", 1, "Työ"], ["", 2, "Asuminen"], ["Kieli", 1, "arabia"]]
    prepared = load(Store(tmp_path / "s"), workbook(tmp_path, {"Vastaukset": answers, "Koodisto": meanings}))
    assert ("table", "") in asked(prepared)
    assert [refusal(file, "fi") for file in prepared.files] == [message("refusal.file.left_out", "fi")]
