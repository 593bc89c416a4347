"""What has become of the reports of the latest release, and sending what has not arrived; nothing where none go out."""

from __future__ import annotations

import streamlit as st

from data.store.store import Store
from data.texts import Texts
from pages.sending.settings import SendingError, reports_once
from pages.sending.telling import status
from pages.shell import actions
from pages.shell.serving import Serving
from pages.shell.telling import refusal_text
from pages.sources.removing import SAID
from pages.view.sentences import plain


def show(served: Serving, t: Texts) -> None:
    """Draw the section."""
    try:
        settings = reports_once()
        if not settings.is_wanted or not served.store.is_open:
            return
        st.header(t("sources.reports"))
        told = status(served.store, settings, t)
    except SendingError as error:
        st.error(refusal_text(error, t))
        return
    first, *lines = map(plain, told.lines)
    st.markdown("\n".join([first, "", *(f"- {line}" for line in lines)]))
    if told.can_send and st.button(t("sources.reports.send"), key="sources_reports", icon=":material/send:"):
        with st.spinner(t("sources.reports.sending")):
            actions.attempt(SAID, lambda: _send(served.store, t), t, "sources.no_right")
        st.rerun()


def _send(store: Store, t: Texts) -> str:
    from pages.sending.sending import send  # it brings all that draws reports

    done = send(store, reports_once(), again=True)
    return " ".join(
        [t("sending.done", count=done.sent), *([t("sources.reports.failed", count=done.failed)] * bool(done.failed))]
    )
