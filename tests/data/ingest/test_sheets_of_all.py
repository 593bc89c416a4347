"""Workbooks with a sheet of all rows beside those of the months or places: no visit is counted twice, and none is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, load, workbook

HEAD: Grid = [["Pvm", "Piste", "Kieli", "Aihe", "Kesto min"]]
LANGUAGES, TOPICS = ("somali", "arabia", "venäjä", "dari", "ukraina"), ("Työ", "Asuminen", "Kela", "Koulutus")


def visits(number: int, month: int, place: str = "Sello") -> Grid:
    chance = random.Random(f"{number}{month}{place}")
    return [
        [f"{1 + row % 27}.{month}.2025", place, chance.choice(LANGUAGES), chance.choice(TOPICS), chance.choice((15, 30, 45))]
        for row in range(number)
    ]  # fmt: skip


def of_days_and_topics(number: int, seed: int) -> Grid:
    chance = random.Random(seed)
    return [[f"{chance.randint(1, 20)}.3.2025", chance.choice(TOPICS)] for _ in range(number)]


JANUARY, FEBRUARY, MARCH = (visits(30, month) for month in (1, 2, 3))
OMENA, SELLO = visits(40, 1, "Iso Omena"), visits(35, 1)
FEW = [visits(3, month) for month in (1, 2)]
BOOKS: dict[str, tuple[dict[str, Grid], int]] = {
    "the year last": ({"Tammi": JANUARY, "Helmi": FEBRUARY, "Koko vuosi": [*JANUARY, *FEBRUARY]}, 60),
    "the year first": ({"Koko vuosi": [*JANUARY, *FEBRUARY], "Tammi": JANUARY, "Helmi": FEBRUARY}, 60),
    "a year with a month more": ({"Tammi": JANUARY, "Helmi": FEBRUARY, "Vuosi": [*JANUARY, *FEBRUARY, *MARCH]}, 90),
    "few rows": ({"Tammi": FEW[0], "Helmi": FEW[1], "Vuosi": [*FEW[0], *FEW[1]]}, 6),
    "all places last": ({"Iso Omena": OMENA, "Sello": SELLO, "Kaikki": [*OMENA, *SELLO]}, 75),
    "all places first": ({"Kaikki": [*OMENA, *SELLO], "Iso Omena": OMENA, "Sello": SELLO}, 75),
}


@pytest.mark.parametrize("shape", BOOKS)
def test_a_sheet_of_all_adds_nothing(shape: str, tmp_path: Path) -> None:
    sheets, visits_made = BOOKS[shape]
    store = Store(tmp_path / "s")
    load(store, workbook(tmp_path, {name: [*HEAD, *grid] for name, grid in sheets.items()}))
    assert rows(store, "SELECT count(*) FROM encounter") == [(visits_made,)]


def test_rows_of_two_places_that_are_equal_by_chance_stay_two(tmp_path: Path) -> None:
    """A small place's rows are all among those of a large one, because there are so few different ones."""
    large = of_days_and_topics(2000, 1)
    sheets = {"Iso Omena": [["Pvm", "Aihe"], *large], "Sello": [["Pvm", "Aihe"], *of_days_and_topics(40, 2)]}
    store = Store(tmp_path / "s")
    load(store, workbook(tmp_path, sheets))
    assert rows(store, "SELECT count(*) FROM encounter") == [(2040,)]
