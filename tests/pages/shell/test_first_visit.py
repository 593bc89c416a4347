"""When the server may look at its own pages: once nothing needs to be counted for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from metrics import warming
from metrics.audience import PROTECTED
from metrics.precompute.supervisor import CellSupervisor
from metrics.warming import Ahead, make, opened
from pages.access import announcing, published, session
from pages.shell.first_visit import Readiness
from tests.conftest import own_copy


@pytest.fixture
def own(sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose pages open with three questions, in an app that makes cells ahead."""
    store = Store(own_copy(sample_store, tmp_path / "own", cells=False))
    few = (*warming.FIRST_SCREENS[:2], (("referrals",), ("municipality",)))
    monkeypatch.setattr(warming, "_first", lambda: few)
    monkeypatch.setattr(CellSupervisor, "makes", True)
    return store


def steps(store: Store) -> list[Ahead]:
    return [*opened(store, (PROTECTED,))]


def test_cells_are_told_apart_from_those_that_are_not_there(own: Store) -> None:
    every = steps(own)
    assert [one.is_made(own) for one in every] == [False] * len(every)
    every[0].make(own)
    assert every[0].is_made(own)
    assert not every[-1].is_made(own)
    make(own, every)
    assert all(one.is_made(own) for one in every)


def test_it_is_not_ready_before_all_cells_are_there(own: Store) -> None:
    readiness, every = Readiness(lambda: own), steps(own)
    assert readiness.state() == ""
    make(own, every[:1])
    assert readiness.state() == "", "of other pages they lack"
    make(own, every)
    assert readiness.state() == own.serving().token


def test_it_counts_nothing(own: Store) -> None:
    Readiness(lambda: own).state()
    assert not list((own.path / "cube").rglob("*.cells"))


def test_it_is_left_to_people_where_cells_are(own: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    make(own, steps(own))
    monkeypatch.setattr(CellSupervisor, "makes", False)
    assert Readiness(lambda: own).state() == ""


def test_without_data_there_is_nothing_to_look_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CellSupervisor, "makes", True)
    assert Readiness(lambda: Store(tmp_path / "none")).state() == ""


def test_a_damaged_store_is_left_to_whoever_opens_a_page(own: Store) -> None:
    make(own, steps(own))
    (own.path / f"{own.serving().stem}.json").write_text("{", encoding="utf-8")
    assert Readiness(lambda: own).state() == ""


def test_a_published_site_has_all_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "folder", lambda: tmp_path)
    assert Readiness(lambda: Store(tmp_path / "none")).state()


def test_whoever_has_not_begun_to_look_after_cells_makes_none() -> None:
    assert not announcing.CELLS.makes
    assert not session.OWN
