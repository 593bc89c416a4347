"""A place on a page where something is done, such as choosing files: paper leaves it out, with its heading and its help."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def screen_only(name: str) -> DeltaGenerator:
    """Return the place, by a name of its own on the page; `print.css` knows all of them."""
    return st.container(key=f"screen_only_{name}")
