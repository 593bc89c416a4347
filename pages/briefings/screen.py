"""A slide in full size or as a thumbnail: HTML with its charts as images and its footnotes."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from data.texts import Texts
from pages.charts.template import Plot
from pages.downloads.handout.arrangement import PanelBox, boxes
from pages.downloads.handout.pictures import svg_of
from pages.downloads.handout.sheet import HandoutPage, Panel
from pages.theme.colours import DARK

ALONE, _STYLE, _PREVIEW = (
    Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("alone.css", "screen.css", "preview.css")
)
WIDTH, HEIGHT, BESIDE = 600, 250, 145
"""Size at which a chart is drawn over the whole slide, and its height beside others, in points; on a screen twice as wide its
text is twice as large."""


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
    stands = " · ".join([*([place] if place else []), *sheet.facts, t("slide.rounded")])
    st.html(
        f"<style>{ALONE}{_STYLE} .screen {{ --above: {5.4 if asking else 0}rem }}</style>"
        f'<section class="{words}" aria-live="polite"><header><h1>{_safe(sheet.headline)}</h1>{lead}</header>'
        f'<div class="body"><div class="panels">{panels(sheet, dark=dark)}</div>{aside}</div>'
        f"<footer>{_safe(stands)}</footer></section>"
    )


def preview(sheet: HandoutPage, number: str) -> None:
    """Draw a slide as a thumbnail with its number."""
    st.html(
        f"<style>{_PREVIEW}</style>"
        f'<div class="preview"><h3><span>{_safe(number)}</span> {_safe(sheet.headline)}</h3>'
        f'<div class="panels">{panels(sheet, small=True)}</div></div>'
    )


def panels(sheet: HandoutPage, *, dark: bool = False, small: bool = False) -> str:
    """Return HTML of the figures of a slide, each in its place. small: each under its name, for what it says has no room."""
    placed = zip(sheet.panels, boxes(sheet.panels), strict=True)
    return "".join(_panel(panel, box, dark=dark, small=small) for panel, box in placed)


def _panel(panel: Panel, box: PanelBox, *, dark: bool, small: bool) -> str:
    """Return HTML of a chart as an image with its text alternative, or of a big number."""
    where = "; ".join(f"{side}: {100 * part:.2f}%" for side, part in vars(box).items())
    # A heading of a level below that of the slide's own.
    level, said = ("h4", panel.name) if small else ("h2", panel.title)
    title = f"<{level}>{_safe(said)}</{level}>" if panel.title else ""
    stands = f'<p class="stands">{_safe(panel.stands)}</p>' if panel.stands else ""
    if panel.chart is None:
        lead = f'<p class="lead">{_safe(panel.lead)}</p>' if panel.lead else ""
        # Where the label has no room, the unit stands beside the number.
        unit = f'<span class="unit"> {_safe(panel.unit)}</span>' if small and panel.unit else ""
        number = (
            f'<div class="number">{_safe(panel.number)}{unit}</div><div class="label">{_safe(panel.number_label)}</div>'
        )
        inner = f'<div class="value" style="--letters: {max(len(panel.number), 3)}">{number}{lead}</div>'
    else:
        height = HEIGHT if box == PanelBox() else BESIDE
        colours = DARK if dark else None
        drawn = _svg(panel.chart, json.dumps(panel.chart.to_dict(colours)), round(WIDTH * box.width), height, colours)
        coded = base64.b64encode(drawn.encode()).decode()
        inner = f'<div class="picture"><img alt="{_safe(panel.alt)}" src="data:image/svg+xml;base64,{coded}"></div>'
    kind = "panel" if panel.chart else "panel centred"
    return f'<div class="{kind}" style="{where}">{title}{inner}{stands}</div>'


@st.cache_data(max_entries=300, show_spinner=False)
def _svg(_chart: Plot, drawn: str, width: int, height: int, _colours: Mapping[str, str] | None) -> str:

    return svg_of(_chart, width, height, _colours)


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
