"""Building blocks of PowerPoint slides: an empty 16:9 presentation, shapes, text with its language, slide numbers."""

from __future__ import annotations

import copy
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Inches, Pt

from data.texts import Language
from pages.downloads.handout.sheet import Handout
from pages.downloads.handout.text import NAME
from pages.view import letters

LANGUAGES: dict[Language, str] = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}
WIDTH, HEIGHT, SIDE = Inches(13.333), Inches(7.5), Inches(0.6)
INNER = int(WIDTH - 2 * SIDE)
_COLOUR: Any = RGBColor
INK, QUIET = _COLOUR(0x1B, 0x1F, 0x27), _COLOUR(0x4A, 0x52, 0x61)
LONGEST_PROPERTY = 255
"""Most characters of a document property."""


def wide_deck(handout: Handout) -> Any:
    """Return an empty 16:9 presentation with the handout's title, language and other document properties.

    The library's template is 4:3: its layouts are widened, also for slides added by hand, and its author is replaced.
    """
    deck = Presentation()
    share = WIDTH / deck.slide_width
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    for holder in (deck.slide_master, *deck.slide_layouts):
        for shape in holder.shapes:
            if shape._element.xpath("./p:spPr/a:xfrm"):
                place(shape, int(shape.left * share), shape.top, int(shape.width * share), shape.height)
    about = deck.core_properties
    about.title, about.language = handout.title[:LONGEST_PROPERTY], LANGUAGES[handout.lang]
    about.subject = handout.subtitle[:LONGEST_PROPERTY]
    about.author = about.last_modified_by = NAME
    about.comments = about.keywords = handout.mark[:LONGEST_PROPERTY]
    about.created = about.modified = datetime.combine(handout.made_on, time(), UTC)
    return deck


def place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    """Set the position and size of a shape, in EMU."""
    shape.left, shape.top, shape.width, shape.height = int(left), int(top), int(width), int(height)


def height_of(lines: Sequence[str], size: float, width: int = INNER, *, bold: bool = False) -> int:
    """Return the height of lines at a font size in points, in EMU, wrapped to the width and with margins.

    >>> height_of(["a"], 10) < height_of(["a", "b"], 10) == height_of(["a" * 200], 10)
    True
    """
    fitting = max(1, int((width - Inches(0.2)) / (Pt(size) * (letters.BOLD if bold else letters.PLAIN))))
    count = sum(max(1, len(textwrap.wrap(line, fitting))) for line in lines)
    return int(count * Pt(size) * letters.LINE + Inches(0.1))


def size_within(height: int) -> float:
    """Return the font size in points at which one line is as high as a box with margins, in EMU.

    >>> round(size_within(height_of(["a"], 40)))
    40
    """
    return max(1.0, (height - Inches(0.1)) / letters.LINE / Pt(1))


def box(
    slide: Any, top: int, height: int, lines: Sequence[str], lang: Language, size: float, name: str, *,
    colour: RGBColor = INK, bold: bool = False, centred: bool = False, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
    width: int = INNER, left: int = SIDE,
) -> None:  # fmt: skip
    """Add a text box to the slide. top, height, width, left: EMU; size: points; name: of the shape."""
    shape = slide.shapes.add_textbox(int(left), int(top), int(width), int(height))
    shape.name = name
    frame = shape.text_frame
    frame.vertical_anchor = anchor
    write(frame, lines, lang, size, colour, bold=bold, centred=centred)


def write(
    frame: Any, lines: Sequence[str], lang: Language, size: float | None = None, colour: RGBColor | None = None, *,
    bold: bool = False, centred: bool = False,
) -> None:  # fmt: skip
    """Write lines as paragraphs, each run marked with its language. Without a size the template's format is kept."""
    if size is not None:
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font._element.set("lang", LANGUAGES[lang])
        if size is not None:
            paragraph.alignment = PP_ALIGN.CENTER if centred else PP_ALIGN.LEFT
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour


def add_number(slide: Any, lang: Language) -> None:
    """Add the slide number as a field of the layout, so that it changes when slides are moved."""
    model = next(
        shape for shape in slide.slide_layout.placeholders
        if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER
    )  # fmt: skip
    copied = copy.deepcopy(model._element)
    slide.shapes._spTree.append(copied)
    copied.nvSpPr.cNvPr.set("id", str(1 + max(shape.shape_id for shape in slide.shapes)))
    (field,) = copied.xpath(".//a:fld")
    (look,), (shown,) = field.xpath("a:rPr"), field.xpath("a:t")
    look.set("lang", LANGUAGES[lang])
    look.attrib.pop("smtClean", None)
    # The template's grey has too little contrast.
    look.get_or_change_to_solidFill().get_or_change_to_srgbClr().val = str(QUIET)
    shown.text = str(len(slide.part.package.presentation_part.presentation.slides))
    shape = slide.shapes[-1]
    place(shape, WIDTH - SIDE - Inches(1), HEIGHT - Inches(0.42), Inches(1), Inches(0.3))
