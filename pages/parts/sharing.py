"""A link that shows the same view to the next reader: language, filters and the page's own choices; never the audience."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from pages.parts.texts import Texts

NEVER = frozenset({"audience"})


def link(address: str, params: Mapping[str, Sequence[str]], lang: str) -> str:
    """The address of a view.

    >>> link("https://kunta.example/kysynta", {"language": ["so"], "audience": ["internal"]}, "sv")
    'https://kunta.example/kysynta?lang=sv&language=so'
    """
    kept = [(name, value) for name, values in params.items() if name not in {*NEVER, "lang"} for value in values]
    return f"{address.split('?')[0]}?{urlencode([('lang', lang), *kept])}"


def offer(t: Texts, period: str) -> None:
    """A button that opens the link, with a copy button beside it. period: named in the link, as the default moves on."""
    with st.popover(t("share.open"), icon=":material/share:"):
        st.markdown(t("share.what"))
        params = {"period": [period], **{name: st.query_params.get_all(name) for name in st.query_params}}
        st.code(link(st.context.url or "", params, t.lang), language=None, wrap_lines=True)
