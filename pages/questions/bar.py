"""The field for a question in plain words, at the top of every page; the key K leads to it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from data import clock
from data.texts import Language, Texts, texts
from metrics.audience import PROTECTED
from metrics.spoken.reading import MOST_LETTERS, read
from pages.access import session
from pages.questions import answer
from pages.shell import filters
from pages.shell.serving import Serving

FIELD = "question_words"
"""Key of the field, and name of its place in the style sheet."""
_ASKED_ON = "question_page"
_JS = Path(__file__).with_name("key.js").read_text(encoding="utf-8")


@cache
def _component() -> Any:
    return st.components.v2.component("tilannekuva_question_key", html="<span></span>", js=_JS)


def field(page: str, language: Language) -> None:
    """Draw the field. page: where it stands; a question asked on another is not answered again here."""
    t = texts(language)
    if st.session_state.get(_ASKED_ON) != page:
        # In the session and not in the address: a question is free text, and addresses are kept and passed on.
        st.session_state[_ASKED_ON], st.session_state[FIELD] = page, ""
    st.text_input(
        t("question.field"), key=FIELD, placeholder=t("question.placeholder"), max_chars=MOST_LETTERS,
        label_visibility="collapsed", icon=":material/search:",
    )  # fmt: skip
    _component()(data={"field": FIELD}, key="question_key", width="content", height="content")


def show(served: Serving, t: Texts, may_be_exact: bool) -> None:
    """Draw the answer to the question in the field, if there is one, with what was understood of it.

    may_be_exact: the page it stands on may show exact values, which one for an audience may not.
    """
    asked = str(st.session_state.get(FIELD, "")).strip()
    if not asked:
        return
    known = served.known(session.rights().exact if may_be_exact else PROTECTED)
    view, _ = filters.from_address(known)
    with st.container(border=True, key="question_answer"):
        answer.show(read(asked, t.lang, clock.today(), served.closed_until, served.places), view, known, served, t)
        st.button(t("question.close"), key="question_close", icon=":material/close:", type="tertiary", on_click=_close)


def _close() -> None:
    st.session_state[FIELD] = ""
