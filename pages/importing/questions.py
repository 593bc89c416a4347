"""Step two of an import: the questions its files leave open, each with its safe default, and the answers that were remembered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from data.ingest.plan import Prepared
from data.ingest.question_words import option_text, question_text
from data.ingest.recognise.asking import Decision
from data.texts import Texts
from pages.importing.accounts import place_name
from pages.importing.session import ImportSession
from pages.view.sentences import plain

_KEY = "import_answer"


def show_questions(prepared: Prepared, session: ImportSession, t: Texts) -> None:
    """The open questions as a form; what was answered or remembered stands behind a heading, to be changed."""
    asked = [one for one in prepared.decisions if one.how != "remembered"]
    known = [one for one in prepared.decisions if one.how == "remembered"]
    if asked:
        st.header(t("import.questions"))
        waiting = len(prepared.open_questions)
        st.markdown(t("import.questions.intro", count=waiting) if waiting else t("import.questions.done"))
        _form("asked", asked, session, t)
    if known:
        with st.expander(t("import.questions.remembered", count=len(known))):
            _form("known", known, session, t)


def _form(name: str, decisions: Sequence[Decision], session: ImportSession, t: Texts) -> None:
    with st.form(f"import_questions_{name}"):
        number = 0
        for place, of_place in groupby(decisions, lambda one: place_name(one.question.file, one.question.sheet)):
            st.markdown(f"**{plain(place)}**")
            for one in of_place:
                _ask(f"{_KEY}_{name}_{session.asked}_{number}", one, t)
                number += 1
        st.form_submit_button(
            t("import.answer"),
            type="primary",
            icon=":material/check:",
            on_click=lambda: _answer(name, decisions, session),
        )


def _ask(key: str, decision: Decision, t: Texts) -> None:
    """One question: a choice of few in full, of many as a list to search."""
    question = decision.question
    text = plain(question_text(question, t.lang))
    place = question.options.index(decision.answer)
    if len(question.options) <= 3:
        st.radio(
            text, question.options, place, key=key, format_func=lambda option: option_text(question, option, t.lang)
        )
        return
    st.selectbox(
        text,
        question.options,
        place,
        key=key,
        format_func=lambda option: option_text(question, option, t.lang),
        width=480,
    )


def _answer(name: str, decisions: Sequence[Decision], session: ImportSession) -> None:
    """Keep what was chosen; the files are then looked at again."""
    for number, one in enumerate(decisions):
        chosen = st.session_state.get(f"{_KEY}_{name}_{session.asked}_{number}")
        if chosen is not None:
            session.answer(one.question.file, one.question.sheet, one.question.key, str(chosen))
