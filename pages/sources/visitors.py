"""What visitors see: the latest release and what waits, or the act of opening the store to them."""

from __future__ import annotations

import streamlit as st

from data.coverage.release_words import status_lines
from data.store.releases import open_to_others, release_status
from data.texts import Texts
from pages.i18n import formats
from pages.shell import actions, publishing
from pages.shell.serving import Serving
from pages.sources.removing import SAID


def show(served: Serving, t: Texts) -> None:
    """Draw the section. A store of made-up people is open to everyone as it is."""
    if served.store.is_sample:
        return
    st.header(t("sources.release"))
    with actions.store_errors_shown(t):
        found = release_status(served.store)
        for line in status_lines(found, t.lang, lambda day: formats.day(day, t.lang)):
            st.markdown(line)
        if found is None:
            _opening(served, t)


def _opening(served: Serving, t: Texts) -> None:
    def act() -> str:
        open_to_others(served.store)
        return t("release.opened")

    st.caption(t("sources.open.help"))
    sure = st.checkbox(t("sources.open.sure"), key="sources_open_sure")
    if st.button(t("sources.open"), key="sources_open", disabled=not sure, icon=":material/visibility:"):
        publishing.attempt(SAID, act, t, "sources.no_right")
        st.rerun()
