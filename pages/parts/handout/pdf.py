"""A handout as PDF/UA-1: tagged, with headings, alternative texts and real tables, set by Typst."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typst

from pages.parts.handout.pictures import FONT, fonts, svg_of
from pages.parts.handout.sheet import Handout, Sheet
from pages.parts.texts import Texts, texts

TEMPLATE = Path(__file__).with_name("page.typ")
PICTURE = (560, 300)
"""Size a chart is drawn at, in points of its own."""
MOST_ROWS = 10
MOST_COLUMNS = 5
"""What a table beside a chart has room for; that there is more is said."""

Tell = Callable[[int, int], None]


def to_pdf(handout: Handout, tell: Tell | None = None) -> bytes:
    """The PDF. tell: told how many sheets of all are drawn."""
    t = texts(handout.lang)
    with tempfile.TemporaryDirectory(prefix="tilannekuva-") as name:
        folder = Path(name)
        sheets = []
        for number, sheet in enumerate(handout.sheets, 1):
            sheets.append(_sheet(sheet, number, folder, t))
            if tell:
                tell(number, len(handout.sheets))
        made = handout.made_on
        content = {
            "title": handout.title, "subtitle": handout.subtitle, "lang": handout.lang, "font": FONT, "mark": handout.mark,
            "made": [made.year, made.month, made.day], "contents": t("handout.contents"), "sheets": sheets,
        }  # fmt: skip
        (folder / "handout.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        # The template is copied: Typst reads nothing outside the folder it is given.
        source = folder / TEMPLATE.name
        source.write_bytes(TEMPLATE.read_bytes())
        pdf: bytes = typst.compile(
            str(source), root=name, font_paths=[str(fonts())], ignore_system_fonts=True, format="pdf", pdf_standards=["ua-1"]
        )  # fmt: skip
        return pdf


def _sheet(sheet: Sheet, number: int, folder: Path, t: Texts) -> dict[str, Any]:
    """A sheet as the template reads it."""
    picture = ""
    if sheet.chart is not None:
        picture = f"chart-{number}.svg"
        (folder / picture).write_text(svg_of(sheet.chart, *PICTURE), encoding="utf-8")
    header, rows, rest = _table(sheet, t)
    return {
        "number": number, "headline": sheet.headline, "lead": sheet.lead, "picture": picture,
        "alt": sheet.alt or sheet.headline, "value": sheet.number, "label": sheet.number_label,
        "header": header, "rows": rows, "rest": rest, "facts": list(sheet.facts),
    }  # fmt: skip


def _table(sheet: Sheet, t: Texts) -> tuple[list[str], list[list[str]], str]:
    """The part of a table there is room for, and a sentence when that is not all of it."""
    if sheet.table is None or not sheet.table.rows:
        return [], [], ""
    header = list(sheet.table.header[:MOST_COLUMNS])
    rows = [list(row[:MOST_COLUMNS]) for row in sheet.table.rows[:MOST_ROWS]]
    is_cut = len(sheet.table.header) > MOST_COLUMNS or len(sheet.table.rows) > MOST_ROWS
    return header, rows, t("handout.rest", rows=len(sheet.table.rows)) if is_cut else ""
