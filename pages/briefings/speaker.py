"""The speaker's window of a presentation: this slide, notes, the next slide and time; slides are turned in the other window.

The two windows are two sessions; what connects them is a random name that the presenting one makes and puts into the link, and
what it keeps under that name in the memory of the program: the slide, a question from the floor, and that it has been left.
A presenting window that is loaded again is another session, and takes the name over that the same browser had for the briefing.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

from data.texts import Texts
from metrics.memory import Memory
from pages.briefings.drawing import drawn
from pages.briefings.opening import BRIEFING, MUNICIPALITY, VERSION, Opened
from pages.briefings.screen import ALONE, preview
from pages.view.address import in_address
from pages.view.sentences import plain
from pages.view.state import SEEN_AS

SPEAKER = "speaker"
"""URL parameter: the name of the presentation that a speaker's window follows."""
_NAME, _SEEN, _LEFT = "present_name", "speaker_seen", "speaker_left"
_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_EVERY = 1.0
"""Seconds between looks at which slide is shown."""
_SLIP = 300.0
"""Seconds: who comes back sooner had left by mistake, and the clock has gone on; later it is another presentation."""


@dataclass(frozen=True)
class _Shown:
    """What the other window shows. question: headline of the answer to a question from the floor, empty for none; left: when."""

    slide: int
    since: float
    session: str
    question: str = ""
    left: float | None = None

    @property
    def is_left(self) -> bool:
        """Whether that window shows it no longer: it was left, or the window is closed."""
        return self.left is not None or (
            runtime.exists() and not runtime.get_instance().is_active_session(self.session)
        )

    @property
    def seen(self) -> tuple[int, str]:
        """What makes the speaker's window another one."""
        return self.slide, self.question


_presented: Memory[str, _Shown] = Memory(1_000)
"""The slide shown in each presentation, by its name; the thousand last ones."""

_names: Memory[tuple[str, str], str] = Memory(1_000)
"""The last name of a presentation, by a digest of the browser's cookie and the briefing."""
_COOKIE = "_streamlit_xsrf"
"""Streamlit gives one to every browser."""


def is_followed() -> bool:
    """Return whether the URL is that of a speaker's window."""
    return SPEAKER in st.query_params


def tell(briefing: str, slide: int, question: str = "") -> None:
    """Keep which slide this window presents, and the headline of an answer that stands in its place, for the speaker's."""
    name: str = st.session_state.setdefault(_NAME, _loaded_again(briefing) or secrets.token_urlsafe(12))
    if browser := _browser():
        _names.put((browser, briefing), name, 1)
    found, now, context = _presented.get(name), time.monotonic(), get_script_run_ctx()
    goes_on = found is not None and (found.left is None or now - found.left < _SLIP)
    since = found.since if found and goes_on else now
    _presented.put(name, _Shown(slide, since, context.session_id if context else "", question), 1)


def _loaded_again(briefing: str) -> str:
    """Return the name under which a window of this browser has presented a briefing that is gone since; empty without one."""
    name = _names.get((_browser(), briefing)) or ""
    found = _presented.get(name)
    return name if found and found.left is None and found.is_left else ""


def _browser() -> str:
    """Return a digest of what the cookie says, which Streamlit masks anew with every page; empty without one."""
    said, _ = decode_xsrf_token_string(dict(st.context.cookies).get(_COOKIE, ""))
    return hashlib.sha256(said).hexdigest() if said else ""


def tell_left() -> None:
    """Keep that this window presents no longer."""
    name = st.session_state.get(_NAME)
    found = _presented.get(name) if name else None
    if name and found and found.left is None:
        _presented.put(name, replace(found, left=time.monotonic()), 1)


def link(t: Texts) -> None:
    """Draw the link that opens the speaker's window of this presentation."""
    kept = {
        one: in_address(one) for one in ("lang", SEEN_AS, BRIEFING, VERSION, MUNICIPALITY) if one in st.query_params
    }
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
    st.session_state[_SEEN] = shown.seen
    sheet = drawn(slides[at - 1], opened.frozen, t)
    st.html(f"<style>{ALONE}{_STYLE}</style>")
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
    """Draw the time since the presentation began, whether it has been left, and that a question is on the screen.

    Draw the whole window again when that shows something else.
    """
    shown = _presented.get(name)
    if shown is None or shown.seen != st.session_state.get(_SEEN):
        st.rerun()
    if not shown.is_left:
        st.session_state.pop(_LEFT, None)
        st.markdown(t("speaker.time", time=_time(time.monotonic() - shown.since, t)))
        if shown.question:
            st.info(t("speaker.question", headline=plain(shown.question)))
        return
    ended = shown.left or st.session_state.setdefault(_LEFT, time.monotonic())
    st.warning(t("speaker.left", time=_time(ended - shown.since, t)))


def _time(passed: float, t: Texts) -> str:
    minutes, seconds = divmod(int(passed), 60)
    return f"{minutes}.{seconds:02d}" if t.lang == "fi" else f"{minutes}:{seconds:02d}"
