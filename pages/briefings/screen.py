"""A slide in full size or as a thumbnail: HTML with its chart as an image and its footnotes."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path

import streamlit as st

from data.texts import Texts
from pages.charts.template import Plot
from pages.downloads.handout.pictures import svg_of
from pages.downloads.handout.sheet import HandoutPage

_STYLE, _PREVIEW = (
    Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("screen.css", "preview.css")
)
WIDTH, HEIGHT = 600, 250
"""Size at which a chart is drawn, in points; on a screen twice as wide its text is twice as large."""


def show(
    sheet: HandoutPage, t: Texts, *, place: str, notes: bool = False, dark: bool = False, asking: bool = False
) -> None:
    """Draw a slide in full size.

    place: its number, such as "3 / 9"; notes: with speaker notes; dark: dark background; asking: leaves room for the
    question fields.
    """
    words = " ".join(name for name, wanted in (("screen", True), ("notes", notes), ("dark", dark)) if wanted)
    aside = (
        f'<aside tabindex="0" aria-label="{_safe(t("present.notes"))}">{_safe(sheet.notes)}</aside>' if notes else ""
    )
    lead = f'<p class="lead">{_safe(sheet.lead)}</p>' if sheet.lead else ""
    # All footnotes but the definition and the long note on rounding, which are in the handout.
    stands = " · ".join([*([place] if place else []), *sheet.facts[:-2], t("slide.rounded")])
    st.html(
        f"<style>{_STYLE} .screen {{ --room: calc(100vh - {9.2 if asking else 2.6}rem) }}</style>"
        f'<section class="{words}" aria-live="polite"><header><h1>{_safe(sheet.headline)}</h1>{lead}</header>'
        f'<div class="body"><div class="picture">{picture(sheet)}</div>{aside}</div><footer>{_safe(stands)}</footer></section>'
    )


def preview(sheet: HandoutPage, number: str) -> None:
    """Draw a slide as a thumbnail with its number."""
    st.html(
        f"<style>{_PREVIEW}</style>"
        f'<div class="preview"><h3><span>{_safe(number)}</span> {_safe(sheet.headline)}</h3>{picture(sheet)}</div>'
    )


def picture(sheet: HandoutPage) -> str:
    """Return HTML of the chart as an image with its text alternative, or of the big number."""
    if sheet.chart is None:
        return (
            f'<div><div class="number">{_safe(sheet.number)}</div><div class="label">{_safe(sheet.number_label)}</div></div>'
        )  # fmt: skip
    coded = base64.b64encode(_svg(sheet.chart, json.dumps(sheet.chart.to_dict())).encode()).decode()
    return f'<img alt="{_safe(sheet.alt)}" src="data:image/svg+xml;base64,{coded}">'


@st.cache_data(max_entries=300, show_spinner=False)
def _svg(_chart: Plot, drawn: str) -> str:

    return svg_of(_chart, WIDTH, HEIGHT)


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
