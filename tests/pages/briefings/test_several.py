"""Several figures on a slide: on the screen, in the handouts, and what each says of itself."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pptx import Presentation
from pptx.enum.text import PP_ALIGN

from data.store.store import Store
from data.texts import Language, texts
from metrics.briefings import comparison
from metrics.briefings.freezing import Frozen, freeze
from metrics.briefings.slide import Slide
from metrics.gate import COMPARED_FROM
from metrics.model.definition import definitions
from pages.briefings.drawing import drawn
from pages.briefings.handing_out import handout
from pages.briefings.opening import Opened
from pages.briefings.screen import panels
from pages.downloads.handout.arrangement import boxes
from pages.downloads.handout.deck import HEIGHT, WIDTH
from pages.downloads.handout.pdf import to_pdf
from pages.downloads.handout.pptx import to_pptx
from pages.downloads.handout.sheet import HandoutPage
from pages.i18n import formats
from pages.view import sentences
from pages.view.values import is_enough
from tests.pages.briefings.several import MAP, PERIOD, SLIDES, together
from tests.pages.drawn import each_language
from tests.pages.tagged import elements


@pytest.fixture(scope="module")
def frozen(sample_store: Path) -> Frozen:
    return freeze(SLIDES, Store(sample_store))


def sheets(frozen: Frozen, lang: Language) -> list[HandoutPage]:
    return [drawn(answered, frozen, texts(lang)) for answered in frozen.slides]


@each_language
def test_every_figure_says_what_it_shows_and_stands_on(lang: Language, frozen: Frozen) -> None:
    t = texts(lang)
    for answered, sheet in zip(frozen.slides, sheets(frozen, lang), strict=True):
        assert len(sheet.panels) == len(answered.figures)
        for figure, panel in zip(answered.figures, sheet.panels, strict=True):
            definition = definitions()[figure.slide.metric]
            told = " ".join((panel.title, panel.number_label, panel.stands, *sheet.footnotes))
            assert definition.name[lang] in told
            assert t("figure.source", source=t("source." + definition.fact)) in told
            assert sentences.period_text(figure.slide.period, t).lower() in told.lower()
            assert "n = " in (panel.stands if len(sheet.panels) > 1 else " ".join(sheet.facts))
            assert panel.alt.startswith(definition.name[lang])
            assert panel.has_table
            assert (panel.chart is None) == bool(panel.number)
            if figure.slide.kind in ("flow", "map", "heat"):
                assert sentences.unit_text(definition, t) in told
        assert any(sheet.facts)


@each_language
def test_in_small_each_figure_stands_under_its_name_with_its_unit(lang: Language, sample_store: Path) -> None:
    """What it says would be cut there, and "3" under "Odotus" tells nothing."""
    t, metrics = texts(lang), ("clients", "new_clients", "wait_days")
    figures = [Slide(metric=metric, kind="number", period=PERIOD) for metric in metrics]
    made = freeze((together(*figures),), Store(sample_store))
    sheet = drawn(made.slides[0], made, t)
    html = panels(sheet, small=True)
    assert re.findall("<h4>(.*?)</h4>", html) == [definitions()[metric].name[lang] for metric in metrics]
    days = next(row for row in made.slides[0].figures[2].whole if row.quantile == 0.5)
    number, unit = formats.value_text(days, t), formats.unit_mark(days, t, unit=True)
    assert f'<div class="number">{number}<span class="unit"> {unit}</span></div>' in html
    assert html.count('class="unit"') == 1, "of people the name tells it"
    assert f'<div class="number">{number}</div>' in panels(sheet)


@each_language
def test_a_number_that_tells_no_change_is_said_once(lang: Language, sample_store: Path) -> None:
    t, where = texts(lang), (("municipality", "853"),)
    figures = [Slide(metric=metric, kind="number", period="2024", where=where) for metric in ("clients", "encounters")]
    made = freeze((together(*figures),), Store(sample_store))
    answered = made.slides[0].figures[1]
    assert comparison.change_of(answered.whole[0], None, answered).way is None
    panel = drawn(made.slides[0], made, t).panels[1]
    name = definitions()["encounters"].name[lang]
    assert panel.title.lower().endswith(f": {name.lower()}"), "the municipality, then what it is"
    assert panel.number not in panel.title


def test_what_all_stand_on_is_said_once(frozen: Frozen) -> None:
    t, sheet = texts("fi"), sheets(frozen, "fi")[1]
    once = (t("figure.source", source=t("source." + definitions()["clients"].fact)), sentences.period_text("2025", t))
    for text in once:
        assert sum(text in part for part in (*sheet.facts, *(panel.stands for panel in sheet.panels))) == 1, text


def test_a_map_compares_only_what_stands_on_enough(frozen: Frozen) -> None:
    answered = next(one for one in frozen.slides if one.slide == MAP)
    sheet = drawn(answered, frozen, texts("fi"))
    table = sheet.panels[0].table
    assert table is not None
    few = [row for row in answered.rows if row.value is not None and not is_enough(row)]
    told = [line for line in table.rows if line[1] == texts("fi")("compare.few", count=COMPARED_FROM)]
    assert len(told) == len(few)
    assert few, "else this tries nothing"


def test_the_diagram_draws_few_routes_and_its_table_has_them_all(frozen: Frozen) -> None:
    t = texts("fi")
    beside, alone = (sheets(frozen, "fi")[at].panels[0] for at in (0, 7))
    answered = frozen.slides[7]
    shown = [row for row in answered.rows if row.value]
    for panel in (beside, alone):
        assert panel.table is not None
        assert panel.chart is not None
        drawn_here = {row["link"] for row in panel.chart.rows["ribbons"] if not row.get("other")}
        assert 3 < len(drawn_here) < len(shown)
        assert len([line for line in panel.table.rows if " → " in line[0]]) == len(shown)
        assert panel.table.header == (t("flows.route"), t("unit.referrals"))


def test_figures_stand_in_their_room_and_do_not_overlap(frozen: Frozen) -> None:
    for sheet in sheets(frozen, "fi"):
        found = boxes(sheet.panels)
        for box in found:
            assert box.left + box.width <= 1.0001
            assert box.top + box.height <= 1.0001
        for at, one in enumerate(found):
            for other in found[at + 1 :]:
                apart = one.left + one.width < other.left or one.top + one.height < other.top
                assert apart, (sheet.headline, one, other)


@each_language
def test_the_screen_has_every_figure_with_its_text_alternative(lang: Language, frozen: Frozen) -> None:
    for sheet in sheets(frozen, lang)[:5]:
        made = panels(sheet)
        assert made.count('<div class="panel') == len(sheet.panels)
        assert made.count('class="panel centred"') == sum(panel.chart is None for panel in sheet.panels)
        assert made.count("<img alt=") == sum(panel.chart is not None for panel in sheet.panels)
        assert '<img alt=""' not in made


def test_powerpoint_has_every_figure_where_it_can_be_seen(frozen: Frozen) -> None:
    made = handout(Opened("own", "Kokeilu", frozen), texts("fi"))
    deck = Presentation(io.BytesIO(to_pptx(made)))
    for slide, sheet in zip(list(deck.slides)[1:], made.sheets, strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        text = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        pictures = [shape for shape in slide.shapes if shape.name == "chart"]
        charts = [panel for panel in sheet.panels if panel.chart is not None]
        assert [one._element.nvPicPr.cNvPr.get("descr") for one in pictures] == [panel.alt for panel in charts]
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= WIDTH
            assert shape.top + shape.height <= HEIGHT
        titled = [panel for panel in sheet.panels if panel.title]
        for name, those in (("title of figure", titled), ("stands", [one for one in sheet.panels if one.stands])):
            found = [shape.text_frame.paragraphs[0].alignment for shape in slide.shapes if shape.name == name]
            assert found == [PP_ALIGN.LEFT if panel.chart else PP_ALIGN.CENTER for panel in those], "as what is between"
        for shape in slide.shapes:
            if shape.name == "number":
                (size,) = {run.font.size for run in shape.text_frame.paragraphs[0].runs}
                assert 12700 * 12 < size < shape.height, (
                    "a big number stays in its place, below the title of its figure"
                )
        assert all(fact in text for fact in sheet.facts)
        assert all(fact in notes for fact in sheet.footnotes)
        if len(sheet.panels) > 1:
            assert not any(fact in text for fact in sheet.meaning)
            assert texts("fi")("slide.in_notes") in text
        for panel in sheet.panels:
            assert all(part in text for part in (panel.title, panel.number, panel.number_label, panel.stands))
            assert panel.table is not None
            assert all(" | ".join(line) in notes for line in (panel.table.header, *panel.table.rows))
            assert panel.alt in notes


def test_numbers_of_one_slide_stand_on_one_line_in_one_size_under_titles_of_any_length(frozen: Frozen) -> None:
    made = handout(Opened("own", "Kokeilu", frozen), texts("fi"))
    four = made.sheets[3]
    titled = [
        replace(one, title=title) for one, title in zip(four.panels, ("Lyhyt", "Pitkä otsikko " * 9) * 2, strict=True)
    ]
    deck = Presentation(io.BytesIO(to_pptx(replace(made, sheets=(replace(four, panels=tuple(titled)),)))))
    numbers = [shape for shape in list(deck.slides)[1].shapes if shape.name == "number"]
    assert len({run.font.size for shape in numbers for run in shape.text_frame.paragraphs[0].runs}) == 1
    assert numbers[0].top + numbers[0].height == numbers[1].top + numbers[1].height
    assert numbers[2].top + numbers[2].height == numbers[3].top + numbers[3].height


def test_pdf_has_every_figure_and_its_values(frozen: Frozen) -> None:
    made = handout(Opened("own", "Kokeilu", frozen), texts("fi"))
    with pikepdf.open(io.BytesIO(to_pdf(made))) as pdf:
        found = elements(pdf)
        alts = [str(one["/Alt"]) for one in found if str(one["/S"]) == "/Figure"]
        assert alts == [panel.alt for sheet in made.sheets for panel in sheet.panels if panel.chart is not None]
        tables = sum(str(one["/S"]) == "/Table" for one in found)
        # A number beside others stands with its value before, and has no table of its own.
        assert tables == sum(panel.chart is not None for sheet in made.sheets for panel in sheet.panels)
        pages = sum(1 + (len(sheet.panels) > 1 and any(p.chart for p in sheet.panels)) for sheet in made.sheets)
        assert len(pdf.pages) == 1 + pages


def test_titles_of_numbers_stand_above_their_middle_on_paper(frozen: Frozen) -> None:
    numbers = [answered for answered in frozen.slides if all(one.slide.kind == "number" for one in answered.figures)]
    made = handout(Opened("own", "Kokeilu", frozen.model_copy(update={"slides": tuple(numbers)})), texts("fi"))
    with pikepdf.open(io.BytesIO(to_pdf(made))) as pdf:
        titles = [one for one in elements(pdf) if str(one["/S"]) == "/H3"]
        assert len(titles) == sum(len(sheet.panels) for sheet in made.sheets)
        short = [one for one in titles if len(str(one["/T"])) < 20]
        assert short
        assert all(left_of(one) > _MARGIN + 20 for one in short), "at the margin only a wide one begins"


_MARGIN = 1.6 / 2.54 * 72
"""Of a page, in points."""


def left_of(element: Any) -> float:
    """Where the first text of an element of a page begins, in points."""
    wanted, is_within = int(element["/K"][0]), False
    for one in pikepdf.parse_content_stream(element["/Pg"]):
        operands: Any = one.operands
        if str(one.operator) == "BDC":
            is_within = operands[1].get("/MCID") == wanted
        elif str(one.operator) == "cm" and is_within:
            return float(operands[4])
    raise AssertionError(element)


def test_numbers_in_the_sentences_are_those_of_the_values(frozen: Frozen) -> None:
    """A tile repeats nothing that its table does not have."""
    for sheet in sheets(frozen, "fi"):
        for panel in sheet.panels:
            if panel.chart is None and panel.lead:
                assert panel.table is not None
                values = " ".join(value for line in panel.table.rows for value in line[1:])
                number = re.match(r"[\d\s\xa0]+", panel.lead)
                assert number is not None
                assert number[0].strip() in values
