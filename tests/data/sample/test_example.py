"""The example municipality beside a store of one's own: shown when asked for, left again, and never in its way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.sample import example
from data.sample import plan as plans
from data.sample.plan import make_plan
from data.store.errors import StoreError
from data.store.store import LEFT, Store, default_store, example_store, own_store
from tests.metrics.made import store_of

ROWS = {"encounter": [{"client": 1, "occurred_on": date(2025, 12, 1)}]}


@pytest.fixture(params=["named", "of the folder"])
def own(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the store of one's own will be; a small example is made beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TILANNEKUVA_STORE", raising=False)
    if request.param == "named":
        monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "named"))
    monkeypatch.setattr(plans, "make_plan", lambda *given: make_plan(*given or (300,)))
    return own_store().path


def test_it_is_shown_until_it_is_left_and_at_once_the_next_time(own: Path) -> None:
    assert example.shown() is None
    seen: list[tuple[int, int]] = []
    example.show(lambda done, of: seen.append((done, of)))
    made = example.shown()
    assert made is not None
    assert made.path == default_store().path == example_store().path
    assert made.is_sample
    assert not own.exists(), "one's own store is as it was"
    assert seen == sorted(seen)
    assert seen[0][0] == 0
    assert seen[-1][0] < seen[-1][1]
    example.leave()
    assert example.shown() is None
    assert default_store().path == own
    example.show(lambda *_: pytest.fail("it is there"))
    assert example.shown() is not None


def test_data_of_one_s_own_take_its_place(own: Path) -> None:
    example.show()
    store_of(own, ROWS)
    assert example.shown() is None
    assert not example.can_show()
    assert default_store().path == own
    example.leave()
    assert not (example_store().path / LEFT).exists()


def test_an_old_one_is_made_anew(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(plans, "make_plan", lambda: make_plan(300, until=date(2025, 3, 31)))
        example.show()
    example.show()
    assert example_store().serving().closed_until == make_plan(300).last


def test_a_store_of_people_beside_one_s_own_is_never_shown_as_the_example_nor_written_over(own: Path) -> None:
    """Whoever named it so."""
    kept = store_of(example_store().path, ROWS)
    assert default_store().path == own
    with pytest.raises(Exception, match="among_real"):
        example.show()
    assert kept.serving().number == 1
    assert example.shown() is None


def test_a_damaged_example_is_not_shown(own: Path) -> None:
    example.show()
    (example_store().path / "store.json").write_text("{")
    assert default_store().path == own
    with pytest.raises(StoreError):
        example.show()


def test_the_command_shows_it_again(own: Path) -> None:
    from data.cli import main

    example.show()
    example.leave()
    assert main(["sample", "--encounters", "300", "--store", str(example_store().path)]) == 0
    assert example.shown() is not None


def test_a_store_that_is_named_is_the_one_that_commands_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "named"))
    assert default_store() == own_store() == Store(tmp_path / "named")
