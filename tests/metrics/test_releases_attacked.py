"""Who compares what the protected view shows before and after an import cannot tell who came between.

The attacker asks everything about clients by up to two dimensions, before and after one client is added to a month that has been
published, and takes every cell that moves for one of the client's attributes. Without releases this gives every client away.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from data.store.releases import follow, open_to_others
from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.question import Question
from tests.metrics.made import add_rows, store_of

CODES = {
    "language": ("so", "ar", "uk"),
    "municipality": ("049", "091", "092"),
    "channel": ("walk_in", "phone", "appointment"),
    "sex": ("female", "male"),
    "topic": ("work", "housing", "health"),
    "resolution": ("solved", "referred", "continues"),
}
ADDED = 6
METRICS = ("clients", "encounters")


def rows(clients: range, chance: random.Random) -> Iterator[dict[str, Any]]:
    for client in clients:
        known = {name: chance.choice(codes) for name, codes in CODES.items() if name != "topic"}
        yield {
            "client": client * 7_919_001_002_003, "record": client, "topics": [chance.choice(CODES["topic"])],
            "occurred_on": date(2025, 7, 1) + timedelta(chance.randrange(90)), **known,
        }  # fmt: skip


def shown(store: Store) -> dict[Any, Any]:
    """Every value of the protected view by up to two dimensions."""
    found: dict[Any, Any] = {}
    for names in (names for size in range(3) for names in combinations(CODES, size)):
        for row in ask(Question(METRICS, names, period="2025-Q3"), store).rows:
            found[row.metric, tuple(sorted(row.codes.items()))] = row.value
    return found


def guessed(before: dict[Any, Any], after: dict[Any, Any]) -> dict[str, str]:
    """The attributes that cells which moved have in common more than any others; nothing where nothing moved."""
    votes: dict[tuple[str, str], int] = {}
    for key in before.keys() | after.keys():
        if before.get(key) != after.get(key):
            for one in key[1]:
                votes[one] = votes.get(one, 0) + 1
    best: dict[str, str] = {}
    for name, code in sorted(votes, key=lambda one: votes[one]):
        best[name] = code
    return best


def right(store: Store, *, is_open: bool) -> int:
    """How many attributes of clients added one by one the attacker gets right."""
    chance, count = random.Random(5), 0
    if is_open:
        open_to_others(store)
    before = shown(store)
    for client in range(1001, 1001 + ADDED):
        (added,) = rows(range(client, client + 1), chance)
        with store.next_generation("one more") as connection:
            add_rows(connection, "encounter", [added])
        follow(store)
        after = shown(store)
        told = guessed(before, after)
        count += sum(code in (added.get(name), *added["topics"]) for name, code in told.items())
        before = after
    return count


@pytest.mark.slow
@pytest.mark.parametrize(("is_open", "least", "most"), [(False, 20, 36), (True, 0, 0)], ids=["control", "released"])
def test_added_clients_are_not_told(tmp_path: Path, *, is_open: bool, least: int, most: int) -> None:
    """Of 36 attributes of six clients; the control must succeed, or the attack would prove nothing."""
    store = store_of(tmp_path / "store", {"encounter": list(rows(range(1, 500), random.Random(4)))})
    assert least <= right(store, is_open=is_open) <= most
