"""When the server may look at its own pages: once nothing needs to be counted for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime

from data.store.store import Store
from metrics import warming
from metrics.audience import PROTECTED
from metrics.model.definition import definitions, put_in_force
from metrics.precompute.supervisor import CellSupervisor
from metrics.registry.folder import read_registry
from metrics.registry.shelf import DefinitionShelf
from metrics.warming import Ahead, make, opened
from pages.access import announcing, published, session
from pages.shell import first_visit
from pages.shell.first_visit import Readiness, _Window, look_at
from tests.apart import in_a_loop
from tests.conftest import own_copy
from tests.metrics.registry.conftest import folder_of, phone_share


@pytest.fixture
def own(sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store whose pages open with three questions, in an app that makes cells ahead."""
    store = Store(own_copy(sample_store, tmp_path / "own", cells=False))
    few = (*warming.FIRST_SCREENS[:2], (("referrals",), ("municipality",)))
    monkeypatch.setattr(warming, "_first", lambda: few)
    monkeypatch.setattr(CellSupervisor, "makes", True)
    yield store
    put_in_force(None)


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


def test_a_store_with_definitions_of_its_own_is_ready_by_these(
    own: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server may not have drawn any page yet, and knows the program's own alone."""
    make(own, steps(own))
    before = Readiness(lambda: own)
    first = before.state()
    assert first
    registry = read_registry(folder_of(tmp_path / "registry", phone_share=phone_share()))
    DefinitionShelf(own).take(registry)
    monkeypatch.setattr(warming, "_first", lambda: ((("phone_share",), ("language",)),))
    put_in_force(None)
    assert [one.state() for one in (before, Readiness(lambda: own))] == ["", ""], "its cells are not there"
    assert "phone_share" in definitions()
    make(own, steps(own))
    put_in_force(None)
    after = [one.state() for one in (before, Readiness(lambda: own))]
    assert after[0] == after[1] not in ("", first), "figures are other ones, of the same data"


class Pretended:
    """A runtime that draws a page at once, unless it hangs there."""

    def __init__(self, hangs_at: str | None = None) -> None:
        self._hangs_at, self._window = hangs_at, _Window()
        self.said = list[str]()

    def connect_session(self, window: _Window, *, user_info: dict[str, str], session_id_override: str) -> None:
        assert (user_info, session_id_override) == ({}, session.OWN)
        self._window = window

    def handle_backmsg(self, own: str, message: BackMsg) -> None:
        assert own == session.OWN
        page = message.rerun_script.page_name
        self.said.append(page)
        if page != self._hangs_at:
            self._window.write_forward_msg(ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY))

    def close_session(self, own: str) -> None:
        assert own == session.OWN
        self.said.append("closed")


def looked(monkeypatch: pytest.MonkeyPatch, runtime: Pretended, is_still: Callable[[], bool]) -> int:
    monkeypatch.setattr(Runtime, "instance", lambda: runtime)
    monkeypatch.setattr(first_visit, "_PATIENCE", 1.0)
    return in_a_loop(look_at(["", "demand", "reach"], is_still))


def test_each_page_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked(monkeypatch, runtime := Pretended(), lambda: True) == 3
    assert runtime.said == ["", "demand", "reach", "closed"]


def test_the_rest_is_left_to_people_when_the_state_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cells of the next one are not there, and would be counted for nobody."""
    answers = iter((True, False))
    assert looked(monkeypatch, runtime := Pretended(), lambda: next(answers)) == 1
    assert runtime.said == ["", "closed"]


def test_a_page_that_hangs_is_left_with_those_after_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert looked(monkeypatch, runtime := Pretended("demand"), lambda: True) == 1
    assert runtime.said == ["", "demand", "closed"]
    assert "too long" in caplog.text


def test_a_page_that_is_drawn_after_its_session_has_been_closed_is_the_servers_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert looked(monkeypatch, Pretended(), lambda: True)
    monkeypatch.setattr(session, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id=session.OWN))
    assert session.who() == session.SELF


def test_the_visit_is_over_when_the_state_is_another(own: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    async def look(_paths: object, is_still: Callable[[], bool]) -> int:
        for name in ("a", "b"):
            monkeypatch.setattr(Readiness, "state", lambda _self, name=name: name)
            seen.append(is_still())
        raise asyncio.CancelledError

    monkeypatch.setattr(Readiness, "state", lambda _: "a")
    monkeypatch.setattr(first_visit, "look_at", look)
    with pytest.raises(asyncio.CancelledError):
        in_a_loop(first_visit._visits(Readiness(lambda: own), 0.0))
    assert seen == [True, False]
