"""A handout as PowerPoint slides: real titles, images with alternative texts, editable notes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches

from pages.downloads.handout import deck as parts
from pages.downloads.handout.deck import HEIGHT, INK, INNER, QUIET, SIDE, WIDTH
from pages.downloads.handout.pictures import png_of
from pages.downloads.handout.sheet import Handout, HandoutPage
from pages.downloads.handout.text import cleaned
from pages.view.table import Table

PICTURE = (720, 300)
SCALE = 3.0
"""Pixels of an image per point of its size, sharp when projected."""
_TITLE_SLIDE, _TITLE_ONLY = 0, 5
_TOP, _BOTTOM = Inches(0.35), Inches(0.42)
_TITLE, _LONG_TITLE, _LEAD, _FACTS = 30, 24, 18, 10
_LONG = 90
"""Characters above which a headline gets a smaller font."""

Progress = Callable[[int, int], None]


def to_pptx(handout: Handout, progress: Progress | None = None) -> bytes:
    """Return the handout as a PPTX file. progress: called with the number of pages drawn and of all pages."""
    handout = cleaned(handout)
    deck = parts.wide_deck(handout)
    _front(deck, handout)
    for number, sheet in enumerate(handout.sheets, 1):
        _slide(deck, sheet, handout)
        if progress:
            progress(number, len(handout.sheets))
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _front(deck: Any, handout: Handout) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_SLIDE])
    title, under = slide.shapes.title, slide.placeholders[1]
    parts.place(title, SIDE, Inches(1.6), INNER, Inches(2.1))
    title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    parts.place(under, SIDE, Inches(3.8), INNER, Inches(1.4))
    size = 40 if len(handout.title) <= _LONG else _LONG_TITLE
    parts.write(title.text_frame, [handout.title], handout.lang, size, INK, bold=True)
    below = [text for text in (handout.subtitle, handout.mark) if text]
    if below:
        parts.write(under.text_frame, below, handout.lang, 20, QUIET)
    else:
        under._element.getparent().remove(under._element)


def _slide(deck: Any, sheet: HandoutPage, handout: Handout) -> None:
    slide, lang = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY]), handout.lang
    size = _TITLE if len(sheet.headline) <= _LONG else _LONG_TITLE
    top, tall = int(_TOP), parts.height_of([sheet.headline], size)
    parts.place(slide.shapes.title, SIDE, top, INNER, tall)
    slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    parts.write(slide.shapes.title.text_frame, [sheet.headline], lang, size, INK, bold=True)
    top += tall
    if sheet.lead:
        tall = parts.height_of([sheet.lead], _LEAD)
        parts.box(slide, top, tall, [sheet.lead], lang, _LEAD, "lead", colour=QUIET)
        top += tall
    foot = parts.height_of(sheet.facts, _FACTS)
    end = int(HEIGHT - _BOTTOM - foot)
    if sheet.chart is not None:
        _picture(slide, sheet, int(top + Inches(0.1)), int(end - top - Inches(0.2)))
    else:
        _number(slide, sheet, handout, top, end - top)
    parts.box(slide, end, foot, sheet.facts, lang, _FACTS, "facts", colour=QUIET)
    about = " · ".join(text for text in (handout.title, handout.mark) if text)
    parts.box(
        slide, int(HEIGHT - _BOTTOM), Inches(0.3), [about], lang, _FACTS, "handout", colour=QUIET,
        bold=bool(handout.mark), width=int(INNER - Inches(1)),
    )  # fmt: skip
    parts.add_number(slide, lang)
    notes = [sheet.headline, sheet.lead, *sheet.notes.split("\n"), sheet.alt, *_lines(sheet.table), *sheet.facts]
    parts.write(slide.notes_slide.notes_text_frame, [text for text in notes if text], lang)


def _number(slide: Any, sheet: HandoutPage, handout: Handout, top: int, room: int) -> None:
    """Add the big number, legible from a distance, and its label below."""
    size, upper = (120 if len(sheet.number) <= 12 else 60), int(room * 0.6)
    parts.box(
        slide, top, upper, [sheet.number], handout.lang, size, "number", bold=True, centred=True,
        anchor=MSO_ANCHOR.BOTTOM,
    )  # fmt: skip
    parts.box(slide, top + upper, room - upper, [sheet.number_label], handout.lang, 24, "label", centred=True)


def _picture(slide: Any, sheet: HandoutPage, top: int, room: int) -> None:
    """Add the chart as large as it fits, centred, with its text alternative."""
    assert sheet.chart is not None
    picture = slide.shapes.add_picture(io.BytesIO(png_of(sheet.chart, *PICTURE, scale=SCALE)), SIDE, top)
    share = min(INNER / picture.width, room / picture.height)
    width, height = picture.width * share, picture.height * share
    parts.place(picture, (WIDTH - width) // 2, int(top + (room - height) // 2), width, height)
    picture.name = "chart"
    picture._element.nvPicPr.cNvPr.set("descr", sheet.alt)


def _lines(table: Table | None) -> list[str]:
    """Return a table as lines of text, for the notes."""
    return [" | ".join(line) for line in (table.header, *table.rows)] if table else []
