"""A store of a hundred clients who came in one month and may come again in others, open to visitors."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from data.store.releases import open_to_others
from data.store.store import Store
from tests.metrics.made import add_rows, store_of


def encounters(clients: range, month: int) -> list[dict[str, Any]]:
    """Rows of clients in a month of 2025, each once."""
    return [{"client": one, "record": 1000 * month + one, "occurred_on": date(2025, month, 9)} for one in clients]


def of_a_hundred(folder: Path, *, is_open: bool = True) -> Store:
    """A store of August."""
    found = store_of(folder, {"encounter": encounters(range(1, 101), 8)})
    if is_open:
        open_to_others(found)
    return found


def another(store: Store, month: int = 9) -> None:
    """Thirty of them come once more, in the next version."""
    with store.next_generation("more") as connection:
        add_rows(connection, "encounter", encounters(range(1, 31), month))
