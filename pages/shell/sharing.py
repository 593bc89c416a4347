"""A link that shows the same view to another person: language, filters and the page's own choices, never the audience."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from data.texts import Texts
from metrics.audience import PROTECTED
from pages.view.state import Known, View


def link(address: str, view: View, known: Known, own: Mapping[str, str]) -> str:
    """Return the URL of a view, always with protected values.

    address: URL of the page, whose query is replaced; own: the page's own choices by parameter.

    >>> known = Known(("2026", "2025"), "2026")
    >>> link("https://kunta.example/kysynta", View("sv", "2026", audience="internal"), known, {"series": "8"})
    'https://kunta.example/kysynta?lang=sv&period=2026&series=8'
    """
    shown = view.on(PROTECTED, known)
    # The default period changes with the data, so the period is always part of the link.
    params = {"lang": view.lang, "period": shown.period, **shown.to_params(known), **own}
    return f"{address.split('?')[0]}?{urlencode(params)}"


def offer(t: Texts, view: View, known: Known, own: Mapping[str, str]) -> None:
    """Draw a popover with the link, which can be copied."""
    with st.popover(t("share.open"), icon=":material/share:"):
        st.markdown(t("share.what"))
        st.code(link(st.context.url or "", view, known, own), language=None, wrap_lines=True)
