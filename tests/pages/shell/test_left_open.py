"""A page left open asks again which rights it has, and is drawn anew once they have ended."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.access import session
from pages.access.rights import READER, STEWARD, Rights, rights_of
from pages.access.settings import AccessError
from pages.shell import left_open
from tests.pages.rights import with_rights, without_rights


class DrawnAnewError(Exception):
    """In place of a new run."""


@pytest.fixture(autouse=True)
def drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def rerun() -> None:
        raise DrawnAnewError

    monkeypatch.setattr(st, "rerun", rerun)


def test_nothing_is_drawn_anew_while_the_rights_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    left_open._look(STEWARD)


@pytest.mark.parametrize("left", [READER, rights_of("manager")])
def test_rights_that_have_ended_or_become_others_draw_the_page_anew(
    left: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rights(monkeypatch, left)
    with pytest.raises(DrawnAnewError):
        left_open._look(STEWARD)


def test_settings_that_have_become_unclear_draw_the_page_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def held() -> Rights:
        raise AccessError("unreadable")

    monkeypatch.setattr(session, "held", held)
    with pytest.raises(DrawnAnewError):
        left_open._look(STEWARD)


def _script() -> None:
    from pages.shell import left_open

    left_open.watch()


def test_only_who_has_rights_to_lose_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float | str | None] = []
    real = st.fragment

    def fragment(*given: object, run_every: float | str | None = None) -> object:
        asked.append(run_every)
        return real(*given, run_every=run_every)  # type: ignore[call-overload]

    monkeypatch.setattr(st, "fragment", fragment)
    without_rights(monkeypatch)
    assert not AppTest.from_function(_script).run().exception
    assert asked == []
    with_rights(monkeypatch)
    assert not AppTest.from_function(_script).run().exception
    assert asked == [left_open.EVERY]
