"""What is published goes on whatever is clicked, tells how far it has come, and need not be waited for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import StopException

from data.store import ready
from data.store.audit import AuditLog
from data.store.generation import Generation
from data.store.ready import Waiter
from data.store.store import Store
from pages.shell import publishing
from pages.shell.publishing import Publishing
from tests.data.ingest.imports import GOOD
from tests.pages.importing.test_importing import OTHER, Steward, csv
from tests.pages.rights import with_rights


class Maker:
    """Makes figures until it may end, or somebody has had enough."""

    def __init__(self) -> None:
        self.begun, self.may_end = Event(), Event()

    def __call__(self, store: Store, made: Generation, draft: Path, waiting: Waiter) -> None:
        waiting.progress(3, 90)
        self.begun.set()
        while not self.may_end.wait(0.02):
            if waiting.is_enough():
                waiting.left("enough")
                return
        waiting.left("no_room")


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Maker]:
    found = Maker()
    ready.made_by(found)
    monkeypatch.setattr(publishing, "_QUIET", 0.02)
    monkeypatch.setattr(publishing, "_PAUSE", 0.02)
    yield found
    found.may_end.set()
    ready.made_by(None)


@pytest.fixture
def steward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steward:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "own"))
    with_rights(monkeypatch)
    found = Steward(tmp_path / "own")
    found.choose(csv(GOOD, OTHER))
    return found


def test_nobody_has_to_wait_for_figures(store_of_one: Store, maker: Maker) -> None:
    def act() -> str:
        with store_of_one.next_generation("again"):
            pass
        return "done"

    one = Publishing(act)
    assert maker.begun.wait(20)
    assert not one.is_done(0)
    assert store_of_one.pointer() == 1, "what was there serves meanwhile"
    assert one.steps == (3, 90)
    one.hurry()
    assert one.is_done(20)
    assert (one.result(), one.left, store_of_one.pointer()) == ("done", "enough", 2)


@pytest.fixture
def store_of_one(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    with ready.at_once(), store.next_generation("first"):
        pass
    return store


def test_a_click_meanwhile_stops_the_page_and_not_the_import(
    steward: Steward, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clicked(self: Publishing, patience: float) -> bool:
        maker.begun.wait(20)
        raise StopException  # as when something else is clicked

    with monkeypatch.context() as patch:
        patch.setattr(Publishing, "is_done", clicked)
        steward.app.button(key="import_publish").click().run()
    assert steward.store.current() is None
    maker.may_end.set()
    steward.app.run()
    found = steward.store.current()
    assert found is not None
    assert found.rows["encounter"] == 2
    assert any("1" in one.value for one in steward.app.success)
    assert steward.t("release.cells_left", why=steward.t("release.left.no_room")) in [
        w.value for w in steward.app.warning
    ]
    assert {line.who for line in AuditLog(steward.store.path).lines() if line.what == "published"} != {"server"}


def test_how_far_it_has_come_is_shown_and_goes_with_it(
    steward: Steward, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    is_done = Publishing.is_done

    def looks(self: Publishing, patience: float) -> bool:
        maker.begun.wait(20)
        if len(shown) == 2:
            maker.may_end.set()
        return is_done(self, patience)

    def spied(kind: str) -> None:
        real = getattr(DeltaGenerator, kind)

        def drawn(self: DeltaGenerator, *words: object, **more: object) -> object:
            text = str(more.get("text", words[0]))
            if text in (told, steward.t("release.hurry")):
                shown.append(text)
            return real(self, *words, **more)

        monkeypatch.setattr(DeltaGenerator, kind, drawn)

    told = steward.t("release.building", done=3, of=90)
    for kind in ("progress", "button"):
        spied(kind)
    monkeypatch.setattr(Publishing, "is_done", looks)
    steward.publish()
    assert shown[:2] == [told, steward.t("release.hurry")]
    assert "import_publishing_hurry" not in steward.buttons
    assert steward.app.success


def test_what_an_act_raises_is_raised_where_it_is_waited_for() -> None:
    def act() -> str:
        raise ValueError("not done")

    one = Publishing(act)
    assert one.is_done(20)
    with pytest.raises(ValueError, match="not done"):
        one.result()


def test_a_button_that_is_pressed_twice_publishes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    state, may_end, acts = dict[str, object](), Event(), list[int]()
    monkeypatch.setattr("pages.shell.publishing.st.session_state", state)

    def act() -> None:
        acts.append(1)
        may_end.wait(20)

    publishing.begin("here", act)
    first = state["here"]
    publishing.begin("here", act)
    assert state["here"] is first
    may_end.set()
    assert isinstance(first, Publishing)
    assert first.is_done(20)
    publishing.begin("here", act)
    assert state["here"] is not first
    assert len(acts) == 2
