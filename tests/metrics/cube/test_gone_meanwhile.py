"""Cells of a generation that goes while they are made do not outlive it: somebody may have been forgotten in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data.store.generation import Generation
from data.store.releases import follow, open_to_others
from data.store.rewriting import rewrite
from data.store.store import Store, StoreError
from metrics.cube import cube, files
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.cube.earlier import EarlierCells, taking_from
from metrics.cube.packed import PackedCells
from metrics.cube.part import CellPart
from metrics.cube.scan import OneScan
from metrics.model.facts import FACTS
from tests.metrics.made import store_of

LANGUAGES, COURSES = Counting(FACTS["encounter"]), Counting(FACTS["training"])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Forty clients, and no cells in memory."""
    cube._memory.clear()
    return store_of(tmp_path / "store", {"encounter": [{"client": n, "language": "ar"} for n in range(1, 41)]})


def forget(store: Store) -> None:
    rewrite(store, lambda connection: connection.execute("DELETE FROM encounter WHERE client = 7"))  # type: ignore[arg-type]


def cells(store: Store) -> set[str]:
    """The folders that hold any."""
    return {file.parent.name for file in store.path.glob("cube*/**/*.cells")}


def test_no_cell_of_before_stays_when_somebody_is_forgotten_while_it_is_made(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, save = store.serving(), files.save

    def late(path: Path, made: PackedCells) -> None:
        forget(store)
        path.parent.mkdir(parents=True, exist_ok=True)  # by another reader, who waits for the same
        save(path, made)

    with monkeypatch.context() as patch:
        patch.setattr(files, "save", late)
        (found,) = Cube(store, before).counts((LANGUAGES,), ("language",))
    assert found.cells("all", open_too=True)[("ar",)].n == 40, "whoever asked before is answered"
    assert cells(store) == set()
    Cube(store, store.serving()).counts((LANGUAGES,), ("language",))
    assert cells(store) == {store.cube_path(store.serving()).name}


def test_no_folder_is_made_again_for_a_generation_that_has_gone(store: Store) -> None:
    before = store.serving()
    forget(store)
    with pytest.raises(StoreError, match="no_generation"):
        Cube(store, before).counts((LANGUAGES,), ("language",))
    assert not store.cube_path(before).exists()


def test_nor_when_it_is_taken_from_an_earlier_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    Cube(store, store.serving()).counts((LANGUAGES,), ("language",))
    with store.next_generation("more"):
        pass
    before, take = store.serving(), EarlierCells.take

    def late(self: EarlierCells, path: Path, *words: Any) -> bool:
        found = take(self, path, *words)
        kept = path.read_bytes()
        forget(store)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kept)
        return found

    monkeypatch.setattr(EarlierCells, "take", late)
    with taking_from(EarlierCells(store)):
        Cube(store, before).counts((LANGUAGES,), ("language",))
    assert cells(store) == set()


def test_cells_of_a_release_go_with_it(store: Store) -> None:
    open_to_others(store)
    seen = store.released()
    with store.reading(seen):
        follow(store, "now")
        Cube(store, store.released()).counts((LANGUAGES,), ("language",), batched=True)
    assert cells(store) == {store.cube_path(store.released()).name}


def held(store: Store) -> set[str]:
    """Of which folders cells are in memory."""
    return {file.parent.name for file in cube._memory if file.parent.parent.parent == store.path}


def asked(store: Store, generation: Generation) -> None:
    """Ask for a part, while somebody else makes the whole."""
    part = CellPart(("all",), codes=(("language", ("ar",)),))
    Cube(store, generation, lambda: None).counts((LANGUAGES,), ("language",), part=part)


@pytest.mark.parametrize("is_part", [True, False])
def test_nothing_in_memory_outlives_who_is_forgotten_while_it_is_counted(
    is_part: bool, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, compute = store.serving(), OneScan.compute

    def late(self: OneScan, *about: Any) -> list[pl.DataFrame]:
        found = compute(self, *about)
        forget(store)
        return found

    monkeypatch.setattr(OneScan, "compute", late)
    if is_part:
        asked(store, before)
    else:
        Cube(store, before).counts((LANGUAGES,), ("language",))
    assert held(store) == set()


def test_cells_in_memory_go_with_what_they_are_of(store: Store) -> None:
    before = store.serving()
    asked(store, before)
    with store.next_generation("more"):
        pass
    Cube(store, store.serving()).counts((COURSES,), ("language",))
    cube.let_go_of_what_has_gone()
    assert len(held(store)) == 2, "the one before is kept, to go back to"
    forget(store)
    asked(store, store.serving())
    cube.let_go_of_what_has_gone()
    assert held(store) == {store.cube_path(store.serving()).name}
    with pytest.raises(StoreError, match="no_generation"):
        asked(store, before)
