"""Presentation mode: one slide at a time with keyboard control, and questions from the audience."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data.texts import Texts
from pages.briefings import floor, screen, speaker
from pages.briefings.drawing import drawn
from pages.briefings.full_screen import full_screen_button
from pages.briefings.opening import SLIDE, Opened
from pages.shell.on_top import on_top
from pages.shell.serving import Serving
from pages.view.address import in_address

_ASKING, _NOTES, _DARK = "present_asking", "present_notes", "present_dark"


def is_presenting() -> bool:
    """Return whether the URL names a slide to present."""
    return SLIDE in st.query_params


@on_top
def start(at: int = 1) -> None:
    """Start the presentation at a slide."""
    st.query_params[SLIDE] = str(at)


@on_top
def _end() -> None:
    st.query_params.pop(SLIDE, None)


def present(opened: Opened, served: Serving, t: Texts) -> bool:
    """Draw the slide named in the URL, or the answer to a question, and the controls; return whether the URL names one."""
    if not is_presenting():
        speaker.tell_left()
        return False
    slides = opened.frozen.slides
    at = _place(len(slides))
    asking = bool(st.session_state.get(_ASKING))
    answer = floor.ask_bar(served, t) if asking else None
    speaker.tell(opened.id, at, answer.headline if answer else "")
    shown = answer or drawn(slides[at - 1], opened.frozen, t)
    mark = (t("page.sample.mark"),) if opened.is_sample else ()
    place = () if answer else (f"{at} / {len(slides)}",)
    screen.show(
        shown, t, place=" · ".join((*mark, *place)), notes=bool(st.session_state.get(_NOTES)),
        dark=bool(st.session_state.get(_DARK)), asking=asking,
    )  # fmt: skip
    _controls(len(slides), asking, t)
    return True


def _controls(count: int, asking: bool, t: Texts) -> None:
    """Draw the visible buttons with their shortcuts, and further shortcuts for the same actions."""

    @on_top
    def go(steps: int) -> None:
        # From the slide that the address says by now: somebody may have turned on since this one was drawn.
        st.session_state[_ASKING] = False
        st.query_params[SLIDE] = str(min(max(_place(count) + steps, 1), count))

    def leave() -> None:
        if st.session_state.get(_ASKING):
            st.session_state[_ASKING] = False
        else:
            _end()

    def turn(key: str) -> None:
        st.session_state[key] = not st.session_state.get(key)

    moves = (("previous", "Left", -1), ("next", "Right", 1))
    turns = (("ask", t("present.ask.key"), _ASKING), ("notes", "N", _NOTES), ("dark", "D", _DARK))
    with st.container(key="controls", horizontal=True, gap="small", vertical_alignment="center"):
        for name, key, steps in moves:
            _key(name, key, t, go, steps)
        for name, key, state in turns:
            _key(name, key, t, turn, state)
        full_screen_button(t("present.full"), focus="ask_bar" if asking else "")
        speaker.link(t)
        _key("leave", "Esc", t, leave)
    with st.container(key="keys"):
        for key, steps in (("Space", 1), ("PageDown", 1), ("PageUp", -1), ("Home", -count), ("End", count)):
            st.button(key, key=f"present_{key}", shortcut=key, on_click=go, args=(steps,))


def _key(name: str, key: str, t: Texts, act: Callable[..., None], *given: object) -> None:
    st.button(t("present." + name), key=f"key_{name}", shortcut=key, type="tertiary", on_click=act, args=given)


def _place(count: int) -> int:
    """Return the number of the slide in the URL, from 1, limited to the slides there are."""
    text = in_address(SLIDE, "1")
    return min(max(int(text), 1), count) if text.isdecimal() and len(text) < 6 else 1
