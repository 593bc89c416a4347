"""A handout as PowerPoint slides: real titles, images with alternative texts, editable notes."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches, Pt

from data.texts import Language, texts
from pages.charts.template import Plot
from pages.downloads.handout import deck as parts
from pages.downloads.handout.arrangement import boxes
from pages.downloads.handout.deck import HEIGHT, INK, INNER, QUIET, SIDE
from pages.downloads.handout.pictures import png_of
from pages.downloads.handout.sheet import Handout, HandoutPage, Panel
from pages.downloads.handout.text import cleaned
from pages.view.table import Table

PICTURE, BESIDE = (720, 300), 210
"""Size of a chart over the whole slide, and its height beside others, in points."""
SCALE = 3.0
"""Pixels of an image per point of its size, sharp when projected."""
_TITLE_SLIDE, _TITLE_ONLY = 0, 5
_TOP, _BOTTOM = Inches(0.35), Inches(0.42)
_TITLE, _LONG_TITLE, _LEAD, _PANEL, _FACTS = 30, 24, 18, 16, 10
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
    top, tall = int(_TOP), parts.height_of([sheet.headline], size, bold=True)
    parts.place(slide.shapes.title, SIDE, top, INNER, tall)
    slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    parts.write(slide.shapes.title.text_frame, [sheet.headline], lang, size, INK, bold=True)
    top += tall
    if sheet.lead:
        tall = parts.height_of([sheet.lead], _LEAD)
        parts.box(slide, top, tall, [sheet.lead], lang, _LEAD, "lead", colour=QUIET)
        top += tall
    # Beside each other figures need the room; the notes have all of it.
    below = sheet.footnotes if len(sheet.panels) == 1 else (*sheet.facts_with_tables, texts(lang)("slide.in_notes"))
    foot = parts.height_of(below, _FACTS)
    end = int(HEIGHT - _BOTTOM - foot)
    room = end - top - Inches(0.2)
    rooms = [
        _Room(
            int(SIDE + box.left * INNER), int(top + Inches(0.1) + box.top * room), int(box.width * INNER),
            int(box.height * room), lang,
        )
        for box in boxes(sheet.panels)
    ]  # fmt: skip
    placed = list(zip(sheet.panels, rooms, strict=True))
    # Numbers beside each other stand on one line in one size, whether what is said of them takes one line or two.
    titles = max((_title_height(panel, at) for panel, at in placed if panel.chart is None), default=0)
    for panel, at in placed:
        _panel(slide, panel, at, titles if panel.chart is None else _title_height(panel, at))
    parts.box(slide, end, foot, below, lang, _FACTS, "facts", colour=QUIET)
    about = " · ".join(text for text in (handout.title, handout.mark) if text)
    parts.box(
        slide, int(HEIGHT - _BOTTOM), Inches(0.3), [about], lang, _FACTS, "handout", colour=QUIET,
        bold=bool(handout.mark), width=int(INNER - Inches(1)),
    )  # fmt: skip
    parts.add_number(slide, lang)
    said = [[one.title, one.lead, one.alt, *_lines(one.table), one.stands] for one in sheet.panels]
    notes = [sheet.headline, sheet.lead, *sheet.notes.split("\n"), *chain.from_iterable(said), *sheet.footnotes]
    parts.write(slide.notes_slide.notes_text_frame, [text for text in notes if text], lang)


@dataclass(frozen=True)
class _Room:
    """The place of a figure on its slide, in EMU, and the language of its texts."""

    left: int
    top: int
    width: int
    height: int
    lang: Language

    def box(self, slide: Any, top: int, height: int, text: str, size: float, name: str, **look: Any) -> None:
        """Add a text as wide as the room. top: from its own top."""
        parts.box(
            slide, self.top + top, height, [text], self.lang, size, name, width=self.width, left=self.left, **look
        )


def _title_height(panel: Panel, room: _Room) -> int:
    return parts.height_of([panel.title], _PANEL, room.width, bold=True) if panel.title else 0


def _panel(slide: Any, panel: Panel, room: _Room, upper: int) -> None:
    """Add one figure with its title above and what it stands on below. upper: height of the title."""
    lower = 0
    centred = panel.chart is None  # as its number is
    if panel.title:
        room.box(slide, 0, upper, panel.title, _PANEL, "title of figure", bold=True, centred=centred)
    if panel.stands:
        lower = parts.height_of([panel.stands], _FACTS, room.width)
        room.box(slide, room.height - lower, lower, panel.stands, _FACTS, "stands", colour=QUIET, centred=centred)
    inner = replace(room, top=room.top + upper, height=max(room.height - upper - lower, int(Inches(0.5))))
    if panel.chart is not None:
        _picture(slide, panel, panel.chart, inner)
    else:
        _number(slide, panel, inner)


def _number(slide: Any, panel: Panel, room: _Room) -> None:
    """Add the big number, legible from a distance, its label and its lead below."""
    share = room.width / INNER
    small = min(24, max(12, 40 * share))
    lead = min(_LEAD, max(11, 30 * share))
    below = parts.height_of([panel.number_label], small, room.width)
    last = parts.height_of([panel.lead], lead, room.width) if panel.lead else 0
    # Under a number alone there is air, as far as its label needs no second line.
    upper = int(min(room.height - below - last, room.height * (1 if panel.lead else 0.6)))
    size = min(120 if len(panel.number) <= 12 else 60, 250 * share, room.height * 0.4 / Pt(1), parts.size_within(upper))
    room.box(slide, 0, upper, panel.number, size, "number", bold=True, centred=True, anchor=MSO_ANCHOR.BOTTOM)
    room.box(slide, upper, below, panel.number_label, small, "label", centred=True)
    if panel.lead:
        room.box(slide, upper + below, last, panel.lead, lead, "lead", colour=QUIET, centred=True)


def _picture(slide: Any, panel: Panel, chart: Plot, room: _Room) -> None:
    """Add the chart as large as it fits, centred, with its text alternative."""
    width = round(PICTURE[0] * room.width / INNER)
    picture = slide.shapes.add_picture(
        io.BytesIO(png_of(chart, width, PICTURE[1] if room.width == INNER else BESIDE, scale=SCALE)),
        room.left,
        room.top,
    )
    share = min(room.width / picture.width, room.height / picture.height)
    wide, tall = picture.width * share, picture.height * share
    parts.place(
        picture, int(room.left + (room.width - wide) // 2), int(room.top + (room.height - tall) // 2), wide, tall
    )
    picture.name = "chart"
    picture._element.nvPicPr.cNvPr.set("descr", panel.alt)


def _lines(table: Table | None) -> list[str]:
    """Return a table as lines of text, for the notes."""
    return [" | ".join(line) for line in (table.header, *table.rows)] if table else []
