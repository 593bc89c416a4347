"""Step two of an import: the questions its files leave open, each with its safe default, and the answers that were remembered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from data.ingest.plan import Prepared
from data.ingest.question_words import option_text, question_text
from data.texts import Texts, message
from pages.i18n.formats import number
from pages.importing.asked import Asked, gathered
from pages.importing.session import ImportSession
from pages.view.sentences import plain

_KEY = "import_answer"
_IN_FULL = 3
"""Options shown as a choice in full; more are a list to search."""


def show_questions(prepared: Prepared, session: ImportSession, t: Texts) -> None:
    """The open questions as a form; what was answered or remembered stands behind a heading, to be changed."""
    asked = gathered([one for one in prepared.decisions if one.how in ("default", "answered")])
    known = gathered([one for one in prepared.decisions if one.how in ("remembered", "taken")])
    if asked:
        st.subheader(t("import.questions"))
        waiting = questions_open(prepared)
        st.markdown(t("import.questions.intro", count=waiting) if waiting else t("import.questions.done"))
        _form("asked", asked, session, t)
    if known:
        with st.expander(t("import.questions.remembered", count=len(known))):
            _form("known", known, session, t)


def questions_open(prepared: Prepared) -> int:
    """How many questions wait for an answer, as they are shown: the same one of several files once."""
    return len(gathered(prepared.open_questions))


def defaults_wanted(prepared: Prepared, t: Texts) -> bool:
    """Offer to publish without answers: what would be taken for each question, and the button. Whether it was pressed."""
    with st.expander(t("import.defaults")):
        st.markdown(t("import.defaults.what"))
        st.markdown(
            "\n".join(
                f"- {plain(question_text(one, t.lang))} **{plain(option_text(one, one.default, t.lang))}**"
                for one in (shown.question for shown in gathered(prepared.open_questions))
            )
        )
        return st.button(t("import.defaults.publish"), key="import_publish_defaults", icon=":material/publish:")


def _form(name: str, shown: Sequence[Asked], session: ImportSession, t: Texts) -> None:
    with st.form(f"import_questions_{name}"):
        numbered = list(enumerate(shown))
        for places, of_place in groupby(numbered, lambda item: item[1].places):
            items = list(of_place)
            heading = (
                plain(places[0]) if len(places) == 1 else t("import.questions.several", files=plain(", ".join(places)))
            )
            st.markdown(f"**{heading}** · {t('import.questions.count', count=len(items))}")
            for column, words in groupby(items, lambda item: item[1].question.about if item[1].is_word else None):
                _draw(name, list(words), column, session, t)
        st.form_submit_button(
            t("import.answer"),
            type="primary",
            icon=":material/check:",
            on_click=lambda: _answer(name, shown, session),
        )


def _draw(name: str, items: Sequence[tuple[int, Asked]], column: str | None, session: ImportSession, t: Texts) -> None:
    """Questions one below the other; the words of one column side by side under its name."""
    if column is None:
        for place, one in items:
            _ask(f"{_KEY}_{name}_{session.asked}_{place}", one, plain(question_text(one.question, t.lang)), t)
        return
    field = message(f"field.{items[0][1].question.params['field']}", t.lang)
    st.markdown(t("import.questions.words", column=plain(column), field=field))
    sides = st.columns(2, gap="medium")
    for counter, (place, one) in enumerate(items):
        code = "import.questions.word_several" if one.question.params.get("several") else "import.questions.word"
        rows = one.question.rows
        label = t(code, word=plain(one.question.value), rows=number(rows, t.lang), count=rows)
        with sides[counter % 2]:
            _ask(f"{_KEY}_{name}_{session.asked}_{place}", one, label, t)


def _ask(key: str, shown: Asked, text: str, t: Texts) -> None:
    """One question: a choice of few in full, of many as a list to search. The safe default is marked."""
    question, answer = shown.question, shown.decisions[0]
    if answer.how == "taken":
        text = f"{text} {t('import.questions.taken')}"

    def say(option: str) -> str:
        word = option_text(question, option, t.lang)
        return t("import.questions.default", answer=word) if option == question.default else word

    place = question.options.index(answer.answer)
    if len(question.options) <= _IN_FULL:
        st.radio(text, question.options, place, key=key, format_func=say)
    else:
        st.selectbox(text, question.options, place, key=key, format_func=say, width=480)


def _answer(name: str, shown: Sequence[Asked], session: ImportSession) -> None:
    """Keep what was chosen; the files are then looked at again."""
    asked = session.asked
    for place, one in enumerate(shown):
        chosen = st.session_state.get(f"{_KEY}_{name}_{asked}_{place}")
        for decision in one.decisions if chosen is not None else ():
            question = decision.question
            session.answer(question.file, question.sheet, question.key, str(chosen))
