"""Stores that tests make have the same keys in every run, whatever ran before; a run may ask for others."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.keys import Keys, key_path, load, load_or_create
from tests.steady_keys import NAME, SteadyKeys, chosen


def first(name: str) -> Keys:
    source = SteadyKeys(name)
    return Keys(source.token_bytes(32), source.token_bytes(32))


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return load_or_create(tmp_path_factory.mktemp("lasting") / "store.keys")


@pytest.mark.parametrize("time", ["once", "again"])
def test_the_first_store_of_each_test_has_the_same_keys_and_the_next_one_others(time: str, tmp_path: Path) -> None:
    assert load_or_create(tmp_path / time) == first(chosen())
    assert load_or_create(tmp_path / "other") != first(chosen())


def test_a_store_of_many_tests_has_them_whichever_test_asked_first(
    tmp_path: Path, request: pytest.FixtureRequest, sample_store: Path
) -> None:
    mine = load_or_create(tmp_path / "mine")
    assert request.getfixturevalue("lasting") == load(key_path(sample_store)) == mine == first(chosen())
    assert load_or_create(tmp_path / "next") != mine


def test_a_run_may_have_other_keys_and_a_search_always_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HYPOTHESIS_PROFILE", raising=False)
    monkeypatch.delenv(NAME, raising=False)
    assert chosen() == "steady"
    monkeypatch.setenv(NAME, "b")
    assert chosen() == "b"
    assert first("a") != first("b")
    monkeypatch.setenv("HYPOTHESIS_PROFILE", "search")
    assert chosen() == "b"
    monkeypatch.delenv(NAME)
    searched = chosen()
    assert searched == chosen() != "steady"
    monkeypatch.delenv(NAME)
    assert chosen() != searched
