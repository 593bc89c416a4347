"""A cell with the numbers of several clients is nobody's, and told; a number with a comma or a blank in it stays one."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.report import lines
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import csv, load


@pytest.mark.parametrize(
    ("numbers", "anonymous"),
    [
        (["AS-1, AS-2", "AS-3", "AS-4"], 1),
        (["AS-1 ja AS-2", "AS-3,AS-4", "AS-5"], 2),
        (["12 & 13", "14", "5"], 1),
        (["131052-308T + 010170-960F", "131052-308T", "010170-960F"], 1),
        (["1,234", "14", "5"], 0),
        (["12,0", "14,0", "5"], 0),
        (["AS 1", "AS 2", "3"], 0),
        (["AS-1, Espoo", "AS-2", "AS-3"], 0),
    ],
)
def test_numbers_of_several_clients_are_nobodys(numbers: list[str], anonymous: int, tmp_path: Path) -> None:
    grid = [["Pvm", "Asiakas", "Aihe"], *([f"{day}.4.2025", one, "Työ"] for day, one in enumerate(numbers, 1))]
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, grid), yes=True)
    assert rows(store, "SELECT count(*) FILTER (client < 0), count(*) FROM encounter") == [(anonymous, 3)]
    assert any("monta numeroa samassa solussa" in line for line in lines(prepared, "fi")) is (anonymous > 0)
