"""Search for metrics: the text field, kept in the URL, and the metrics that match."""

from __future__ import annotations

import streamlit as st

from data.texts import Language
from metrics.model.definition import Definition, definitions
from pages.shell.page import Page

SEARCH = "q"
_MOST_LETTERS = 60


def search_field(page: Page) -> str:
    """Draw the search field with the text from the URL, and return the text."""
    key = f"own_{page.id}_{SEARCH}"
    st.session_state[key] = st.query_params.get(SEARCH, "")[:_MOST_LETTERS]
    if st.session_state[key]:
        page.own[SEARCH] = st.session_state[key]

    def changed() -> None:
        wanted = st.session_state[key].strip()
        if wanted:
            st.query_params[SEARCH] = wanted
        else:
            st.query_params.pop(SEARCH, None)

    text: str = st.text_input(page.t("catalogue.search"), key=key, on_change=changed, max_chars=_MOST_LETTERS)
    return text


def matching(wanted: str, lang: Language) -> tuple[Definition, ...]:
    """Return the metrics whose id, name or text in the language contains every word of the search."""
    words = wanted.casefold().split()
    return tuple(
        definition
        for definition in definitions().values()
        if all(word in f"{definition.id} {definition.name[lang]} {definition.text[lang]}".casefold() for word in words)
    )
