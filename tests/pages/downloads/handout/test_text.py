"""Whatever people write in a headline, a note or the name of a place: it is text in a handout, and the file is made."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pptx import Presentation

from pages.downloads.handout.pdf import MOST_ROWS, to_pdf
from pages.downloads.handout.pptx import to_pptx
from pages.downloads.handout.sheet import Handout, HandoutPage, Panel
from pages.downloads.handout.text import plain
from pages.view.table import of_texts
from tests.pages.tagged import elements, tags

MARKUP = "#set page(1) [x] $a_b$ @ref *b* _i_ `c` <l> \\ // /* */ ~ \"'"


def handout_of(text: str, rows: int = 3, columns: int = 2, facts: int = 1, sheets: int = 1) -> Handout:
    table = of_texts((text,) * columns, [(f"{text}{n}", *(text,) * (columns - 1)) for n in range(rows)])
    sheet = HandoutPage(
        text,
        (Panel(None, number=text, number_label=text, alt=text, table=table),),
        lead=text,
        facts=(text,) * facts,
        notes=text,
    )
    return Handout(text, text, "fi", date(2026, 11, 25), (sheet,) * sheets, mark=text)


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def test_markup_is_text() -> None:
    with opened(to_pdf(handout_of(MARKUP))) as pdf:
        with pdf.open_metadata() as about:
            assert about["dc:title"] == MARKUP
        assert len(pdf.pages) == 2
        titles = [str(one["/T"]) for one in elements(pdf) if "/T" in one]
        assert titles == [MARKUP, MARKUP]


ANY = st.text(min_size=0, max_size=40)


@settings(max_examples=25)
@given(ANY)
@example("")
@example("\ud800\x00\x1b")
@example("中文 🙂 العربية")
@example("x" * 400)
def test_any_text_makes_both_files(text: str) -> None:
    with opened(to_pdf(handout_of(text))) as pdf:
        assert len(pdf.pages) == 2
    deck = Presentation(io.BytesIO(to_pptx(handout_of(text))))
    assert deck.slides[1].shapes.title.text_frame.text == (plain(text) if plain(text).strip() else "Tilannekuva")


def test_a_table_shows_the_rows_there_is_room_for_and_says_when_not_all() -> None:
    def shown(rows: int, facts: int) -> tuple[int, int]:
        with opened(to_pdf(handout_of("x", rows=rows, facts=facts))) as pdf:
            assert len(pdf.pages) == 2
            said = tags(pdf)
            return said.count("/TR") - 1, said.count("/P")

    few, many = shown(2, facts=1), shown(40, facts=1)
    assert few[0] == 2
    assert 2 < many[0] <= MOST_ROWS
    assert many[1] == few[1] + 1, "a sentence more"
    # Four lines of facts more take the height of three rows at least.
    assert shown(40, facts=5)[0] <= many[0] - 3


def test_a_wide_table_says_that_columns_are_missing() -> None:
    said = []
    for columns in (5, 6):
        with opened(to_pdf(handout_of("x", columns=columns))) as pdf:
            said.append((tags(pdf).count("/TH"), tags(pdf).count("/P")))
    assert said[0][0] == said[1][0]
    assert said[1][1] == said[0][1] + 1


@pytest.mark.parametrize(("sheets", "listed"), [(3, 0), (4, 4)])
def test_a_long_handout_begins_with_its_contents(sheets: int, listed: int) -> None:
    with opened(to_pdf(handout_of("x", sheets=sheets))) as pdf:
        assert tags(pdf).count("/LI") == listed
        assert tags(pdf).count("/Link") == listed


def test_slides_added_by_hand_have_a_layout_as_wide_as_the_slide() -> None:
    deck = Presentation(io.BytesIO(to_pptx(handout_of("x"))))
    title = deck.slide_layouts[5].placeholders[0]
    assert 2 * title.left + title.width == pytest.approx(deck.slide_width, abs=20)
