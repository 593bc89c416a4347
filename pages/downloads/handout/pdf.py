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
from pages.downloads.handout.arrangement import PanelBox, boxes
from pages.downloads.handout.pictures import FONT, fonts, svg_of
from pages.downloads.handout.sheet import Handout, HandoutPage, Panel
from pages.downloads.handout.text import cleaned

TEMPLATE = Path(__file__).with_name("page.typ")
PICTURE, ALONE, BESIDE = (520, 250), (760, 260), 210
"""Size of a chart beside a table and without one, in points, and its height beside others; its text is then about nine points
on the page."""
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
            "rest": t("handout.rest", rows="{rows}"), "tables": t("handout.tables"), "sheets": sheets,
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
    """Return a page as data for the template, and write its charts into the folder."""
    placed = zip(sheet.panels, boxes(sheet.panels), strict=True)
    return {
        "number": number, "headline": sheet.headline, "lead": sheet.lead, "facts": sheet.facts_with_tables,
        "meaning": sheet.meaning,
        "panels": [_panel(panel, box, folder / f"chart-{number}-{at}.svg") for at, (panel, box) in enumerate(placed)],
    }  # fmt: skip


def _panel(panel: Panel, box: PanelBox, path: Path) -> dict[str, Any]:
    """Return a figure as data for the template, and write its chart to the path."""
    header, rows = (panel.table.header, panel.table.rows) if panel.table else ((), ())
    picture, shape = "", 1.0
    if panel.chart is not None:
        picture = path.name
        alone = PICTURE if rows else ALONE
        drawn = svg_of(panel.chart, *(alone if box == PanelBox() else (round(ALONE[0] * box.width), BESIDE)))
        shape = _shape(drawn)
        path.write_text(drawn, encoding="utf-8")
    return {
        "title": panel.title, "lead": panel.lead, "stands": panel.stands, "picture": picture, "shape": shape,
        "alt": panel.alt, "value": panel.number, "label": panel.number_label, **vars(box),
        "header": header[:MOST_COLUMNS], "rows": [row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]],
        "total": len(rows), "narrowed": len(header) > MOST_COLUMNS,
    }  # fmt: skip


def _shape(svg: str) -> float:
    """Return the aspect ratio of an SVG, width by height."""
    size = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    return float(size[1]) / float(size[2]) if size else 1.6
