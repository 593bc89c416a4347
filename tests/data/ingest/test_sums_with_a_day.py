"""A row with a day, no name and nothing but sums of the rows above is a total; other rows lack something."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, csv, load, workbook

SUM = "SELECT count(*), sum(minutes)::INT FROM encounter"
FI, SV = ["Pvm", "Kunta", "Aihe", "Kesto (min)"], ["Datum", "Kommun", "Ärende", "Längd (min)"]


def day(number: int, *minutes: int, topic: str = "Asuminen") -> list[list[object]]:
    return [[f"{number}.3.2025", "Espoo", topic, one] for one in minutes]


TOTALS: dict[str, tuple[Grid, int, int]] = {
    "at the end": ([FI, *day(3, 15, 30), *day(4, 45), ["31.3.2025", None, None, 90]], 3, 1),
    "of every day": (
        [FI, *day(3, 15, 30), ["3.3.2025", None, None, 45], *day(4, 20, 40), ["4.3.2025", None, None, 60]], 4, 2,
    ),
    "of every day and of all": (
        [FI, *day(3, 15, 30), ["3.3.2025", None, None, 45], *day(4, 20, 40), ["4.3.2025", None, None, 60],
         ["31.3.2025", None, None, 105]], 4, 3,
    ),
    "with decimals": (
        [["Pvm", "Kunta", "Aihe", "Kesto (h)"], *[[*row[:3], hours] for row, hours in
         zip(day(3, 0, 0), ("0,5", "1,25"), strict=True)], ["31.3.2025", None, None, "1,75"]], 2, 1,
    ),
    "in Swedish": ([SV, *day(3, 15, 30, topic="Boende"), *day(4, 45, topic="Boende"), ["31.3.2025", None, None, 90]], 3, 1),
    "in Swedish, of every day": (
        [SV, *day(3, 15, 30, topic="Boende"), ["3.3.2025", None, None, 45], *day(4, 10, 20, topic="Boende"),
         ["4.3.2025", None, None, 30]], 4, 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOTALS)
def test_a_sum_of_the_rows_above_is_a_total(name: str, tmp_path: Path) -> None:
    cells, records, totals = TOTALS[name]
    for place, path in enumerate((csv(tmp_path, cells), workbook(tmp_path, {"T": cells}))):
        store = Store(tmp_path / f"s{place}")
        counts = load(store, path).files[0].counts
        assert (counts.loaded, counts.totals, counts.rejected) == (records, totals, 0)


ROWS: dict[str, Grid] = {
    "no sum": [FI, *day(3, 15, 30), ["4.3.2025", None, None, 50]],
    "as the one row above": [FI, *day(3, 30), ["4.3.2025", None, None, 30]],
    "no numbers": [FI, *day(3, 15, 30), ["4.3.2025", None, None, None]],
    "no sum in Swedish": [SV, *day(3, 15, 30, topic="Boende"), ["4.3.2025", None, None, 60]],
}


@pytest.mark.parametrize("name", ROWS)
def test_other_rows_that_lack_something_are_rejected_and_told(name: str, tmp_path: Path) -> None:
    counts = load(Store(tmp_path / "s"), csv(tmp_path, ROWS[name])).files[0].counts
    assert (counts.totals, counts.rejected) == (0, 1)


def test_a_record_whose_number_is_a_sum_by_chance_stays_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, [FI, *day(3, 15, 30), *day(4, 45)]))
    assert rows(store, SUM) == [(3, 90)]
