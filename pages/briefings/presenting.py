"""The presenter's view: one slide at a time, moved by keys; a question from the floor by one key."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data.texts import Texts
from pages.briefings import floor, screen
from pages.briefings.drawing import drawn
from pages.briefings.full_screen import full_screen_button
from pages.briefings.opening import SLIDE, Opened
from pages.shell.serving import Serving

_ASKING, _NOTES, _DARK = "present_asking", "present_notes", "present_dark"


def is_presenting() -> bool:
    """Whether the address names a slide on screen."""
    return SLIDE in st.query_params


def start() -> None:
    """Show the first slide."""
    st.query_params[SLIDE] = "1"


def present(opened: Opened, served: Serving, t: Texts) -> None:
    """Draw the slide of the address, or the answer to a question from the floor, and the keys."""
    slides = opened.frozen.slides
    at = _place(len(slides))
    asking = bool(st.session_state.get(_ASKING))
    answer = floor.ask_bar(served, t) if asking else None
    shown = answer or drawn(slides[at - 1], opened.frozen, t)
    screen.show(
        shown, t, place="" if answer else f"{at} / {len(slides)}", notes=bool(st.session_state.get(_NOTES)),
        dark=bool(st.session_state.get(_DARK)), asking=asking,
    )  # fmt: skip
    _controls(at, len(slides), asking, t)


def _controls(at: int, count: int, asking: bool, t: Texts) -> None:
    """The keys that are seen, and further keys for the same moves."""

    def go(to: int) -> None:
        st.session_state[_ASKING] = False
        st.query_params[SLIDE] = str(min(max(to, 1), count))

    def leave() -> None:
        if st.session_state.get(_ASKING):
            st.session_state[_ASKING] = False
        else:
            st.query_params.pop(SLIDE, None)

    def turn(key: str) -> None:
        st.session_state[key] = not st.session_state.get(key)

    moves = (("previous", "Left", at - 1), ("next", "Right", at + 1))
    turns = (("ask", t("present.ask.key"), _ASKING), ("notes", "N", _NOTES), ("dark", "D", _DARK))
    with st.container(key="controls", horizontal=True, gap="small", vertical_alignment="center"):
        for name, key, to in moves:
            _key(name, key, t, go, to)
        for name, key, state in turns:
            _key(name, key, t, turn, state)
        full_screen_button(t("present.full"), focus="ask_bar" if asking else "")
        _key("leave", "Esc", t, leave)
    with st.container(key="keys"):
        for key, to in (("Space", at + 1), ("PageDown", at + 1), ("PageUp", at - 1), ("Home", 1), ("End", count)):
            st.button(key, key=f"present_{key}", shortcut=key, on_click=go, args=(to,))


def _key(name: str, key: str, t: Texts, act: Callable[..., None], *given: object) -> None:
    st.button(t("present." + name), key=f"key_{name}", shortcut=key, type="tertiary", on_click=act, args=given)


def _place(count: int) -> int:
    """The slide of the address, from 1; a number that is none of the briefing's is the nearest one."""
    text = st.query_params.get(SLIDE, "1")
    return min(max(int(text), 1), count) if text.isdecimal() and len(text) < 6 else 1
