"""Two figures in a row on a wide screen, below each other on a narrow one; and what is looked at on request, in tabs."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

import streamlit as st

from pages.shell.by_hand import by_hand, show
from pages.shell.page import Page
from pages.view.address import put_in_address
from pages.view.state import TAB


def side_by_side(*draw: Callable[[], None], widths: tuple[int, int] = (1, 1)) -> None:
    """Draw two figures in each row. draw: one function for each figure; widths: of the columns, against each other."""
    for first in range(0, len(draw), 2):
        for column, one in zip(st.columns(widths, gap="large"), draw[first : first + 2], strict=False):
            with column:
                one()


def in_tabs(
    page: Page, name: Callable[[str], str], draw: Mapping[str, Callable[[], None]], known: Container[str] = ()
) -> None:
    """Draw what is looked at on request in tabs, of which the open one alone is asked for and drawn; it stands in the address.

    name: returns the label of a tab, no two alike; draw: the content of each, by code; known: codes of tabs that are there at
    other times. An unknown code in the address gives a warning.
    """
    names = {code: name(code) for code in draw}
    codes = {label: code for code, label in names.items()}
    chosen = page.own_choice(TAB, [*draw], page.t("parameter.tab"), name, known)
    key = f"own_{page.id}_{TAB}"
    show(key, names[chosen], is_told_anyhow=True)

    @by_hand(key, codes, is_told_anyhow=True)
    def opened() -> None:
        # Not said of the first: the page is then the one that it was opened as, with what is known of its questions.
        put_in_address(TAB, codes[st.session_state[key]], next(iter(draw)))

    for tab, one in zip(st.tabs([*names.values()], key=key, on_change=opened), draw.values(), strict=True):
        with tab:
            if _is_open(tab):
                before = len(page.drawn)
                one()
                # What lacks is said once, at the head of the page or its foot: a tab would be empty.
                if (here := page.drawn[before:]) and not any(here):
                    st.caption(page.t("published.tab_lacking" if page.lacking else "state.note.no_data"))


def _is_open(tab: Any) -> bool:
    return bool(tab.open)
