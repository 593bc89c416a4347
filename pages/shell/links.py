"""Links between pages, which keep the language and the filters; and the pages that there are here."""

from __future__ import annotations

import streamlit as st

from data.refusal import Refusal
from data.texts import Language, texts
from pages.shell import publications
from pages.shell.registry import PAGES, PageSpec, pages_here
from pages.view.state import PARAMETERS, SLOTS, Choice, slot_of


def pages_of_menu() -> tuple[PageSpec, ...]:
    """Return the pages of the menu."""
    try:
        return publications.pages_shown()
    except (Refusal, OSError):  # which each page says
        return pages_here()


def page_of(spec: PageSpec, language: Language) -> st.Page:
    """Return a page as Streamlit has it."""

    def draw() -> None:
        spec.render(language)

    return st.Page(
        draw,
        title=texts(language)(spec.title_key),
        icon=f":material/{spec.icon}:",
        url_path=spec.url_path,
        default=not spec.url_path,
    )


def link_to(
    page_id: str, language: Language, label: str, *, chosen: Choice | None = None, icon: str | None = None, **own: str
) -> None:
    """Draw a link to another page that keeps the language and the filters.

    chosen: one more filter, in place of what is chosen of its kind; icon: in place of the page's; own: that page's own choices.
    """
    spec = next(spec for spec in PAGES if spec.id == page_id)
    if spec not in pages_of_menu():  # a published site does not lead where it has nothing
        return
    keeps = kept() | {name: [value] for name, value in own.items()}
    if chosen and (slot := slot_of(chosen.dimension)):
        keeps = {name: value for name, value in keeps.items() if name not in SLOTS[slot]}
        keeps[chosen.dimension] = [chosen.code]
    st.page_link(page_of(spec, language), label=label, icon=icon, query_params=keeps)


def kept() -> dict[str, list[str]]:
    """Return what a link keeps of the address."""
    # Streamlit's own menu drops ?lang= and the filters from the address; these links keep them, in a new tab too.
    return {name: st.query_params.get_all(name) for name in PARAMETERS if name in st.query_params}
