"""A handout as slides for PowerPoint: real titles, pictures with alternative texts, notes that can be edited."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Inches, Pt

from pages.parts.handout.pictures import png_of
from pages.parts.handout.sheet import Handout, Sheet
from pages.parts.tables import Table

LANGUAGES = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}
WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
PICTURE = (720, 330)
SCALE = 3.0
"""Pixels of a picture for each of its points: sharp on a wall too."""
_SIDE, _TOP, _FOOT = Inches(0.6), Inches(0.4), Inches(1.25)
_TITLE, _LEAD = Inches(1.1), Inches(0.45)
_TITLE_ONLY, _TITLE_SLIDE = 5, 0
_COLOUR: Any = RGBColor
_INK, _QUIET = _COLOUR(0x1B, 0x1F, 0x27), _COLOUR(0x4A, 0x52, 0x61)

Tell = Callable[[int, int], None]


def to_pptx(handout: Handout, tell: Tell | None = None) -> bytes:
    """The presentation. tell: told how many sheets of all are drawn."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    about = deck.core_properties
    about.title, about.author, about.language = handout.title, "Tilannekuva", LANGUAGES[handout.lang]
    about.created = about.modified = datetime.combine(handout.made_on, time(), UTC)
    _front(deck, handout)
    for number, sheet in enumerate(handout.sheets, 1):
        _slide(deck, sheet, handout, number)
        if tell:
            tell(number, len(handout.sheets))
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _front(deck: Any, handout: Handout) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_SLIDE])
    title, under = slide.shapes.title, slide.placeholders[1]
    _place(title, _SIDE, Inches(2.2), WIDTH - 2 * _SIDE, Inches(1.5))
    _place(under, _SIDE, Inches(3.8), WIDTH - 2 * _SIDE, Inches(1.2))
    _write(title.text_frame, [handout.title], handout, Pt(40), _INK, bold=True)
    _write(under.text_frame, [handout.subtitle, *([handout.mark] if handout.mark else [])], handout, Pt(20), _QUIET)


def _slide(deck: Any, sheet: Sheet, handout: Handout, number: int) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    inner = WIDTH - 2 * _SIDE
    _place(slide.shapes.title, _SIDE, _TOP, inner, _TITLE)
    _write(slide.shapes.title.text_frame, [sheet.headline], handout, Pt(30), _INK, bold=True)
    top = _TOP + _TITLE
    if sheet.lead:
        _box(slide, top, _LEAD, [sheet.lead], handout, Pt(18), _QUIET, "lead")
        top = int(top + _LEAD)
    room = int(HEIGHT - _FOOT - top)
    if sheet.chart is not None:
        _picture(slide, sheet, top, room)
    else:
        half = int(room * 2 // 3)
        _box(slide, top, half, [sheet.number], handout, Pt(120), _INK, "number", bold=True, align=PP_ALIGN.CENTER)
        _box(
            slide,
            int(top + half),
            int(room - half),
            [sheet.number_label],
            handout,
            Pt(24),
            _INK,
            "label",
            align=PP_ALIGN.CENTER,
        )
    mark = f" · {handout.mark}" if handout.mark else ""
    foot = [*sheet.facts, f"{handout.title}{mark} · {number} / {len(handout.sheets)}"]
    _box(slide, int(HEIGHT - _FOOT), _FOOT, foot, handout, Pt(9), _QUIET, "facts")
    notes = slide.notes_slide.notes_text_frame
    said = [sheet.headline, sheet.lead, sheet.alt, sheet.notes, *_lines(sheet.table), *sheet.facts]
    _write(notes, [text for text in said if text], handout, None, None)


def _picture(slide: Any, sheet: Sheet, top: int, room: int) -> None:
    """The chart as large as it fits, in the middle, with its text alternative."""
    assert sheet.chart is not None
    picture = slide.shapes.add_picture(io.BytesIO(png_of(sheet.chart, *PICTURE, scale=SCALE)), _SIDE, top)
    share = min((WIDTH - 2 * _SIDE) / picture.width, room / picture.height)
    width, height = int(picture.width * share), int(picture.height * share)
    _place(picture, int((WIDTH - width) // 2), int(top + (room - height) // 2), width, height)
    picture.name = "chart"
    picture._element.nvPicPr.cNvPr.set("descr", sheet.alt or sheet.headline)


def _box(
    slide: Any, top: int, height: int, lines: list[str], handout: Handout, size: Pt, colour: RGBColor, name: str, *,
    bold: bool = False, align: Any = None,
) -> None:  # fmt: skip
    box = slide.shapes.add_textbox(_SIDE, top, int(WIDTH - 2 * _SIDE), height)
    box.name = name
    _write(box.text_frame, lines, handout, size, colour, bold=bold, align=align)


def _write(
    frame: Any, lines: list[str], handout: Handout, size: Pt | None, colour: RGBColor | None, *, bold: bool = False,
    align: Any = None,
) -> None:  # fmt: skip
    """Lines as paragraphs, each run in the language of the handout."""
    frame.word_wrap = True
    if size is not None:
        frame.auto_size = MSO_AUTO_SIZE.NONE
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        if size is not None:
            paragraph.alignment = align or PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = line
        run.font._element.set("lang", LANGUAGES[handout.lang])
        if size is not None:
            run.font.size, run.font.bold = size, bold
            run.font.color.rgb = colour


def _place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _lines(table: Table | None) -> list[str]:
    """A table as lines of text, for the notes."""
    if table is None:
        return []
    return [" | ".join(line) for line in (table.header, *table.rows)]
