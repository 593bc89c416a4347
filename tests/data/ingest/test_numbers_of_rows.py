"""Columns called the client's that number the rows: asked, and by default nobody is told to be a client."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import asked, csv, load

CLIENTS = "SELECT count(DISTINCT client) FILTER (client > 0), count(*) FILTER (client < 0) FROM encounter"


def numbered(folder: Path, numbers: list[object]) -> Path:
    """Visits with these numbers of clients."""
    days = [f"{place // 4 % 28 + 1}.3.2025" for place in range(len(numbers))]
    return csv(
        folder, [["Asiakas nro", "Pvm", "Aihe"], *([one, day, "Työ"] for one, day in zip(numbers, days, strict=True))]
    )


@pytest.mark.parametrize(
    "numbers",
    [
        [*range(1, 41)],
        [*range(40, 0, -1)],
        [*range(501, 541)],
        [f"{n:04}" for n in range(1, 41)],
        [n % 4 + 1 for n in range(40)],  # anew each day
        [*range(1, 21), None, *range(21, 41)],
    ],
)
def test_numbers_that_follow_each_other_are_asked_about(numbers: list[object], tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = numbered(tmp_path, numbers)
    assert asked(load(store, path)) == [("row_numbers", "Asiakas nro")]
    load(store, path, yes=True)
    assert rows(store, CLIENTS) == [(0, len(numbers))]


def test_somebody_may_say_that_they_are_the_clients(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, numbered(tmp_path, [*range(1, 41)]), row_numbers="same")
    assert rows(store, CLIENTS) == [(40, 0)]


@pytest.mark.parametrize(
    "numbers", [[*range(1, 16)], [1000 + n * 7 % 31 for n in range(40)], [101 + n // 2 for n in range(40)]]
)
def test_numbers_of_a_register_are_clients(numbers: list[object], tmp_path: Path) -> None:
    """Too few to tell, in no order, and clients who came twice one after the other."""
    store = Store(tmp_path / "s")
    assert asked(load(store, numbered(tmp_path, numbers))) == []
    assert rows(store, CLIENTS) == [(len(set(numbers)), 0)]
