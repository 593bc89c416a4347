"""What is shown while an import is published, by this browser session or another."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.store import ready
from data.store.store import Store
from data.texts import Texts
from pages.importing.session import ImportSession


def places(session: ImportSession) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Places for what is waited for and for all else, which goes away meanwhile: the button pressed is below it, out of sight."""
    wait = st.container()
    return wait, st.empty().container() if session.is_publishing else st.container()


def say_of_others(store: Store, t: Texts) -> None:
    """Say that another import is under way: whoever loads the page anew meanwhile would not see theirs."""
    if steps := ready.steps(store.path):
        done, of = steps
        st.info(t("import.under_way", done=done, of=of))
