"""Handouts: PDFs that a screen reader can follow and slides that can be edited, with everything the briefing says."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from data.store import Store
from metrics.briefings.freezing import freeze, last_closed
from metrics.briefings.ready import ready_made
from metrics.briefings.slide import PLACE
from pages.parts import formats
from pages.parts.briefing.handing_out import handout
from pages.parts.briefing.opening import Opened
from pages.parts.handout.pdf import to_pdf
from pages.parts.handout.pictures import png_of, svg_of
from pages.parts.handout.pptx import to_pptx
from pages.parts.handout.sheet import Handout, Sheet
from pages.parts.tables import Table
from pages.parts.texts import Language, texts
from tests.pages.drawn import each_language

MARKUP = "#set page(1) [x] $a_b$ @ref *b* _i_ `c` <l> \\ // /* */ ~ \"'"


@pytest.fixture(scope="module")
def made(sample_store: Path) -> dict[Language, Handout]:
    """The month's briefing of the sample municipality in each language."""
    frozen = freeze(ready_made()["month"].slides, Store(sample_store), {PLACE: "853"})
    return {lang: handout(Opened("month", "Tilannekuva", frozen), texts(lang)) for lang in ("fi", "sv", "en")}


def elements(pdf: pikepdf.Pdf) -> list[Any]:
    """Every element of the structure tree, parents first."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(pdf.Root.StructTreeRoot["/K"])
    return found


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element["/S"]) for element in elements(pdf)]


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
        assert [str(figure["/Alt"]) for figure in figures] == [sheet.alt for sheet in sheets if sheet.chart is not None]
        assert said.count("/Table") == sum(bool(sheet.table and sheet.table.rows) for sheet in sheets)
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
    assert deck.core_properties.title == made[lang].title
    assert [slide.shapes.title.text_frame.text for slide in deck.slides] == [
        made[lang].title, *(sheet.headline for sheet in sheets),
    ]  # fmt: skip
    for slide, sheet in zip(list(deck.slides)[1:], sheets, strict=True):
        pictures = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert len(pictures) == (sheet.chart is not None)
        for picture in pictures:
            assert picture._element.nvPicPr.cNvPr.get("descr") == sheet.alt
            assert picture.image.size[0] >= 1600
            assert picture.left >= 0
            assert picture.left + picture.width <= deck.slide_width
            assert picture.top + picture.height <= deck.slide_height
        text = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert all(fact in text for fact in sheet.facts)
        notes = slide.notes_slide.notes_text_frame.text
        assert sheet.headline in notes
        assert sheet.notes.split("\n")[0] in notes
        assert all(not shape.is_placeholder or shape.text_frame.text for shape in slide.shapes)
    xml = "".join(slide.part.blob.decode() for slide in deck.slides)
    assert set(re.findall(r'<a:rPr lang="([^"]+)"', xml)) == {{"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}[lang]}


def test_every_page_says_what_it_stands_on(made: dict[Language, Handout], sample_store: Path) -> None:
    closed = last_closed(Store(sample_store).serving())
    for lang, one in made.items():
        t = texts(lang)
        for sheet in one.sheets:
            facts = "\n".join(sheet.facts)
            assert t("page.protected_explained") in facts
            assert "n = " in facts
            assert t("figure.until", day=formats.day(closed, lang)) in facts
            assert re.search(r"version|versio", facts)


def sheet_of(text: str, rows: int = 3) -> Sheet:
    table = Table((text, text), tuple((f"{text}{n}", text) for n in range(rows)), tuple((None,) for _ in range(rows)))
    return Sheet(
        text, None, lead=text, number=text, number_label=text, alt=text, table=table, facts=(text,), notes=text
    )


def handout_of(text: str, rows: int = 3) -> Handout:
    return Handout(text, text, "fi", date(2026, 11, 25), (sheet_of(text, rows),), mark=text)


def test_text_is_text_and_never_markup() -> None:
    with pikepdf.open(io.BytesIO(to_pdf(handout_of(MARKUP)))) as pdf, pdf.open_metadata() as about:
        assert about["dc:title"] == MARKUP
        assert len(pdf.pages) == 2


@settings(max_examples=15)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=30))
def test_any_text_makes_a_presentation(text: str) -> None:
    deck = Presentation(io.BytesIO(to_pptx(handout_of(f"a{text}"))))
    assert deck.slides[1].shapes.title.text_frame.text == f"a{text}"


@settings(max_examples=10)
@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc"]), min_size=1, max_size=30)
)
def test_any_european_text_makes_a_pdf(text: str) -> None:
    with pikepdf.open(io.BytesIO(to_pdf(handout_of(f"a{text}")))) as pdf:
        assert len(pdf.pages) == 2


def test_a_table_that_is_cut_says_so() -> None:
    with pikepdf.open(io.BytesIO(to_pdf(handout_of("x", rows=40)))) as pdf:
        assert len(pdf.pages) == 2
        assert tags(pdf).count("/TR") == 11
    whole, cut = (len(to_pdf(handout_of("x", rows=rows))) for rows in (10, 11))
    assert cut > whole, "a sentence more"


def test_pictures_name_a_font_that_is_there_and_nothing_outside(made: dict[Language, Handout]) -> None:
    chart = next(sheet.chart for sheet in made["fi"].sheets if sheet.chart is not None)
    svg = svg_of(chart, 500, 300)
    assert "DejaVu Sans" in svg
    assert "system-ui" not in svg
    assert set(re.findall(r"https?://[^\"' ]+", svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert png_of(chart, 500, 300).startswith(b"\x89PNG")
