"""Cells that say that they are as the one above hold what that one holds, and the report says how many."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, load, workbook


@pytest.mark.parametrize(
    "ditto",
    [
        "sama kuin yllä",
        "Sama kuin yllä.",
        '-"-',
        '"',
        "”",
        "〃",
        "ks. yllä",
        "dito",
        "samma som ovan",
        "(same as above)",
    ],
)
def test_a_ditto_is_the_value_above(ditto: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid: Grid = [
        ["Pvm", "Kieli", "Kunta", "Aihe"],
        ["3.3.2025", "arabia", "Turku", "Työ"],
        [ditto, ditto, ditto, "Asuminen"],
        ["4.3.2025", ditto, "Raisio", ditto],
        ["5.3.2025", None, "Raisio", "Työ"],
        ["5.3.2025", ditto, ditto, "Terveys"],  # as one of which nothing is known
    ]
    prepared = load(store, workbook(tmp_path, {"Käynnit": grid}))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert "dittos:7" in prepared.files[0].parts[0].notes
    found = "SELECT day(occurred_on), language, municipality, topics[1]::VARCHAR FROM encounter ORDER BY 1, 4"
    assert rows(store, found) == [
        (3, "ar", "853", "housing"),
        (3, "ar", "853", "work"),
        (4, "ar", "680", "housing"),
        (5, "und", "680", "health"),
        (5, "und", "680", "work"),
    ]


def test_a_ditto_with_nothing_above_it_is_unknown_and_said(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid: Grid = [["Pvm", "Kieli", "Aihe"], ["3.3.2025", "sama kuin yllä", "Työ"], ["4.3.2025", "arabia", "Työ"]]
    prepared = load(store, workbook(tmp_path, {"Käynnit": grid}), yes=True)
    assert [(one.text, one.rows) for one in prepared.files[0].parts[0].odd] == [("sama kuin yllä", 1)]
    assert rows(store, "SELECT language FROM encounter ORDER BY 1") == [("ar",), ("und",)]
