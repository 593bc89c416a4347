"""Formulas whose results the workbook does not have: said, and refused where the column is needed."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from data.ingest.report import notes_line
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, beside, load, visits, workbook

FORMULAS = [f"=VLOOKUP(A{n + 2},Z:AA,2,0)" for n in range(12)]


def with_formulas(folder: Path, header: str) -> Path:
    """A workbook as a program writes it, which Excel never opened."""
    body = beside(visits(12, "id", "day", "topic"), FORMULAS)
    return workbook(folder, {"Kohtaamiset": [["Tunnus", "Pvm", "Aihe", header], *body]})


def test_a_needed_column_of_formulas_without_results_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, with_formulas(tmp_path, "Äidinkieli"))
    assert (prepared.files[0].refused, prepared.files[0].params) == ("no_formula_results", {"column": "Äidinkieli"})
    assert store.current() is None


def test_another_column_of_them_is_said(tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), with_formulas(tmp_path, "Lempiväri"))
    assert prepared.files[0].counts.loaded == 12
    assert "the formulas in the column “Lempiväri” have no stored results" in notes_line(
        prepared.files[0].parts[0], "en"
    )


def test_formulas_with_results_are_read(tmp_path: Path) -> None:
    path, saved = with_formulas(tmp_path, "Kesto (min)"), tmp_path / "saved.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(saved, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>30</v>", old.read(name)))
    store = Store(tmp_path / "s")
    assert load(store, saved).exit_code == 0
    assert rows(store, "SELECT DISTINCT minutes FROM encounter") == [(30,)]


def test_one_sum_under_a_column_of_numbers_needs_no_result(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid: Grid = [
        ["Tunnus", "Pvm", "Aihe", "Kesto (min)"],
        *visits(12, "id", "day", "topic", "minutes"),
        [None] * 3 + ["=SUM(D2:D13)"],
    ]
    assert load(store, workbook(tmp_path, {"Kohtaamiset": grid})).files[0].counts.loaded == 12
