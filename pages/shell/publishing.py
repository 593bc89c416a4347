"""Acts that publish: they go on while the page tells how far they have come, whatever is clicked meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.store import acting
from data.store.ready import Waiter, reason_text, waited_for
from data.texts import Texts
from pages.access import session
from pages.access.rights import Act
from pages.shell import actions

_QUIET = 1.0
"""Seconds before anything is shown: short work needs no progress."""
_PAUSE = 0.5


class Publishing:
    """An act in a thread of its own: a click stops the script of a page, and must not stop what is half published."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act, self._who = act, acting.who()
        self._value: object = None
        self._error: BaseException | None = None
        self._enough = Event()
        self.steps: tuple[int, int] | None = None
        self.left = ""
        self._thread = Thread(target=self._run, name="publishing", daemon=True)
        self._thread.start()

    def is_done(self, patience: float) -> bool:
        """Whether it is done, after waiting for it."""
        self._thread.join(patience)
        return not self._thread.is_alive()

    def hurry(self) -> None:
        """Wait for no more figures: what is new is seen as soon as it can be."""
        self._enough.set()

    def result(self) -> Any:
        """What the act has returned, when it is done. Raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._value

    def _run(self) -> None:
        with acting.as_who(self._who), waited_for(Waiter(self._tell, self._tell_left, self._enough.is_set)):
            try:
                self._value = self._act()
            except BaseException as error:  # raised where somebody waits for it
                self._error = error

    def _tell(self, done: int, of: int) -> None:
        self.steps = (done, of)

    def _tell_left(self, why: str) -> None:
        self.left = why


def is_kept(where: str) -> bool:
    """Whether there is an act to wait for under the key `where`."""
    return isinstance(st.session_state.get(where), Publishing)


def awaited(where: str, t: Texts) -> Publishing | None:
    """Wait for the act kept under the key `where`, and let go of it; None where there is none."""
    found = st.session_state.get(where)
    if not isinstance(found, Publishing):
        return None
    place = st.empty()
    if not found.is_done(_QUIET):
        _show(found, place.container(), where, t)
    place.empty()
    del st.session_state[where]
    return found


def _show(one: Publishing, place: DeltaGenerator, where: str, t: Texts) -> None:
    """Show how far it has come, until it is done; once figures are made, they need not be waited for."""
    bar, is_offered = place.progress(0.0, text=t("import.publishing")), False
    while not one.is_done(_PAUSE):
        if one.steps:
            done, of = one.steps
            bar.progress(done / of, text=t("release.building", done=done, of=of))
        if one.steps and not is_offered:
            place.button(t("release.hurry"), key=f"{where}_hurry", help=t("release.hurry.help"), on_click=one.hurry)
            is_offered = True


def begin(where: str, act: Callable[[], object]) -> None:
    """Begin an act, and keep it under the key `where` for `awaited`.

    While one is under way there, no other begins: its outcome would stand in the place of the first one's.
    """
    found = st.session_state.get(where)
    if not isinstance(found, Publishing) or found.is_done(0):
        st.session_state[where] = Publishing(act)


def attempt(where: str, act: Callable[[], str], t: Texts, no_right: str, needs: Act = "steward") -> None:
    """Begin an act that needs a right, for `show_outcome`. As `actions.attempt`."""
    if session.may(needs):
        begin(_key(where), lambda: actions.outcome(act, t))
    else:
        actions.remember(where, ("error", t(no_right)))


def show_outcome(where: str, t: Texts) -> None:
    """Wait for the act begun under the key `where`, and draw the page anew after it; show the outcome, once."""
    if found := awaited(_key(where), t):
        kind, text = found.result()
        actions.remember(where, (kind, f"{text}\n\n{left}" if (left := left_text(found, t)) else text))
        st.rerun()
    actions.show_outcome(where)


def left_text(done: Publishing, t: Texts) -> str:
    """Return why figures are not all ready; nothing where they are, or somebody has not waited for them."""
    if done.left in ("", "enough"):
        return ""
    return t("release.cells_left", why=t(reason_text(done.left)))


def _key(where: str) -> str:
    return f"{where}_publishing"
