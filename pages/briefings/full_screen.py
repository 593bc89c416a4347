"""A button for the browser's full-screen mode, as a Streamlit component; it can also focus the question fields."""

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
    """Draw the full-screen button.

    focus: key of the container whose first field gets the keyboard focus when it has just appeared, empty for none.
    """
    _component()(data={"label": label, "focus": focus}, key="full_screen", width="content", height="content")
