"""Boundaries of municipalities for maps: what there is, bringing in a file, and taking it out."""

from __future__ import annotations

import streamlit as st

from data.steward.boundaries import LONGEST_SOURCE, SOURCE, boundaries, bring_in, take_out
from data.texts import Texts
from pages.shell import actions
from pages.shell.serving import Serving
from pages.sources.removing import SAID

_FILE, _SOURCE = "sources_boundaries_file", "sources_boundaries_source"


def show(served: Serving, t: Texts) -> None:
    """Draw the section."""
    store, there = served.store.path, boundaries(served.store.path)

    def bring() -> None:
        def act() -> str:
            file, source = st.session_state[_FILE], str(st.session_state[_SOURCE])
            return t("boundaries.brought", count=bring_in(store, file.getvalue(), source))

        if st.session_state[_FILE] is None:
            actions.remember(SAID, ("error", t("sources.boundaries.no_file")))
        else:
            actions.attempt(SAID, act, t, "sources.no_right")

    def remove() -> None:
        def act() -> str:
            return t("boundaries.removed" if take_out(store) else "boundaries.none")

        actions.attempt(SAID, act, t, "sources.no_right")

    st.header(t("sources.boundaries"))
    if there.rings:
        st.markdown(t("sources.boundaries.there", count=len(there.rings), source=there.source))
        st.button(
            t("sources.boundaries.remove"), key="sources_boundaries_remove", icon=":material/delete:", on_click=remove
        )
        return
    st.markdown(t("sources.boundaries.help"))
    st.file_uploader(t("sources.boundaries.file"), type=["geojson", "json", "gpkg"], key=_FILE)
    st.text_input(t("sources.boundaries.source"), SOURCE, max_chars=LONGEST_SOURCE, key=_SOURCE)
    st.button(t("sources.boundaries.bring"), key="sources_boundaries_bring", icon=":material/map:", on_click=bring)
