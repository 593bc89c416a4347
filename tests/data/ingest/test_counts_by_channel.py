"""Numbers of encounters in one column per channel: asked about, and counted all with the channel of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from data.ingest.recognise.heads import CHANNELS
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, beside, csv, load, visits

BY_CHANNEL = "SELECT channel::VARCHAR, count(*) FROM encounter GROUP BY 1 ORDER BY 1"


def table(header: str, *numbers: Sequence[object], own: Sequence[str] = ("day", "topic")) -> Grid:
    """Twelve rows; the numbers of a column are repeated as far as needed."""
    names = {"id": "Tunnus", "day": "Pvm", "topic": "Aihe", "client": "Asiakasnumero"}
    cells = [[column[place % len(column)] for place in range(12)] for column in numbers]
    return [[*(names[name] for name in own), *header.split(";")], *beside(visits(12, *own), *cells)]


@pytest.mark.parametrize(
    "header",
    ["Käynnit;Puhelut", "Käyntejä;Puheluita", "Käynnit (kpl);Puhelut (kpl)", "Käyntien määrä;Puheluiden määrä",
     "Besök;Telefonsamtal", "Antal besök;Antal samtal", "Visits;Phone calls", "Number of visits;Number of calls",
     "kaynnit;puhelut"],
)  # fmt: skip
def test_numbers_by_channel_are_asked_about_and_counted_all(tmp_path: Path, header: str) -> None:
    path = csv(tmp_path, table(header, [1], [9]))
    assert asked(load(Store(tmp_path / "a"), path)) == [(CHANNELS, header.replace(";", ", "))]
    store = Store(tmp_path / "s")
    assert load(store, path, counts_channels="each").files[0].counts.loaded == 120
    assert rows(store, BY_CHANNEL) == [("phone", 108), ("walk_in", 12)]


def test_a_row_without_any_is_nobody_and_numbers_may_be_missing(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, table("Käynnit;Puhelut;Sähköpostit", [2, 0, None], [0, 0, 1], [1, 0, None]))
    counts = load(store, path, counts_channels="each").files[0].counts
    assert (counts.loaded, counts.left_out) == (16, 4)
    assert rows(store, BY_CHANNEL) == [("message", 4), ("phone", 4), ("walk_in", 8)]


def test_one_encounter_a_row_when_the_numbers_mean_something_else(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, table("Käynnit;Puhelut", [3], [9])), counts_channels="one")
    assert asked(prepared) == []
    assert rows(store, BY_CHANNEL) == [("unknown", 12)]


def test_the_client_of_a_row_is_counted_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid = beside(table("Käynnit;Puhelut", [1], [2], own=("id", "day", "topic")),
                  ["Asiakasnumero", *[f"A{n}" for n in range(12)]])  # fmt: skip
    found = load(Store(tmp_path / "a"), csv(tmp_path, grid))
    assert [one.question.default for one in found.open_questions] == ["one"]
    load(store, csv(tmp_path, grid), counts_channels="each")
    assert rows(store, "SELECT count(*) FILTER (client > 0), count(*) FROM encounter") == [(12, 36)]


def test_cancelled_rows_leave_the_store_with_all_their_encounters(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid = table("Käynnit;Puhelut", [1], [2], own=("id", "day", "topic"))
    load(store, csv(tmp_path, grid), counts_channels="each")
    cancelled = beside(grid, ["Tila", "Peruutettu", *["Toteutunut"] * 11])
    load(store, csv(tmp_path, cancelled), counts_channels="each", cancelled="-", edition="yes")
    assert rows(store, "SELECT count(*) FROM encounter") == [(33,)]


def test_one_channel_alone_is_a_count_of_encounters(tmp_path: Path) -> None:
    path = csv(tmp_path, table("Käynnit;Kesto", [1, 2], [30]))
    assert asked(load(Store(tmp_path / "s"), path)) == [("counts", "Käynnit")]
