"""What is made before a release is seen is what pages open with and ask with a filter: after it, no reader waits for a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data.store import ready
from data.store.releases import open_to_others
from data.store.staged import StagedStore
from data.store.store import Store
from metrics import warming
from metrics.audience import PROTECTED
from metrics.cli import main
from metrics.cube.cube import Cube
from metrics.cube.index import CellIndex
from metrics.cube.packed import packed
from metrics.cube.part import CellPart
from metrics.cube.shape import Shape
from metrics.memory import Memory
from metrics.model.definition import definitions
from metrics.precompute import draft_process
from pages.briefings import opening
from pages.shell import asking
from pages.shell.registry import PAGES
from pages.view.state import SLOTS
from tests.conftest import own_copy
from tests.metrics.cube.test_open_months import made_on
from tests.pages.drawn import Open

COLUMNS = ("period", "open", "cause", "step", "n", "n_key", "u", "u_key", "e", "m")
"""Of cells, besides their dimensions."""
CHOSEN = {
    "municipality": "853", "language_group": "horn_of_africa", "topic": "work", "service_point": "turku-keskusta",
    "sex": "female", "age_group": "25_54",
}  # fmt: skip
"""A code that many have, of a filter of each kind."""


@dataclass(frozen=True)
class Warmed:
    """A store published in the middle of its last month, which is therefore open, and then opened to others.

    names: of the cells that the command makes; before: of those that are made before visitors see the release.
    """

    store: Store
    names: frozenset[str]
    before: frozenset[str]


@pytest.fixture(scope="module")
def warmed(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Warmed:
    """Of the command only what it asks for, each once: pages make the few of these cells that they need, not the command all."""
    store = Store(own_copy(sample_store, tmp_path_factory.mktemp("warmed") / "store"))
    last = store.serving().last_day
    assert last
    made_on(store, datetime(last.year, last.month, last.day, 12))
    asked: dict[Path, CellIndex] = {}

    def nothing(
        cube: Cube, measures: Sequence[Any], shape: Shape, build: object, part: object
    ) -> tuple[CellIndex, ...]:
        paths = [cube._path(measure, shape) for measure in measures]
        for path in paths:
            if path not in asked:
                of_nobody = packed(pl.DataFrame(schema=[*shape.dimensions, *COLUMNS]))
                asked[path] = CellIndex(of_nobody, shape.dimensions)
        return tuple(asked[path] for path in paths)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cube, "_cells", nothing)
        assert main(["build", "--store", str(store.path)]) == 0
        names = frozenset(path.name for path in asked)
        asked.clear()
        ready.made_by(
            lambda store, _, draft, __: draft_process.make(
                StagedStore(store.path, draft), (PROTECTED,), lambda *_: None
            )
        )
        try:
            open_to_others(store)
        finally:
            ready.made_by(None)
    return Warmed(store, names, frozenset(path.name for path in asked))


def cells(store: Store) -> set[str]:
    return {path.name for path in store.cube_path(store.serving()).glob("*.cells")}


def test_the_command_makes_the_cells_of_the_first_views(
    sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = ("clients", "referrals", "enrolments", "solved_first_contact_share")
    monkeypatch.setattr(warming, "definitions", lambda: {name: definitions()[name] for name in few})
    monkeypatch.setattr(warming, "FIRST_SCREENS", ((("clients",), ("channel",)),))
    monkeypatch.setattr(warming, "FILTERS", ())
    store = Store(own_copy(sample_store, tmp_path / "store", cells=False))
    assert main(["build", "--store", str(store.path)]) == 0
    names = {name.split("-")[0] for name in cells(store)}
    made = {"encounter", "encounter+language", "encounter+channel", "referral", "enrolment", "first_contact+topic"}
    assert made <= names


def test_the_command_asks_for_the_cells_of_all_metrics(warmed: Warmed) -> None:
    assert len(warmed.names) > 500


def test_every_filter_of_the_bar_is_made_ahead() -> None:
    assert set(warming.FILTERS) == {dimension for slot in SLOTS.values() for dimension in slot}


@pytest.mark.parametrize("page_id", [spec.id for spec in PAGES])
def test_after_a_release_a_first_screen_asks_for_no_cell_that_is_not_made(
    page_id: str, warmed: Warmed, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    _asks_for_nothing_else(page_id, warmed, opened, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("chosen", CHOSEN)
@pytest.mark.parametrize("page_id", [spec.id for spec in PAGES if spec.group != "tools"])
def test_after_a_release_a_filter_of_each_kind_asks_for_no_cell_that_is_not_made(
    page_id: str, chosen: str, warmed: Warmed, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    _asks_for_nothing_else(page_id, warmed, opened, monkeypatch, **{chosen: CHOSEN[chosen]})


def _asks_for_nothing_else(
    page_id: str, warmed: Warmed, opened: Open, monkeypatch: pytest.MonkeyPatch, **chosen: str
) -> None:
    """The page draws exact cells instead of those it asks for: nearly the same numbers, without the work of who waits."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(warmed.store.path))
    # Of the sample store itself, whose token this one has, other tests have answers of a month that is closed, and none of these.
    for module, name in ((asking, "_answers"), (asking, "_curves"), (opening, "_answered")):
        monkeypatch.setattr(module, name, Memory(64_000_000))
    asked = set[str]()
    cells_of = Cube._cells

    def exact(
        cube: Cube, measures: Sequence[Any], shape: Shape, build: Any, part: CellPart | None
    ) -> tuple[CellIndex, ...]:
        asked.update(cube._path(measure, shape).name for measure in measures)
        exactly = replace(shape, batch=0, has_open=cube.last_month > cube.closed_month)
        return cells_of(cube, measures, exactly, build, part)

    monkeypatch.setattr(Cube, "_cells", exact)
    app = opened(page_id, **chosen)
    assert not app.exception
    assert not app.error
    assert asked - warmed.before == set()
    assert warmed.before <= warmed.names
