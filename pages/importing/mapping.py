"""Columns and unknown words of a sheet, each with a choice of what it means; a changed choice is an answer that is remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from data.codes import code_list
from data.ingest import report
from data.ingest.odd_values import OddValue
from data.ingest.plan import SheetPlan
from data.ingest.recognise.asking import LEAVE_OUT, UNKNOWN, question_key
from data.model.records import TABLES
from data.model.schema import field_column
from data.texts import Texts
from pages.i18n.formats import number
from pages.importing.session import ImportSession
from pages.view.sentences import plain

_KEY = "import_mapping"


def mapping_form(file: str, part: SheetPlan, session: ImportSession, t: Texts) -> None:
    """Draw a form with every column of a sheet and every word of its coded columns that no code list has."""
    place = f"{_KEY}_{session.asked}_{file}_{part.sheet}"
    columns = [(match.header, match.field) for match in part.columns if not match.mark]
    columns += [(item.header, LEAVE_OUT) for item in part.ignored]
    asked = {one.question.key for one in part.decisions}  # those have a question of their own
    words = [one for one in part.odd if one.text and _word_key(part, one) not in asked]
    choices: list[tuple[str, str, str]] = []
    with st.form(f"{place}_form", border=False):
        st.markdown(f"**{t('import.columns.choose')}**")
        fields = (LEAVE_OUT, *TABLES[part.table].model_fields)
        for row, (header, field) in enumerate(columns):
            key = f"{place}_column_{row}"
            filled = part.filled.get(header, 0)
            label = t("import.column.filled", column=plain(header), rows=number(filled, t.lang), count=filled)
            _select(key, label, fields, field, lambda code: _field(code, t))
            choices.append((key, question_key("column", part.table, header), field))
        if words:
            st.markdown(f"**{t('import.words.choose')}**")
        for row, one in enumerate(words):
            key = f"{place}_word_{row}"
            meaning = partial(report.taken_text, part.table, one.field, lang=t.lang)
            _select(key, _word_label(one, t), _options(part, one), one.taken_as, meaning)
            choices.append((key, _word_key(part, one), one.taken_as))
        st.form_submit_button(
            t("import.mapping.use"), icon=":material/check:", on_click=lambda: _keep(file, part.sheet, choices, session)
        )


def _select(key: str, label: str, options: Sequence[str], now: str, say: Callable[[str], str]) -> None:
    offered = options if now in options else (now, *options)
    st.selectbox(label, offered, offered.index(now), key=key, format_func=say, width=480)


def _keep(file: str, sheet: str | None, choices: Sequence[tuple[str, str, str]], session: ImportSession) -> None:
    """Keep every choice that differs from what was recognised."""
    state: Mapping[str, object] = st.session_state  # type: ignore[assignment]
    for key, question, before in choices:
        chosen = str(state.get(key, before))
        if chosen != before:
            session.answer(file, sheet, question, chosen)


def _word_key(part: SheetPlan, one: OddValue) -> str:
    return question_key("value", part.table, one.header, one.text or "")


def _options(part: SheetPlan, one: OddValue) -> tuple[str, ...]:
    listed = code_list(field_column(TABLES[part.table], one.field).code_list or "")
    return (UNKNOWN, *(code for code in listed.ids if code != listed.unknown))


def _word_label(one: OddValue, t: Texts) -> str:
    rows = number(one.rows, t.lang)
    return t("import.word", column=plain(one.header), word=plain(one.text or ""), rows=rows, count=one.rows)


def _field(code: str, t: Texts) -> str:
    return t("question.option.leave_out") if code == LEAVE_OUT else t(f"field.{code}")
