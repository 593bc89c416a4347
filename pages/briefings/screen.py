"""One slide on the whole screen: as HTML of its own, legible from ten metres, with its picture and what it stands on."""

from __future__ import annotations

import base64
import html
from pathlib import Path

import streamlit as st

from data.texts import Texts
from pages.downloads.handout.pictures import svg_of
from pages.downloads.handout.sheet import HandoutPage

_STYLE, _PREVIEW = (
    Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("screen.css", "preview.css")
)
WIDTH, HEIGHT = 600, 250
"""Size a picture is drawn at, in points of its own: on a screen twice as wide its text stands twice as large."""


def show(
    sheet: HandoutPage, t: Texts, *, place: str, notes: bool = False, dark: bool = False, asking: bool = False
) -> None:
    """Draw a slide. place: "3 / 9"; notes: the presenter's notes beside it; asking: the ask bar stands above."""
    words = " ".join(name for name, wanted in (("screen", True), ("notes", notes), ("dark", dark)) if wanted)
    aside = (
        f'<aside tabindex="0" aria-label="{_safe(t("present.notes"))}">{_safe(sheet.notes)}</aside>' if notes else ""
    )
    lead = f'<p class="lead">{_safe(sheet.lead)}</p>' if sheet.lead else ""
    # All that the slide stands on, but for the definition and the long note on rounding: those are in the handout.
    stands = " · ".join([*([place] if place else []), *sheet.facts[:-2], t("slide.rounded")])
    st.html(
        f"<style>{_STYLE} .screen {{ --room: calc(100vh - {9.2 if asking else 2.6}rem) }}</style>"
        f'<section class="{words}" aria-live="polite"><header><h1>{_safe(sheet.headline)}</h1>{lead}</header>'
        f'<div class="body"><div class="picture">{picture(sheet)}</div>{aside}</div><footer>{_safe(stands)}</footer></section>'
    )


def preview(sheet: HandoutPage, number: str) -> None:
    """A slide in small, for the list."""
    st.html(
        f"<style>{_PREVIEW}</style>"
        f'<div class="preview"><h3><span>{_safe(number)}</span> {_safe(sheet.headline)}</h3>{picture(sheet)}</div>'
    )


def picture(sheet: HandoutPage) -> str:
    """The chart as a picture with its text alternative, or the big number."""
    if sheet.chart is None:
        return (
            f'<div><div class="number">{_safe(sheet.number)}</div><div class="label">{_safe(sheet.number_label)}</div></div>'
        )  # fmt: skip
    coded = base64.b64encode(_svg(sheet.chart.to_json()).encode()).decode()
    return f'<img alt="{_safe(sheet.alt)}" src="data:image/svg+xml;base64,{coded}">'


@st.cache_data(max_entries=300, show_spinner=False)
def _svg(chart: str) -> str:

    return svg_of(chart, WIDTH, HEIGHT)


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
