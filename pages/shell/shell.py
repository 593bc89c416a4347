"""The frame around every page: menu, language switch and browser tab title."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Language, texts
from pages.access import sign_in
from pages.shell import noting
from pages.shell.garbage import freeze_startup_objects
from pages.shell.registry import PAGES, PageSpec
from pages.view.sentences import plain
from pages.view.state import PARAMETERS

APP_NAME = "Tilannekuva"
ICON = Path(__file__).with_name("icon.png")
OWN_NAMES: dict[Language, str] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
_SWITCH = "language_switch"
# Streamlit shows the keyboard focus faintly or not at all, and a chart's buttons only while the pointer is over it.
_FOCUS = """<style>
:focus-visible, label:has(input[type="radio"]:focus-visible), [role="group"]:has(> input:focus-visible) {
  outline: 3px solid #0B5CAD !important; outline-offset: 1px;
}
[role="group"] > input:focus-visible { outline: none !important; }
[data-testid="stMain"]:focus-visible { outline-offset: -3px; }
[data-testid="stElementToolbar"]:focus-within { opacity: 1; top: -2.75rem; z-index: 1; }
</style>"""


def language_of(wanted: str | None) -> Language:
    """Return the language given in the URL; Finnish when it is missing or unknown."""
    return next((language for language in LANGUAGES if language == wanted), DEFAULT_LANGUAGE)


def run() -> None:
    """Draw the frame and the page that the URL names; the URL decides the language."""
    st.set_page_config(page_title=APP_NAME, page_icon=ICON, layout="wide")
    wanted = st.query_params.get("lang")
    language = language_of(wanted)
    t = texts(language)
    pages = [_page(spec, language) for spec in PAGES]
    page = st.navigation(pages, position="hidden")
    st.set_page_config(page_title=APP_NAME if page.title == APP_NAME else f"{page.title} – {APP_NAME}")
    st.html(_FOCUS)
    with st.sidebar:
        _menu(pages)
        _language_switch(language)
    if wanted is not None and wanted != language:
        st.warning(t("shell.unknown_language", wanted=plain(wanted[:40])))
    noting.begin()
    page.run()
    with st.sidebar:
        sign_in.show(t)
    freeze_startup_objects()


def _page(spec: PageSpec, language: Language) -> st.Page:
    def draw() -> None:
        spec.render(language)

    return st.Page(
        draw,
        title=texts(language)(spec.title_key),
        icon=f":material/{spec.icon}:",
        url_path=spec.url_path,
        default=not spec.url_path,
    )


def _menu(pages: list[st.Page]) -> None:
    for page in pages:
        st.page_link(page, width="stretch", query_params=_kept())


def link_to(page_id: str, language: Language, label: str) -> None:
    """Draw a link to another page that keeps the language and the filters."""
    spec = next(spec for spec in PAGES if spec.id == page_id)
    st.page_link(_page(spec, language), label=label, query_params=_kept())


def _kept() -> dict[str, list[str]]:
    # Streamlit's own menu drops ?lang= and the filters from the address; these links keep them, in a new tab too.
    return {name: st.query_params.get_all(name) for name in PARAMETERS if name in st.query_params}


def _language_switch(language: Language) -> None:
    # Not bound to the address by Streamlit: it would write labels (lang=Svenska) and drop ids without a word.
    st.session_state[_SWITCH] = language
    st.radio(
        texts(language)("shell.language"),
        LANGUAGES,
        format_func=lambda code: OWN_NAMES[code],
        key=_SWITCH,
        on_change=_switch_language,
    )


def _switch_language() -> None:
    st.query_params["lang"] = st.session_state[_SWITCH]
