"""A command that changes what is seen makes what pages open with, unless it is told not to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from data.store import changed
from data.store.ready import Waiter
from data.store.staged import StagedStore
from data.store.store import Store
from metrics.grammar.question import Question
from metrics.model.serving import generation_for
from metrics.precompute import before_publication, command, draft_process
from metrics.warming import Ahead
from tests.metrics.made import store_of
from tilannekuva.__main__ import main


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with two generations; what is made is one question."""

    def opened(store: Store, audiences: tuple[str, ...]) -> Iterator[Ahead]:
        for audience in audiences:
            yield Ahead(Question(("clients",), audience=audience), generation_for(store, audience))

    class Here:
        """Cells of a draft are made in this process."""

        def __init__(self, store: Store, draft: Path, audiences: Sequence[str]) -> None:
            self._make = partial(draft_process.make, StagedStore(store.path, draft), audiences)

        def run(self, waiting: Waiter) -> str:
            self._make(waiting.progress)
            return ""

    monkeypatch.setattr(before_publication, "_DraftProcess", Here)
    monkeypatch.setattr(draft_process, "opened", opened)
    monkeypatch.setattr(draft_process, "filtered", lambda *_: iter([]))
    monkeypatch.setattr(command, "opened", opened)
    monkeypatch.setenv("TILANNEKUVA_CELLS", "1")
    rows: list[dict[str, Any]] = [
        {"client": n, "occurred_on": date(2025, 2, 3), "language": "so"} for n in range(1, 41)
    ]
    made = store_of(tmp_path / "store", {"encounter": rows})
    with made.next_generation("again"):
        pass
    changed.taken()
    return made


def cells(store: Store) -> int:
    return len(list(store.path.glob("cube/*/*.cells")))


def test_going_back_makes_cells_but_not_when_told_not_to(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["rollback", "1", "--no-cells", "--store", str(store.path)]) == 0
    assert not cells(store)
    monkeypatch.setenv("TILANNEKUVA_CELLS", "0")
    assert main(["rollback", "2", "--store", str(store.path)]) == 0
    assert not cells(store)
    monkeypatch.setenv("TILANNEKUVA_CELLS", "1")
    assert main(["rollback", "1", "--store", str(store.path)]) == 0
    assert cells(store) == 1


def test_opening_makes_cells_of_the_release_before_it_is_seen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "opened", lambda *_: pytest.fail("again, after it"))
    assert main(["open", "--store", str(store.path)]) == 0
    assert len(list(store.cube_path(store.released()).glob("*.cells"))) == 1


def test_a_command_that_must_not_wait_is_seen_at_once(store: Store) -> None:
    assert main(["open", "--no-cells", "--store", str(store.path)]) == 0
    assert not cells(store)
    assert store.release()


def test_what_is_not_made_before_is_said_in_words(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(before_publication, "_DraftProcess", full)
    assert main(["open", "--lang", "en", "--store", str(store.path)]) == 0
    assert "Not all figures were computed ahead" in capsys.readouterr().err
    assert store.release()


def test_what_only_looks_makes_none(store: Store) -> None:
    assert main(["history", "--store", str(store.path)]) == 0
    assert not cells(store)


def test_that_they_cannot_be_made_changes_nothing_else(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "opened", lambda *_: iter([Ahead(Question(("none",)), store.serving())]))
    assert main(["rollback", "1", "--lang", "en", "--store", str(store.path)]) == 0
    assert "The figures were not computed ahead" in capsys.readouterr().err
