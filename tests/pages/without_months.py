"""A store of two municipalities, whose files lack months of the one and a field of the other."""

from __future__ import annotations

from pathlib import Path

from data.ingest.batch import Wishes
from data.store.releases import open_to_others
from data.store.store import Store
from tests.metrics.measures.delivering import deliver
from tests.once import once

HEAD = "Asiakas;Pvm;Kunta;Kieli;Aihe;Sukupuoli"


def rows(place: str, year: int, months: list[int], sex: str = "nainen") -> list[str]:
    return [
        f"{place}{number};{1 + number % 28}.{month}.{year};{place};arabia;työ;{sex}"
        for month in months
        for number in range(112)
    ]


@once
def lacking(folder: Path) -> Store:
    """Kokkola has told the sex since March 2026, Vaasa always; of its April and May there is no file. Open to others."""
    store, every = Store(folder / "store"), list(range(1, 13))
    deliver(store, folder / "a.csv", [HEAD, *rows("Kokkola", 2025, every)], Wishes(source="Kokkola"))
    months = [*rows("Kokkola", 2026, [1, 2], ""), *rows("Kokkola", 2026, list(range(3, 9)))]
    deliver(store, folder / "b.csv", [HEAD, *months], Wishes(source="Kokkola"))
    deliver(store, folder / "c.csv", [HEAD, *rows("Vaasa", 2025, every, "mies")], Wishes(source="Vaasa"))
    deliver(store, folder / "d.csv", [HEAD, *rows("Vaasa", 2026, [1, 2, 3], "mies")], Wishes(source="Vaasa"))
    deliver(store, folder / "e.csv", [HEAD, *rows("Vaasa", 2026, [6, 7, 8], "mies")], Wishes(source="Vaasa"))
    open_to_others(store)
    return store
