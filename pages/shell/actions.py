"""Outcomes of actions, shown once on the run after a click, and errors of a store as messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import streamlit as st

from data.refusal import Refusal
from data.store.store import StoreError
from data.texts import Texts
from pages.access import session
from pages.access.rights import Act
from pages.shell.telling import refusal_text

Outcome = tuple[Literal["success", "error"], str]


def remember(where: str, outcome: Outcome) -> None:
    """Keep the outcome of an action for the next run, in session state under the key `where`."""
    st.session_state[where] = outcome


def show_outcome(where: str) -> bool:
    """Show the outcome kept under the key `where`, once; return whether there was one."""
    kind, text = st.session_state.pop(where, (None, ""))
    if kind == "success":
        st.success(text)
    elif kind == "error":
        st.error(text)
    return kind is not None


def outcome(act: Callable[[], str], t: Texts) -> Outcome:
    """Run an action and return its success text, or the text of the refusal it raises."""
    try:
        return "success", act()
    except Refusal as error:
        return "error", refusal_text(error, t, "page.not_now")


def attempt(where: str, act: Callable[[], str], t: Texts, no_right: str, needs: Act = "steward") -> None:
    """Run an action that needs a right, and keep its outcome for the next run under the key `where`.

    The right is checked at the time of the action, because it may have been lost since the page was drawn. no_right:
    text key of the error without the right; needs: the right.
    """
    remember(where, outcome(act, t) if session.may(needs) else ("error", t(no_right)))


@contextmanager
def store_errors_shown(t: Texts) -> Iterator[None]:
    """Show a StoreError raised in the block as an error message instead of letting it propagate."""
    try:
        yield
    except StoreError as error:
        st.error(refusal_text(error, t, "page.not_now"))
