"""A button for true full screen, which stays through reruns; it also puts the keyboard into the ask bar when that opens."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_HTML = '<button type="button"></button>'
_CSS, _JS = (Path(__file__).with_suffix(ending).read_text(encoding="utf-8") for ending in (".css", ".js"))


@cache
def _component() -> Any:
    return st.components.v2.component("tilannekuva_full_screen", html=_HTML, css=_CSS, js=_JS)


def full_screen_button(label: str, *, focus: str = "") -> None:
    """Draw it. focus: key of the container whose first field takes the keyboard, when it has just opened."""
    _component()(data={"label": label, "focus": focus}, key="full_screen", width="content", height="content")
