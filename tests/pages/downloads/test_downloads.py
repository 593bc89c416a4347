"""Files of a figure: the published values as the page shows them, typed, without formulas, and with what they stand on."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree as Xml

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from data.texts import Language, texts
from metrics.audience import INTERNAL
from metrics.model.definition import definitions
from pages.charts.bars import bars
from pages.downloads.about import About, about
from pages.downloads.image import SCALE, WIDTH, to_png, to_svg
from pages.downloads.workbook import columns, to_xlsx
from pages.figures import tables
from pages.i18n import formats
from pages.shell.page import Page
from pages.shell.serving import Serving
from pages.view.points import DataPoint
from pages.view.sentences import protected_explained
from pages.view.state import Choice, View
from pages.view.table import Line, Table, of_texts
from pages.view.values import Value
from tests.pages.drawn import Open, each_language

BAR = (DataPoint("a", "Yksi", "", "", 1.0, Value("1", 1.0)),)
TABLE = Table(
    ("Kieli", "Asiakkaat", "Osuus"),
    (
        Line("=Somali", (Value("1 240", 1240.0), Value("62 %", 62.0, 0, "%"))),
        Line("Arabia", (Value("alle 10"), Value("–"))),
        Line("Kurdi", (Value("12,5", 12.5, 1), Value("7 %", 7.0, 0, "%"))),
    ),
)


def page_of(served: Serving, lang: Language, audience: str = "protected") -> Page:
    known = served.known(INTERNAL)
    view = View(lang, known.default_period, language=Choice("language", "so"), audience=audience)
    return Page("demand", texts(lang), view, served, known)


@pytest.fixture
def found(served: Serving) -> About:
    return about(page_of(served, "fi"), "Asiakkaat kielittäin", ("clients",), ["**Musta viiva**: vuotta aiemmin."])


def book_of(table: Table, found: About, lang: Language = "fi") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(table, found, texts(lang))))


def test_a_workbook_holds_numbers_as_numbers_and_hidden_values_as_text(found: About) -> None:
    values = book_of(TABLE, found).worksheets[0]
    rows = [[cell.value for cell in row] for row in values.iter_rows()]
    assert rows == [
        ["Kieli", "Asiakkaat", "Osuus (%)"], ["=Somali", 1240, 62], ["Arabia", "alle 10", "–"], ["Kurdi", 12.5, 7],
    ]  # fmt: skip
    assert values["B2"].number_format == "#,##0"
    assert values["B4"].number_format == "#,##0.0"
    assert values["C2"].number_format == "#,##0"


def test_a_workbook_holds_what_is_shown_with_units_and_intervals(found: About) -> None:
    t = texts("fi")
    table = Table(
        ("Mittari", "Nyt", "12 kk"),
        (
            Line("Osuus", (Value("62,4 %", 62.4, 1, "%"), Value("31 % (29–34)", 31.0, 0, "%", (29, 34)))),
            Line("Odotus", (Value("9 päivää", 9.0, 0, "päivää"), Value("–"))),
        ),
    )
    values = book_of(table, found).worksheets[0]
    rows = [[cell.value for cell in row] for row in values.iter_rows()]
    ends = (t("export.lower", name="12 kk"), t("export.upper", name="12 kk"))
    assert rows == [
        ["Mittari", "Nyt", "12 kk (%)", *ends], ["Osuus", 62.4, 31, 29, 34], ["Odotus", 9, "–", None, None],
    ]  # fmt: skip
    assert [values[place].number_format for place in ("B2", "B3")] == ['#,##0.0" %"', '#,##0" päivää"']


@pytest.mark.parametrize(
    ("page_id", "lang"),
    [("overview", "fi"), ("demand", "sv"), ("flows", "en"), ("outcomes", "fi"), ("outcomes", "en"), ("quality", "sv")],
)
def test_every_value_of_a_page_is_the_number_its_text_says(page_id: str, lang: Language, opened: Open) -> None:
    seen = []

    def note(table: Table, *_: object, **__: object) -> None:
        seen.append(table)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "show", note)
        assert not opened(page_id, lang).error
    numbers = 0
    for table in seen:
        for column in columns(table):
            for one in column.values:
                assert (one.number is not None) == one.text[:1].isdigit()
                if one.number is not None:
                    numbers += 1
                    ends = f"({one.interval[0]}–{one.interval[1]})" if one.interval else ""
                    parts = (formats.number(one.number, lang, one.decimals), one.unit, ends)
                    assert "".join(one.text.split()) == "".join("".join(parts).split())
                    assert column.unit in (None, one.unit)
    assert numbers > 20


@each_language
def test_a_workbook_says_what_it_stands_on_and_what_is_meant(lang: Language, served: Serving) -> None:
    t, page = texts(lang), page_of(served, lang)
    book = book_of(TABLE, about(page, "x", ("clients", "encounters"), ()), lang)
    assert book.sheetnames == [t("export.values"), t("export.about"), t("export.definitions")]
    said = [str(row[0].value) for row in book.worksheets[1].iter_rows()]
    assert page.sentence in said
    assert protected_explained(t) in said
    assert any(str(served.generation.number) in line for line in said)
    meant = [[cell.value for cell in row] for row in book.worksheets[2].iter_rows()]
    assert [row[0] for row in meant[1:]] == ["clients", "encounters"]
    clients = definitions()["clients"]
    assert meant[1][1:4] == [clients.name[lang], clients.version, clients.text[lang]]
    assert meant[1][5] == clients.why[lang]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=20))
def test_no_text_becomes_a_formula_a_link_or_a_number(text: str) -> None:
    named = f"={text}"
    nothing = About(named, (named,), (definitions()["clients"],))
    for name in (named, f"+{text}", "http://example.invalid", "123", "@x", "-1"):
        table = of_texts((name, name), [(name, name)])
        values = book_of(table, nothing).worksheets[0]
        assert [cell.data_type for row in values.iter_rows() for cell in row] == ["s"] * 4
        assert values["A2"].value == name
        assert values["A2"].hyperlink is None


def test_a_picture_has_title_words_and_what_it_stands_on(found: About) -> None:
    chart = bars(BAR, texts("fi"), x_title="n")
    svg = to_svg(chart, found, "Yksi pylväs.")
    root = Xml.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == found.title
    assert (root.findtext(f"{space}desc") or "").startswith("Yksi pylväs.\n")
    written = " ".join(text.text or "" for text in root.findall(f"{space}text"))
    for line in found.lines:
        assert line in written
    assert "**" not in written
    assert not re.search(rb"(href|src)\s*=\s*[\"']https?://", svg)
    width, height = (round(float(root.get(side, "0")) * SCALE) for side in ("width", "height"))
    picture = Image.open(io.BytesIO(to_png(chart, found, "")))
    picture.load()
    assert picture.info["Title"] == found.title
    assert all(line in picture.info["Description"] for line in found.lines)
    assert width == round((WIDTH + 24) * SCALE)
    assert abs(picture.width - width) <= 2
    assert abs(picture.height - height) <= 2


def test_exact_values_are_marked_in_every_file(served: Serving) -> None:
    t = texts("fi")
    exact = about(page_of(served, "fi", "internal"), "x", ("clients",), ())
    assert t("audience.internal_mark") in exact.lines
    assert exact.mark == t("audience.internal_mark")
    with zipfile.ZipFile(io.BytesIO(to_xlsx(TABLE, exact, t))) as book:
        sheets = [book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2, 3)]
    assert all(f"&amp;L&amp;B{exact.mark}" in sheet for sheet in sheets)
    svg = to_svg(bars(BAR, t, x_title="n"), exact, "").decode()
    assert svg.index(exact.mark) < svg.index(">x</text>")
    assert protected_explained(t) not in exact.lines


def test_a_csv_ends_with_the_same_words(found: About) -> None:
    text = tables.to_csv(TABLE, texts("fi"), [found.title, *found.lines]).decode("utf-8-sig")
    assert all(line in text.replace('""', '"') for line in found.lines)


@pytest.mark.parametrize("page_id", ["overview", "demand", "flows", "outcomes", "quality", "reach", "compare"])
def test_every_figure_of_a_page_offers_its_files(page_id: str, opened: Open) -> None:
    app, t = opened(page_id), texts("fi")
    labels = [button.proto.label for button in app.get("download_button")]
    figures = len(app.get("vega_lite_chart"))
    assert labels.count(t("export.png")) == labels.count(t("export.svg")) == figures
    assert labels.count(t("export.xlsx")) >= figures
