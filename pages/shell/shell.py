"""The frame around every page: menu, language switch and browser tab title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from data.texts import LANGUAGES, Language, Texts, texts
from pages.access import sign_in
from pages.shell import example_mark, eyes, left_open, noting, on_top
from pages.shell.by_hand import by_hand, show, tell_in, telling
from pages.shell.garbage import freeze_startup_objects
from pages.shell.links import kept, page_of, pages_of_menu
from pages.shell.opening import UNDER_HEADING, Under
from pages.shell.registry import GROUPS, PageSpec
from pages.theme.colours import variables
from pages.view.address import in_address, language_of
from pages.view.sentences import plain

APP_NAME = "Tilannekuva"
ICON = Path(__file__).with_name("icon.png")
OWN_NAMES: dict[Language, str] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
_SWITCH = "language_switch"
_MENU_WIDTH = 272
"""Pixels."""
_LOOK = "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("look.css", "print.css"))


def run(field: Callable[[str, Language], None], under_heading: Under) -> None:
    """Draw the frame and the page that the URL names; the URL decides the language.

    field: draws the field for questions on a page, by the page's path; under_heading: what is drawn under its heading.
    """
    with telling(lambda: language_of(_wanted())):
        eyes.keep()
        on_top.begin()
        tell_in(language_of(_wanted()))
        _draw(field, under_heading)
    freeze_startup_objects()


def _draw(field: Callable[[str, Language], None], under_heading: Under) -> None:
    UNDER_HEADING.set(under_heading)
    st.set_page_config(page_title=APP_NAME, page_icon=ICON, layout="wide", initial_sidebar_state=_MENU_WIDTH)
    wanted = _wanted()
    language = language_of(wanted)
    t = texts(language)
    shown = pages_of_menu()
    pages = [page_of(spec, language) for spec in shown]
    page = st.navigation(pages, position="hidden")
    st.set_page_config(page_title=APP_NAME if page.title == APP_NAME else f"{page.title} – {APP_NAME}")
    st.html(f"<style>{variables()}{_LOOK}</style>")
    with st.sidebar:
        _menu(shown, pages, t)
    with st.container(horizontal=True, vertical_alignment="center", key="top"):
        field(page.url_path, language)
        _language_switch(language)
        sign_in.offer(t)
    if wanted is not None and wanted != language:
        st.warning(t("shell.unknown_language", wanted=plain(wanted[:40])))
    eyes.mark(t)
    left_open.watch()
    noting.begin()
    page.run()
    with st.sidebar:
        example_mark.way_out(t)
        sign_in.show(t)
        eyes.choice(t)


def _wanted() -> str | None:
    return in_address("lang") if "lang" in st.query_params else None


def _menu(shown: Sequence[PageSpec], pages: Sequence[st.Page], t: Texts) -> None:
    for group in GROUPS:
        st.caption(t("menu." + group))
        for spec, page in zip(shown, pages, strict=True):
            if spec.group == group:
                st.page_link(page, width="stretch", query_params=kept())


def _language_switch(language: Language) -> None:
    # Not bound to the address by Streamlit: it would write labels (lang=Svenska) and drop ids without a word.
    show(_SWITCH, language)

    @by_hand(_SWITCH, LANGUAGES)
    def switch() -> None:
        st.query_params["lang"] = st.session_state[_SWITCH]

    st.radio(
        texts(language)("shell.language"),
        LANGUAGES,
        format_func=lambda code: OWN_NAMES[code],
        key=_SWITCH,
        on_change=switch,
        horizontal=True,
        label_visibility="collapsed",
    )
