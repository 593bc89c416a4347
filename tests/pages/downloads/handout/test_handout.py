"""Handouts: PDFs that a screen reader can follow and slides that can be edited, with everything the briefing says."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
from pptx import Presentation

from data.store.store import Store
from data.texts import Language, texts
from metrics.briefings.freezing import freeze
from metrics.briefings.ready import ready_made
from metrics.briefings.slide import PLACE
from pages.briefings.handing_out import handout
from pages.briefings.opening import Opened
from pages.downloads.handout.pdf import to_pdf
from pages.downloads.handout.pictures import png_of, svg_of
from pages.downloads.handout.pptx import to_pptx
from pages.downloads.handout.sheet import Handout
from pages.i18n import formats
from pages.view.sentences import protected_explained
from tests.pages.drawn import each_language
from tests.pages.tagged import elements, tags

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


@pytest.fixture(scope="module")
def made(sample_store: Path) -> dict[Language, Handout]:
    """The figures of the month's briefing of the sample municipality, one on a page, in each language."""
    figures = [figure for slide in ready_made()["month"].slides for figure in slide.figures]
    frozen = freeze(figures, Store(sample_store), {PLACE: "853"})
    return {lang: handout(Opened("month", "Tilannekuva", frozen), texts(lang)) for lang in ("fi", "sv", "en")}


@each_language
def test_a_pdf_says_what_it_is_and_can_be_followed_by_ear(lang: Language, made: dict[Language, Handout]) -> None:
    told: list[tuple[int, int]] = []
    content = to_pdf(made[lang], lambda done, of: told.append((done, of)))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == lang
        assert root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == made[lang].title
        sheets = made[lang].sheets
        assert len(pdf.pages) == len(sheets) + 1
        said = tags(pdf)
        assert said.count("/H1") == 1
        assert said.count("/H2") == len(sheets)
        figures = [element for element in elements(pdf) if str(element["/S"]) == "/Figure"]
        assert [str(figure["/Alt"]) for figure in figures] == [
            one.alt for sheet in sheets for one in sheet.panels if one.chart is not None
        ]
        assert said.count("/Table") == sum(one.has_table for sheet in sheets for one in sheet.panels)
        assert said.count("/TH") >= 2 * said.count("/Table")
    assert told == [(number, len(sheets)) for number in range(1, len(sheets) + 1)]


def test_charts_are_vectors_and_fonts_are_in_the_file(made: dict[Language, Handout]) -> None:
    with pikepdf.open(io.BytesIO(to_pdf(made["fi"]))) as pdf:
        fonts = 0
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                assert item.get("/Subtype") != "/Image"
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                fonts += 1
                assert any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
        assert fonts


@each_language
def test_slides_have_titles_alternative_texts_and_notes(lang: Language, made: dict[Language, Handout]) -> None:
    sheets = made[lang].sheets
    deck = Presentation(io.BytesIO(to_pptx(made[lang])))
    about = deck.core_properties
    assert (about.title, about.author, about.last_modified_by, about.comments) == (
        made[lang].title, "Tilannekuva", "Tilannekuva", "",
    )  # fmt: skip
    assert [slide.shapes.title.text_frame.text for slide in deck.slides] == [
        made[lang].title, *(sheet.headline for sheet in sheets),
    ]  # fmt: skip
    for slide, sheet in zip(list(deck.slides)[1:], sheets, strict=True):
        pictures = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert len(pictures) == (sheet.panels[0].chart is not None)
        for picture in pictures:
            assert picture._element.nvPicPr.cNvPr.get("descr") == sheet.panels[0].alt
            assert picture.image.size[0] >= 1600
        text = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert all(fact in text for fact in sheet.footnotes)
        assert [field.get("type") for field in slide._element.iter(f"{{{DRAWING}}}fld")] == ["slidenum"]
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
        notes = slide.notes_slide.notes_text_frame.text
        assert sheet.headline in notes
        assert sheet.notes.split("\n")[0] in notes
        table = sheet.panels[0].table
        assert table is not None
        assert all(" | ".join(row) in notes for row in (table.header, *table.rows))
        assert all(not shape.is_placeholder or shape.text_frame.text for shape in slide.shapes)
    xml = "".join(slide.part.blob.decode() for slide in deck.slides)
    assert set(re.findall(r'<a:rPr lang="([^"]+)"', xml)) == {{"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}[lang]}


def test_every_page_says_what_it_stands_on(made: dict[Language, Handout], sample_store: Path) -> None:
    closed = Store(sample_store).serving().closed_until
    for lang, one in made.items():
        t = texts(lang)
        for sheet in one.sheets:
            facts = "\n".join(sheet.footnotes)
            assert protected_explained(t) in facts
            assert "n = " in facts
            assert t("figure.until", day=formats.day(closed, lang)) in facts
            assert re.search(r"version|versio", facts)


def test_pictures_name_a_font_that_is_there_and_nothing_outside(made: dict[Language, Handout]) -> None:
    chart = next(one.chart for sheet in made["fi"].sheets for one in sheet.panels if one.chart is not None)
    svg = svg_of(chart, 500, 300)
    assert "DejaVu Sans" in svg
    assert "system-ui" not in svg
    assert set(re.findall(r"https?://[^\"' ]+", svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert png_of(chart, 500, 300).startswith(b"\x89PNG")
