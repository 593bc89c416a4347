"""Outcomes of actions: shown once after a click, on the next drawing of the page; and what is wrong with a store, in words.

The door of pages/ to the messages of a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import streamlit as st

from data.refusal import Refusal
from data.store.store import StoreError
from data.texts import Texts
from pages.shell.audience import may_see_internal
from pages.view.sentences import refusal_text

Outcome = tuple[Literal["success", "error"], str]


def remember(where: str, outcome: Outcome) -> None:
    """Keep the outcome of an action for the next drawing. where: a key of the page's own."""
    st.session_state[where] = outcome


def say_outcome(where: str) -> None:
    """Show the outcome of the last action, once."""
    kind, text = st.session_state.pop(where, (None, ""))
    if kind == "success":
        st.success(text)
    elif kind == "error":
        st.error(text)


def outcome(act: Callable[[], str], t: Texts) -> Outcome:
    """Do what was asked; what it returns, or why it was refused."""
    try:
        return "success", act()
    except Refusal as error:
        return "error", refusal_text(error, t)


def attempt(where: str, act: Callable[[], str], t: Texts, no_right: str) -> None:
    """Do what only whoever has the right may do, and keep the outcome for the next drawing.

    The right is asked for at the very act: a session may outlive it. no_right: the text key of its absence.
    """
    remember(where, outcome(act, t) if may_see_internal() else ("error", t(no_right)))


@contextmanager
def damage_said(t: Texts) -> Iterator[None]:
    """Say what cannot be read, and where."""
    try:
        yield
    except StoreError as error:
        st.error(refusal_text(error, t))
