"""The mark of made-up figures on every page, and the way out of the example municipality."""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.sample import example
from data.texts import Texts
from pages.access import session
from pages.shell import actions

OUTCOME: Final = "example_outcome"
"""Session state: how showing or leaving it went."""
_ON_PAPER: Final = (
    '@media print {{ @page {{ @bottom-right {{ content: "{mark}"; font: 9pt sans-serif; color: #000; }} }} }}'
)
"""A page of several sheets has its badge on the first alone."""


def mark(t: Texts, place: DeltaGenerator) -> None:
    """Draw in a place that the figures are those of the example municipality; on paper on every sheet."""
    st.html(f"<style>{_ON_PAPER.format(mark=t('page.sample.mark'))}</style>")
    place.badge(t("page.sample.mark"), color="orange", icon=":material/science:", help=t("page.sample"))


def way_out(t: Texts) -> None:
    """Draw the way out of the example for whoever may go; nothing while it is not shown."""
    if example.shown() is None:
        return
    st.caption(t("example.shown"))
    if session.may("steward"):
        st.button(t("example.leave"), key="example_leave", icon=":material/close:", on_click=_leave, args=(t,))


def _leave(t: Texts) -> None:
    def act() -> str:
        example.leave()
        return t("example.left")

    actions.attempt(OUTCOME, act, t, "import.no_right")
