"""Going back: what serves and what visitors see move together, whoever else writes and wherever it stops."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from data.store import ready, releases
from data.store.commit import UNFINISHED
from data.store.releases import ReleaseError, follow, rollback
from data.store.store import Store, StoreError
from tests.data.store.months import another, of_a_hundred


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two versions; visitors see the first."""
    found = of_a_hundred(tmp_path / "store")
    another(found)
    return found


def seen(store: Store) -> tuple[int, int]:
    """The numbers of what serves, and of what visitors see a release of."""
    return Store(store.path).serving().number, Store(store.path).released().number


def test_a_release_made_while_somebody_is_about_to_go_back_does_not_stay_with_visitors(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, left = Store.writing, [True]

    @contextmanager
    def overtaken(self: Store, **more: Any) -> Iterator[None]:
        if left:
            left.clear()
            follow(self, "now")
        with writing(self, **more):
            yield

    monkeypatch.setattr(Store, "writing", overtaken)
    with pytest.raises(ReleaseError, match="rollback"):
        rollback(store, 1)
    assert seen(store) == (2, 2)
    rollback(store, 1, accepted=True)
    assert seen(store) == (1, 1)


def test_stopped_while_the_release_is_made_nothing_has_moved(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(store, "now")

    def full(*_: object) -> None:
        raise StoreError("no_room", store.path)

    with monkeypatch.context() as patch:
        patch.setattr(releases, "describe", full)
        with pytest.raises(StoreError):
            rollback(store, 1, accepted=True)
    assert seen(store) == (2, 2)
    rollback(store, 1, accepted=True)
    assert seen(store) == (1, 1)


@pytest.mark.parametrize("stopped_at", ["released", "current"])
def test_stopped_among_the_moves_both_move(store: Store, stopped_at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(store, "now")
    replace = Path.replace

    def stopped(self: Path, target: Path) -> Path:
        if target == store.path / stopped_at and (store.path / UNFINISHED).exists():
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            rollback(store, 1, accepted=True)
    assert seen(store) == (1, 1)


def test_a_release_that_turns_out_damaged_is_made_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(store, "now")

    def torn(*_: object, **__: object) -> int:
        raise StoreError("release_damaged", store.path, "releases/000002.duckdb")

    with monkeypatch.context() as patch:
        patch.setattr(releases, "_moves", lambda *_: True)  # the month alone has told
        patch.setattr(releases, "changed_clients", torn)
        rollback(store, 1, accepted=True)
    assert seen(store) == (1, 1)


def test_a_version_that_goes_while_one_waits_is_said_to_be_gone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.store.store.KEEP", 1)
    begun = Event()

    def make(store: Store, *_: object) -> None:
        begun.set()
        while not ready.is_hurried(store.path):
            Event().wait(0.05)

    ready.made_by(make)
    try:
        thread = Thread(target=another, args=(store, 10), daemon=True)
        thread.start()
        assert begun.wait(20)
        with pytest.raises(StoreError) as refused:
            rollback(store, 1)
        thread.join()
    finally:
        ready.made_by(None)
    assert (refused.value.reason, refused.value.detail) == ("no_generation", "1")
    assert seen(store)[0] == 3
