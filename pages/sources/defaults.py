"""Safe defaults that were taken for questions nobody has answered: they go on holding for a source until somebody does."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.coverage.sources import Source, name_of
from data.ingest.question_words import default_text
from data.texts import Texts
from pages.figures import tables
from pages.sources.calendar import headings
from pages.view.table import of_texts


def show_defaults(known: Sequence[Source], t: Texts) -> None:
    """Draw a table of them; nothing when there are none."""
    lines = [
        (name_of(source, t.lang), *default_text(key, source.answers[key], t.lang))
        for source in known
        for key in source.defaults
    ]
    if not lines:
        return
    st.header(t("sources.defaults"))
    st.markdown(t("sources.defaults.intro", count=len(lines)))
    header = headings(("source", "defaults.subject", "defaults.answer"), t)
    st.html(tables.to_html(of_texts(header, lines), t("sources.defaults"), words=(1, 2), headed=True))
