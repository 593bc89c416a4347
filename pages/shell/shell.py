"""The frame around every page: menu, language switch and browser tab title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from data.refusal import Refusal
from data.texts import LANGUAGES, Language, Texts, texts
from pages.access import sign_in
from pages.shell import example_mark, eyes, left_open, noting, on_top, publications
from pages.shell.by_hand import by_hand, show, telling
from pages.shell.garbage import freeze_startup_objects
from pages.shell.opening import UNDER_HEADING, Under
from pages.shell.registry import GROUPS, PAGES, PageSpec, pages_here
from pages.theme.colours import variables
from pages.view.address import in_address, language_of
from pages.view.sentences import plain
from pages.view.state import PARAMETERS, SLOTS, Choice, slot_of

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
        _draw(field, under_heading)
    freeze_startup_objects()


def _draw(field: Callable[[str, Language], None], under_heading: Under) -> None:
    UNDER_HEADING.set(under_heading)
    st.set_page_config(page_title=APP_NAME, page_icon=ICON, layout="wide", initial_sidebar_state=_MENU_WIDTH)
    wanted = _wanted()
    language = language_of(wanted)
    t = texts(language)
    shown = _shown()
    pages = [_page(spec, language) for spec in shown]
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


def _shown() -> tuple[PageSpec, ...]:
    try:
        return publications.pages_shown()
    except (Refusal, OSError):  # which each page says
        return pages_here()


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


def _menu(shown: Sequence[PageSpec], pages: Sequence[st.Page], t: Texts) -> None:
    for group in GROUPS:
        st.caption(t("menu." + group))
        for spec, page in zip(shown, pages, strict=True):
            if spec.group == group:
                st.page_link(page, width="stretch", query_params=_kept())


def link_to(
    page_id: str, language: Language, label: str, *, chosen: Choice | None = None, icon: str | None = None, **own: str
) -> None:
    """Draw a link to another page that keeps the language and the filters.

    chosen: one more filter, in place of what is chosen of its kind; icon: in place of the page's; own: that page's own choices.
    """
    spec = next(spec for spec in PAGES if spec.id == page_id)
    if spec not in _shown():  # a published site does not lead where it has nothing
        return
    kept = _kept() | {name: [value] for name, value in own.items()}
    if chosen and (slot := slot_of(chosen.dimension)):
        kept = {name: value for name, value in kept.items() if name not in SLOTS[slot]}
        kept[chosen.dimension] = [chosen.code]
    st.page_link(_page(spec, language), label=label, icon=icon, query_params=kept)


def _kept() -> dict[str, list[str]]:
    # Streamlit's own menu drops ?lang= and the filters from the address; these links keep them, in a new tab too.
    return {name: st.query_params.get_all(name) for name in PARAMETERS if name in st.query_params}


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
