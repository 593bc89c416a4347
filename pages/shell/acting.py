"""What became of a person's click: said once, when the page has been drawn anew; and what is wrong with a store, in words.

The door of pages/ to the messages of a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, Protocol

import streamlit as st

from data.messages import message
from data.store.store import StoreError
from metrics.grammar.question import QuestionError
from pages.i18n.texts import Texts
from pages.shell.audience import may_see_internal
from pages.view.sentences import plain, question_text

Outcome = tuple[Literal["success", "error"], str]


class _Refusal(Protocol):
    """An error that says why by a code."""

    reason: str


def remember(where: str, outcome: Outcome) -> None:
    """Keep what became of a click for the next drawing. where: a key of the page's own."""
    st.session_state[where] = outcome


def say_outcome(where: str) -> None:
    """What became of the last click, once."""
    kind, text = st.session_state.pop(where, (None, ""))
    if kind == "success":
        st.success(text)
    elif kind == "error":
        st.error(text)


def outcome(act: Callable[[], str], t: Texts, refusals: Mapping[type[Exception], str]) -> Outcome:
    """Do what was asked; what it returns, or why it was refused. refusals: the stem of the text keys of an error's reasons."""
    try:
        return "success", act()
    except QuestionError as error:
        return "error", question_text(error, t)
    except StoreError as error:
        return "error", store_text(error, t)
    except tuple(refusals) as error:
        refused: _Refusal = error  # type: ignore[assignment]
        return "error", t(refusals[type(error)] + refused.reason)


def attempt(
    where: str, act: Callable[[], str], t: Texts, refusals: Mapping[type[Exception], str], no_right: str
) -> None:
    """Do what only whoever has the right may do, and keep what became of it for the next drawing.

    The right is asked for at the very act: a session may outlive it. no_right: the text key of its absence.
    """
    remember(where, outcome(act, t, refusals) if may_see_internal() else ("error", t(no_right)))


@contextmanager
def damage_said(t: Texts) -> Iterator[None]:
    """Say what cannot be read, and where."""
    try:
        yield
    except StoreError as error:
        st.error(store_text(error, t))


def store_text(error: StoreError, t: Texts) -> str:
    """What is wrong with a store, as Markdown."""
    return plain(message(f"store_{error.reason}", t.lang, path=error.path, detail=error.detail))
