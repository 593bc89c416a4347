"""A handout as PDF/UA-1, set by Typst: tagged, with headings, alternative texts and real tables."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typst

from data.texts import texts
from pages.downloads.handout.pictures import FONT, fonts, svg_of
from pages.downloads.handout.sheet import Handout, HandoutPage
from pages.downloads.handout.text import cleaned

TEMPLATE = Path(__file__).with_name("page.typ")
PICTURE, ALONE = (520, 250), (760, 260)
"""Size of a chart beside a table and without one, in points; its text is then about nine points on the page."""
MOST_ROWS = 14
MOST_COLUMNS = 5
"""Most rows and columns of a table beside a chart; the template prints fewer rows when the page is full, with a note."""

Progress = Callable[[int, int], None]


def to_pdf(handout: Handout, progress: Progress | None = None) -> bytes:
    """Return the handout as a PDF file. progress: called with the number of pages drawn and of all pages."""
    t, handout = texts(handout.lang), cleaned(handout)
    with tempfile.TemporaryDirectory(prefix="tilannekuva-") as name:
        folder = Path(name)
        sheets = []
        for number, sheet in enumerate(handout.sheets, 1):
            sheets.append(_sheet(sheet, number, folder))
            if progress:
                progress(number, len(handout.sheets))
        made = handout.made_on
        content = {
            "title": handout.title, "subtitle": handout.subtitle, "lang": handout.lang, "font": FONT, "mark": handout.mark,
            "made": [made.year, made.month, made.day], "contents": t("handout.contents"),
            "rest": t("handout.rest", rows="{rows}"), "sheets": sheets,
        }  # fmt: skip
        (folder / "handout.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        # The template is copied, because Typst reads only files inside its root folder.
        source = folder / TEMPLATE.name
        source.write_bytes(TEMPLATE.read_bytes())
        pdf: bytes = typst.compile(
            str(source), root=name, font_paths=[str(fonts())], ignore_system_fonts=True, format="pdf", pdf_standards=["ua-1"]
        )  # fmt: skip
        return pdf


def _sheet(sheet: HandoutPage, number: int, folder: Path) -> dict[str, Any]:
    """Return a page as data for the template, and write its chart into the folder."""
    header, rows = (sheet.table.header, sheet.table.rows) if sheet.table else ((), ())
    picture, shape = "", 1.0
    if sheet.chart is not None:
        picture = f"chart-{number}.svg"
        drawn = svg_of(sheet.chart, *(PICTURE if rows else ALONE))
        shape = _shape(drawn)
        (folder / picture).write_text(drawn, encoding="utf-8")
    return {
        "number": number, "headline": sheet.headline, "lead": sheet.lead, "picture": picture, "shape": shape,
        "alt": sheet.alt, "value": sheet.number, "label": sheet.number_label, "facts": sheet.facts,
        "header": header[:MOST_COLUMNS], "rows": [row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]],
        "total": len(rows), "narrowed": len(header) > MOST_COLUMNS,
    }  # fmt: skip


def _shape(svg: str) -> float:
    """Return the aspect ratio of an SVG, width by height."""
    size = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    return float(size[1]) / float(size[2]) if size else 1.6
