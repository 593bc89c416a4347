"""Downloads of a briefing as PDF and PowerPoint files, generated on request with a progress bar."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data import clock
from data.texts import Texts
from pages.briefings.drawing import drawn
from pages.briefings.opening import Opened
from pages.downloads.handout.pdf import to_pdf
from pages.downloads.handout.pptx import to_pptx
from pages.downloads.handout.sheet import Handout
from pages.i18n import formats
from pages.shell import noting

Make = Callable[[Handout, Callable[[int, int], None]], bytes]
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_MADE = "handout_made"


def handout(opened: Opened, t: Texts) -> Handout:
    """Return a briefing as a handout, one page per slide; each says where its figures are made up."""
    frozen = opened.frozen
    return Handout(
        title=opened.title, subtitle=t("handout.until", day=formats.day(frozen.closed_until, t.lang)), lang=t.lang,
        made_on=clock.today(), sheets=tuple(drawn(answered, frozen, t) for answered in frozen.slides),
        mark=t("page.sample") if opened.is_sample else "",
    )  # fmt: skip


def _progress(bar: DeltaGenerator, t: Texts) -> Callable[[int, int], None]:
    def show_progress(done: int, of: int) -> None:
        bar.progress(done / of, text=t("handout.progress", done=done, of=of))

    return show_progress


def offer(opened: Opened, t: Texts) -> None:
    """Draw a button for each file format; a generated file stays available until another briefing or version is opened."""
    # Keyed by the content, not by number: in a restored store another briefing can have the same id, version and generation.
    which = (opened.id, hashlib.sha256(opened.frozen.model_dump_json().encode()).hexdigest(), opened.title, t.lang)
    kinds: tuple[tuple[str, Make, str], ...] = (("pdf", to_pdf, "application/pdf"), ("pptx", to_pptx, PPTX))
    made: dict[tuple[object, ...], bytes] = st.session_state.setdefault(_MADE, {})
    for key in [key for key in made if key[:-1] != which]:
        del made[key]
    for kind, make, mime in kinds:
        place = st.empty()
        if (*which, kind) not in made:
            if not place.button(t(f"briefing.make_{kind}"), key=f"make_{kind}", icon=":material/print:"):
                continue
            with place.container(width=260):
                bar = st.progress(0.0, text=t("handout.making"))
                made[(*which, kind)] = make(handout(opened, t), _progress(bar, t))
        noting.download(
            t(f"briefing.download_{kind}"), made[(*which, kind)], file_name=f"tilannekuva_{opened.id}.{kind}", mime=mime,
            key=f"download_{kind}", place=place,
        )  # fmt: skip
