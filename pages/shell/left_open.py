"""A page that is left open: what its reader may no longer see goes from the screen without a click."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.access import session
from pages.access.rights import READER, Rights
from pages.access.settings import AccessError

EVERY: Final = 30
"""Seconds after which a page asks again which rights its session has: a sign-in runs out, or is ended in another window."""


def watch() -> None:
    """Let the page be drawn anew as soon as it was drawn with rights that have ended; nothing for who has none to lose."""
    drawn_with = session.held()
    if drawn_with != READER:
        st.fragment(_look, run_every=EVERY)(drawn_with)


def _look(drawn_with: Rights) -> None:
    try:
        is_as_drawn = session.held() == drawn_with
    except AccessError:  # which the page says
        is_as_drawn = False
    if not is_as_drawn:
        st.rerun()
