"""Numbers under headers that nobody knows, in rows of nobody: they may count visits, so they are asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load

HALVES: Grid = [
    ["Päivä", "Aamupäivä", "Iltapäivä", "Aihe"],
    ["1.4.2025", 3, 2, "Työ"],
    ["2.4.2025", 1, None, "Asuminen"],
]


@pytest.mark.parametrize(("answer", "visits"), [("one", 2), ("each", 6)])
def test_they_are_counted_by_as_the_steward_says(answer: str, visits: int, tmp_path: Path) -> None:
    store, file = Store(tmp_path / "s"), csv(tmp_path, HALVES)
    assert asked(load(store, file)) == [("counts_perhaps", "Aamupäivä, Iltapäivä")]
    load(store, file, counts_perhaps=answer)
    assert rows(store, "SELECT count(*) FROM encounter") == [(visits,)]


@pytest.mark.parametrize(
    ("head", "values"),
    [
        (["Pvm", "Aihe", "Asiakas", "Aamupäivä", "Iltapäivä"], ["Työ", "AS-1", 3, 2]),
        (["Pvm", "Aihe", "Huone"], ["Työ", 3]),
        (["Pvm", "Aihe", "Kuinka hyvin sait apua tänään", "Kuinka selvä ohje oli sinulle"], ["Työ", 4, 5]),
        (["Pvm", "Aihe", "Postinumero", "Kustannuspaikka"], ["Työ", 2100, 4711]),
    ],
    ids=["of a client", "one column", "questions of a form", "large numbers"],
)
def test_other_numbers_are_not_asked_about(head: list[str], values: list[object], tmp_path: Path) -> None:
    grid: Grid = [head, *([f"{day}.4.2025", *values] for day in (1, 2, 3))]
    assert "counts_perhaps" not in [kind for kind, _ in asked(load(Store(tmp_path / "s"), csv(tmp_path, grid)))]
