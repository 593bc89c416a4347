"""Step one of an import, beside the files: whose they are, and which period they cover."""

from __future__ import annotations

import streamlit as st

from data.coverage.sources import Sources, name_of
from data.store.store import Store
from data.texts import Texts
from pages.importing.session import ImportSession


def say_of_files(store: Store, session: ImportSession, t: Texts) -> None:
    """Whose the files are and which period they cover, when the steward knows it better than their rows tell."""
    known = {source.id: name_of(source, t.lang) for source in Sources.of(store.path).all()}

    def say() -> None:
        state = st.session_state
        source = str(state["import_new_source"]).strip() or state["import_source"] or None
        days = state["import_covers"]
        session.say(source, (days[0], days[1]) if len(days) == 2 else None)

    with st.expander(t("import.say")), st.form("import_say"):
        st.selectbox(
            t("import.say.source"), ["", *known], key="import_source", width=480,
            format_func=lambda one: t("import.say.by_rows") if not one else known[one],
        )  # fmt: skip
        st.text_input(t("import.say.new"), key="import_new_source", max_chars=60, width=480)
        st.date_input(t("import.say.covers"), [], format="DD.MM.YYYY", key="import_covers", width=480)
        st.form_submit_button(t("import.say.submit"), on_click=say)
