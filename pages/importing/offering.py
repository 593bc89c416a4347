"""Step three of an import: what it would change, and the button that publishes it."""

from __future__ import annotations

import streamlit as st

from data.ingest.plan import Counts, Prepared
from data.store.store import Store
from data.texts import Texts
from pages.i18n import formats
from pages.importing import history
from pages.importing.questions import defaults_wanted, questions_open
from pages.importing.session import ImportSession


def offer(prepared: Prepared, store: Store, session: ImportSession, t: Texts) -> None:
    """The way to publish, when that would change something."""
    without_answers = False
    if prepared.open_questions:
        st.info(t("import.unanswered", count=questions_open(prepared)))
        if store.is_sample or not prepared.changes or not defaults_wanted(prepared, t):
            return
        prepared, without_answers = prepared.with_defaults(), True
    if not prepared.changes:
        if any(file.counts.unchanged for file in prepared.files):
            st.info(t("import.nothing_new"))
        return
    counts = sum((file.counts for file in prepared.files), Counts())
    st.header(t("import.step.publish"))
    st.markdown(
        t(
            "import.would",
            new=formats.number(counts.loaded, t.lang),
            replaced=formats.number(counts.replaced, t.lang),
            rejected=formats.number(counts.rejected, t.lang),
        )
    )
    if store.is_sample:
        st.warning(t("import.not_into_sample"))
        return
    button = (t("import.publish"), "import_publish")
    if not without_answers and not st.button(*button, type="primary", icon=":material/publish:"):
        return
    loaded = [file.file for file in prepared.files if file.refused is None]
    session.publish(prepared, store, history.cause_of(loaded))
    st.rerun()
