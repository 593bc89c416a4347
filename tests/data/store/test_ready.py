"""While figures of a draft are made, others who want to write are told how far that has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.refusal import refusal_text
from data.store import ready
from data.store.generation import Generation
from data.store.ready import Waiter
from data.store.store import Store, StoreError
from data.texts import texts


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """What somebody else is told who wants to write into the store."""
    monkeypatch.setattr("data.store.store._PATIENCE", 0.05)

    def one() -> str:
        with pytest.raises(StoreError, match="busy") as error, Store(tmp_path).writing():
            pass
        return refusal_text(error.value, texts("fi"))

    return one


@pytest.fixture(autouse=True)
def nobody_makes_figures() -> Iterator[None]:
    yield
    ready.made_by(None)


def test_others_are_told_how_far_the_figures_are(tmp_path: Path, refused: Callable[[], str]) -> None:
    told: list[str] = []
    progress: list[tuple[int, int]] = []

    def make(store: Store, made: Generation, draft: Path, waiting: Waiter) -> None:
        told.append(refused())
        for done in (1, 34):
            waiting.progress(done, 90)
            told.append(refused())

    ready.made_by(make)
    with ready.waited_for(Waiter(lambda *step: progress.append(step))), Store(tmp_path).next_generation("first"):
        told.append(refused())
    with Store(tmp_path).writing():
        told.append(refused())
    assert [("laskettu" in text, "34/90" in text) for text in told] == [
        (False, False), (False, False), (True, False), (True, True), (False, False),
    ]  # fmt: skip
    assert "1/90" in told[2]
    assert progress == [(1, 90), (34, 90)], "who waits is told, too"
    assert not [*tmp_path.glob("*.draft*")]


@pytest.mark.parametrize("left", ["", "34", "34/", "a/b", "1/2/3", "٣/٤"])
def test_what_is_left_half_written_is_told_to_nobody(left: str, tmp_path: Path, refused: Callable[[], str]) -> None:
    with Store(tmp_path).writing():
        (tmp_path / "steps.draft").write_text(left, encoding="utf-8")
        assert "laskettu" not in refused()
