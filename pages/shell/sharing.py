"""A link that shows the same view to the next reader: language, filters and the page's own choices; never the audience."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from data.texts import Texts
from metrics.gate import PROTECTED
from pages.view.state import Known, View


def link(address: str, view: View, known: Known, own: Mapping[str, str]) -> str:
    """The address of a view, for anyone: with protected figures. own: choices of the page itself.

    >>> known = Known(("2026", "2025"), "2026")
    >>> link("https://kunta.example/kysynta", View("sv", "2026", audience="internal"), known, {"series": "8"})
    'https://kunta.example/kysynta?lang=sv&period=2026&series=8'
    """
    shown = view.on(PROTECTED, known)
    # The default period moves on with the data: what is seen now is named.
    params = {"lang": view.lang, "period": shown.period, **shown.to_params(known), **own}
    return f"{address.split('?')[0]}?{urlencode(params)}"


def offer(t: Texts, view: View, known: Known, own: Mapping[str, str]) -> None:
    """A button that opens the link, with a copy button beside it."""
    with st.popover(t("share.open"), icon=":material/share:"):
        st.markdown(t("share.what"))
        st.code(link(st.context.url or "", view, known, own), language=None, wrap_lines=True)
