"""What is made ahead is what pages open with: after it, no first screen waits for a cell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from data.store.store import Store
from metrics.cli import main
from pages.shell.registry import PAGES
from tests.conftest import own_copy
from tests.metrics.cube.test_open_months import made_on
from tests.pages.drawn import Open


@pytest.fixture(scope="module")
def warmed(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store published in the middle of its last month, which is therefore open, and warmed by the command for it."""
    store = Store(own_copy(sample_store, tmp_path_factory.mktemp("warmed") / "store"))
    last = store.serving().last_day
    assert last
    made_on(store, datetime(last.year, last.month, last.day, 12))
    assert main(["build", "--store", str(store.path)]) == 0
    return store


def cells(store: Store) -> set[Path]:
    return set(store.cube_path(store.serving()).glob("*.parquet"))


def test_the_command_makes_the_cells_of_the_first_views(warmed: Store) -> None:
    names = {file.name.split("-")[0] for file in cells(warmed)}
    assert {"encounter", "encounter+language", "referral", "enrolment", "first_contact+topic"} <= names


@pytest.mark.parametrize("page_id", [spec.id for spec in PAGES])
def test_a_first_screen_asks_for_no_cell_that_is_not_there(
    page_id: str, warmed: Store, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(warmed.path))
    before = cells(warmed)
    assert len(before) > 500
    app = opened(page_id)
    assert not app.exception
    assert not app.error
    assert {path.name for path in cells(warmed) - before} == set()
