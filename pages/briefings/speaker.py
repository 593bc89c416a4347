"""The speaker's window of a presentation: this slide, notes, the next slide and time; slides are turned in the other window.

The two windows are two sessions; what connects them is a random name that the presenting one makes and puts into the link, and
the number of the slide that it keeps under that name in the memory of the program.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from data.texts import Texts
from metrics.memory import Memory
from pages.briefings.drawing import drawn
from pages.briefings.opening import BRIEFING, MUNICIPALITY, VERSION, Opened
from pages.briefings.screen import preview
from pages.view.address import in_address
from pages.view.sentences import plain

SPEAKER = "speaker"
"""URL parameter: the name of the presentation that a speaker's window follows."""
_NAME, _SEEN = "present_name", "speaker_seen"
_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_EVERY = 1.0
"""Seconds between looks at which slide is shown."""


@dataclass(frozen=True)
class _Shown:
    slide: int
    since: float


_presented: Memory[str, _Shown] = Memory(1_000)
"""The slide shown in each presentation, by its name; the thousand last ones."""


def is_followed() -> bool:
    """Return whether the URL is that of a speaker's window."""
    return SPEAKER in st.query_params


def tell(slide: int) -> None:
    """Keep which slide this window presents, for the speaker's."""
    name = st.session_state.setdefault(_NAME, secrets.token_urlsafe(12))
    found = _presented.get(name)
    _presented.put(name, _Shown(slide, found.since if found else time.monotonic()), 1)


def link(t: Texts) -> None:
    """Draw the link that opens the speaker's window of this presentation."""
    kept = {one: in_address(one) for one in ("lang", BRIEFING, VERSION, MUNICIPALITY) if one in st.query_params}
    st.link_button(t("speaker.open"), "?" + urlencode({**kept, SPEAKER: st.session_state[_NAME]}), type="tertiary")


def show(opened: Opened, t: Texts) -> None:
    """Draw the notes of this slide, it and the next one, and the time; a slide turned in the other window is turned here."""
    slides, name = opened.frozen.slides, in_address(SPEAKER)
    shown = _presented.get(name)
    if shown is None:
        st.title(t("speaker.title"))
        st.warning(t("speaker.gone"))
        return
    at = min(max(shown.slide, 1), len(slides))
    st.session_state[_SEEN] = shown.slide
    sheet = drawn(slides[at - 1], opened.frozen, t)
    st.html(f"<style>{_STYLE}</style>")
    st.title(plain(f"{at} / {len(slides)} {sheet.headline}"))
    st.fragment(_follow, run_every=_EVERY)(name, t)
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(key="speaker_notes"):
        st.subheader(t("present.notes"))
        for part in sheet.notes.split("\n\n"):
            st.markdown(plain(part))
    with right:
        preview(sheet, f"{at}")
        st.subheader(t("speaker.next"))
        if at < len(slides):
            preview(drawn(slides[at], opened.frozen, t), f"{at + 1}")
        else:
            st.markdown(t("speaker.last"))
    st.caption(t("speaker.how"))


def _follow(name: str, t: Texts) -> None:
    """Draw the time since the presentation began; draw the whole window again when another slide is shown."""
    shown = _presented.get(name)
    if shown is None or shown.slide != st.session_state.get(_SEEN):
        st.rerun()
    minutes, seconds = divmod(int(time.monotonic() - shown.since), 60)
    st.markdown(t("speaker.time", time=f"{minutes}.{seconds:02d}" if t.lang == "fi" else f"{minutes}:{seconds:02d}"))
