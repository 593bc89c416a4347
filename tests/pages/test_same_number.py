"""The same number everywhere: on the command line, on pages, on slides, in PowerPoint and in workbooks, for every metric."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation

from data.store.store import Store
from data.texts import LANGUAGES, Language, texts
from metrics.ask import ask
from metrics.audience import PROTECTED
from metrics.briefings.freezing import Frozen, freeze
from metrics.briefings.slide import Slide, kind_for
from metrics.cli import main
from metrics.grammar.answer import Row, is_main
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions
from pages.briefings.drawing import drawn
from pages.briefings.handing_out import handout
from pages.briefings.opening import Opened
from pages.downloads.about import about
from pages.downloads.handout.pptx import to_pptx
from pages.downloads.workbook import to_xlsx
from pages.i18n import formats
from pages.shell import asking
from pages.shell.page import Page
from pages.shell.serving import Serving
from pages.view.state import View
from pages.view.table import Line, Table
from pages.view.values import published

PERIOD = "2025"


def is_answered(metric: str, store: Store) -> bool:
    try:
        return bool(ask(Question((metric,), period=PERIOD), store).rows)
    except QuestionError:
        return False


@pytest.fixture(scope="module")
def metrics(sample_store: Path) -> tuple[str, ...]:
    """Every metric that has an answer of its own, without a breakdown."""
    found = tuple(one for one in definitions() if is_answered(one, Store(sample_store)))
    assert len(found) > 60
    return found


@pytest.fixture(scope="module")
def said(metrics: tuple[str, ...], sample_store: Path) -> dict[str, Row]:
    """The published row of each metric: of several, the one that stands for it."""
    store = Store(sample_store)
    rows = {one: ask(Question((one,), period=PERIOD), store).rows for one in metrics}
    return {one: next(row for row in found if is_main(row)) for one, found in rows.items()}


@pytest.fixture(scope="module")
def frozen(metrics: tuple[str, ...], sample_store: Path) -> Frozen:
    return freeze(
        [Slide(metric=one, kind=kind_for(one, (), None), period=PERIOD) for one in metrics], Store(sample_store)
    )


def test_the_command_line_prints_it(
    said: dict[str, Row], sample_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang in LANGUAGES:
        for metric, row in said.items():
            words = ["ask", metric, "--period", PERIOD, "--lang", lang, "--store", str(sample_store)]
            assert main(words) == 0
            assert formats.value_text(row, texts(lang)) in capsys.readouterr().out, (metric, lang)
    for metric, row in said.items():
        assert main(["ask", metric, "--period", PERIOD, "--format", "json", "--store", str(sample_store)]) == 0
        found = json.loads(capsys.readouterr().out)["rows"]
        assert [one for one in found if (one["value"], one["state"], one["n"]) == (row.value, row.state, row.n)], metric


def test_pages_ask_for_it(said: dict[str, Row], served: Serving) -> None:
    view = View("fi", PERIOD)
    page = Page("overview", texts("fi"), view, served, served.known(PROTECTED))
    for metric, row in said.items():
        assert row in page.ask(metric).rows, metric
        assert row in asking.answer_to(served, Question((metric,), period=PERIOD)).rows, metric


@pytest.mark.parametrize("lang", LANGUAGES)
def test_slides_show_it_as_a_number_or_in_their_table(lang: Language, said: dict[str, Row], frozen: Frozen) -> None:
    t = texts(lang)
    for slide in frozen.slides:
        row, sheet = said[slide.slide.metric], drawn(slide, frozen, t)
        text = formats.value_text(row, t)
        if slide.slide.kind == "curve" and row.unit != "%":
            continue  # A median is drawn as its curve, which the table follows month by month.
        panel = sheet.panels[0]
        cells = [cell.text for line in panel.table.lines for cell in line.values] if panel.table else []
        assert text in (panel.number, *cells) or any(text in cell for cell in cells), (row.metric, text, cells)
        if panel.number:
            assert panel.number == text, row.metric


def test_powerpoint_has_it(said: dict[str, Row], frozen: Frozen) -> None:
    t = texts("sv")
    made = handout(Opened("all", "Allt", frozen), t)
    deck = Presentation(io.BytesIO(to_pptx(made)))
    shown = [
        "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        + slide.notes_slide.notes_text_frame.text
        for slide in list(deck.slides)[1:]
    ]
    for slide, sheet, text in zip(frozen.slides, made.sheets, shown, strict=True):
        if sheet.panels[0].number:
            assert formats.value_text(said[slide.slide.metric], t) in text, slide.slide.metric


def test_workbooks_have_it_as_a_number(said: dict[str, Row], served: Serving) -> None:
    t = texts("fi")
    page = Page("overview", t, View("fi", PERIOD), served, served.known(PROTECTED))
    table = Table(("Mittari", "Nyt"), tuple(Line(one, (published(row, t, unit=True),)) for one, row in said.items()))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table, about(page, "Kaikki", tuple(said), ()), t)))
    found = {line[0].value: line[1].value for line in book.worksheets[0].iter_rows(min_row=2)}
    for metric, row in said.items():
        if row.value is None:
            assert isinstance(found[metric], str), metric
        else:
            assert found[metric] == formats.rounded(row.value)[0], metric
