"""Whatever a file of the store has become, a command says so or gives true figures, and what it says leads back to work."""

from __future__ import annotations

import random

import pytest

from tests.data.store.mutations import Mutated, mutated

FEW, MANY = 100, 5_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Mutated:
    return mutated(tmp_path_factory.mktemp("mutations"))


@pytest.mark.slow
def test_some_damaged_files(store: Mutated) -> None:
    assert faults(store, FEW) == []


@pytest.mark.simulation
def test_many_damaged_files(store: Mutated) -> None:
    assert faults(store, MANY) == []


def faults(store: Mutated, count: int) -> list[str]:
    draw = random.Random(20260930)
    for _ in range(count):
        store.try_one(draw)
    return store.faults
