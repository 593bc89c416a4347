"""Search for metrics: the text field, kept in the URL, and the metrics that match."""

from __future__ import annotations

import streamlit as st

from data.texts import Texts
from metrics.model.definition import Definition, definitions
from pages.shell.by_hand import by_hand
from pages.shell.page import Page
from pages.shell.sharing import SEARCH
from pages.view.address import in_address

_MOST_LETTERS = 60


def search_field(page: Page) -> str:
    """Draw the search field with the text from the URL, and return the text."""
    key = f"own_{page.id}_{SEARCH}"
    st.session_state[key] = in_address(SEARCH)[:_MOST_LETTERS]
    if st.session_state[key]:
        page.own[SEARCH] = st.session_state[key]

    @by_hand(key)
    def changed() -> None:
        wanted = st.session_state[key].strip()
        if wanted:
            st.query_params[SEARCH] = wanted
        else:
            st.query_params.pop(SEARCH, None)

    text: str = st.text_input(page.t("catalogue.search"), key=key, on_change=changed, max_chars=_MOST_LETTERS)
    return text


def matching(wanted: str, t: Texts) -> tuple[Definition, ...]:
    """Return the metrics that every word of the search is found in: id, name, text, page or recommendations."""
    words = wanted.casefold().split()
    return tuple(one for one in definitions().values() if all(word in _searched(one, t) for word in words))


def _searched(one: Definition, t: Texts) -> str:
    parts = (one.id, one.name[t.lang], one.text[t.lang], t("page." + one.page), *one.sources)
    return " ".join(parts).casefold()
