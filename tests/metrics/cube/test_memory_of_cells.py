"""What cells take in memory: the estimate is near what Python takes, dictionaries included, and the bound holds."""

import random
import tracemalloc
from pathlib import Path

import polars as pl
import pytest

from metrics.ask import ask
from metrics.cube import cube
from metrics.cube.index import CellIndex
from metrics.cube.packed import packed
from metrics.grammar.question import Question
from metrics.memory import Memory
from tests.metrics.made import store_of

CELLS = 20_000


def frame(dimensions: int, steps: int = 0) -> pl.DataFrame:
    """Cells as in a large file: every code combination once, or a profile of so many steps each."""
    chance = random.Random(dimensions)
    size = range(CELLS)
    groups = [number // steps if steps else number for number in size]
    return pl.DataFrame(
        {f"d{i}": [f"{i}-{group // 40**i % 40}" for group in groups] for i in range(dimensions)}
        | {
            "period": ["2026" if number % 10 else "2025" for number in size],
            "open": [False] * CELLS,
            "cause": [""] * CELLS,
            "step": [number % steps if steps else number for number in size],
        }
        | {name: [chance.randrange(300, 90_000) for _ in size] for name in ("n", "u", "e", "m")}
        | {name: [str(chance.getrandbits(70)) for _ in size] for name in ("n_key", "u_key")}
    )


@pytest.mark.parametrize(("dimensions", "steps"), [(3, 0), (1, 30), (2, 5)])
def test_the_estimate_is_near_what_python_takes(dimensions: int, steps: int) -> None:
    index = CellIndex(packed(frame(dimensions, steps)), tuple(f"d{i}" for i in range(dimensions)))
    before = index.size
    read = index.steps if steps else index.cells
    read("none", open_too=True)
    tracemalloc.start()
    try:
        found = [read(period, open_too=False) for period in ("2025", "2026")]
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert all(found)
    assert 0.75 <= (index.size - before) / taken <= 1.35


def test_both_audiences_share_the_cells_of_a_closed_period() -> None:
    index = CellIndex(packed(frame(3)), ("d0", "d1", "d2"))
    once = index.cells("2026", open_too=False)
    size = index.size
    assert index.cells("2026", open_too=True) is once
    assert index.size == size


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Memory[Path, CellIndex]:
    """A memory that a few files fill."""
    memory: Memory[Path, CellIndex] = Memory(60_000)
    monkeypatch.setattr(cube, "_memory", memory)
    return memory


def test_the_bound_holds_while_people_ask(tmp_path: Path, small: Memory[Path, CellIndex]) -> None:
    """More cells than there is room for, over and over: the answers stay the same, the bytes within the bound."""
    chance = random.Random(1)
    rows = [
        {
            "client": n,
            "language": chance.choice(["ar", "so", "ru"]),
            "municipality": chance.choice(["049", "091", "853"]),
            "hour": chance.randrange(8, 16),
        }
        for n in range(1, 400)
    ]
    store = store_of(tmp_path / "store", {"encounter": rows})
    by = [(), ("language",), ("municipality",), ("language", "municipality"), ("hour", "language", "municipality")]
    questions = [
        Question(("encounters", "clients"), by=b, period=p, audience="internal")
        for b in by
        for p in ("all", "2025", "2025-01")
    ]
    first = []
    for question in questions:
        first.append(ask(question, store))
        assert sum(index.size for index, _ in small._entries.values()) == small.weight <= small.bound
    assert [ask(question, store) for question in questions] == first
    files = list(store.cube_path(store.serving()).glob("*.cells"))
    assert 0 < len(small) < len(files), "nothing had to go: the test shows nothing"
