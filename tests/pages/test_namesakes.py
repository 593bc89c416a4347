"""Things of one name are different things: each has its row in every table, chart and file, and is told apart on screen."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from pptx import Presentation

from data.codes.codelist import CodeList
from data.store.store import Store
from data.texts import LANGUAGES, Language, texts
from metrics.briefings.briefing import Briefings
from metrics.briefings.freezing import Frozen, freeze
from metrics.briefings.slide import Slide
from metrics.model.labels import as_seen
from pages.briefings.drawing import drawn
from pages.briefings.handing_out import handout
from pages.briefings.opening import Opened
from pages.charts.forest import EstimateLine, forest
from pages.downloads.about import About
from pages.downloads.handout.pdf import to_pdf
from pages.downloads.handout.pictures import svg_of
from pages.downloads.handout.pptx import to_pptx
from pages.downloads.handout.sheet import Panel
from pages.downloads.workbook import to_xlsx
from pages.figures import tables
from pages.view.points import DataPoint, with_distinct_labels
from pages.view.table import Table, pivot
from pages.view.values import Value
from tests.conftest import own_copy
from tests.metrics.made import store_of
from tests.pages.drawn import Open, charts, each_language, open_page, sent_rows

POINTS = [
    {"code": "p1", "name_fi": "Neuvonta", "name_sv": "Rådgivning", "name_en": "Guidance", "municipality": "049"},
    {"code": "p2", "name_fi": "Neuvonta", "name_sv": "Rådgivning", "name_en": "Guidance", "municipality": "092"},
    {"code": "p3", "name_fi": "Iso Omena", "municipality": "049"},
    {"code": "p4", "name_fi": "iso  omena", "municipality": "049"},
]
CODES = [str(point["code"]) for point in POINTS]
NUMBERS = {"p1": 40, "p2": 30, "p3": 25, "p4": 20}
"""Clients of each point: no two alike, so that no row can stand for another."""
NAMES = {
    "fi": ["Neuvonta (Espoo)", "Neuvonta (Vantaa)", "Iso Omena (p3)", "iso  omena (p4)"],
    "sv": ["Rådgivning (Esbo)", "Rådgivning (Vanda)", "Iso Omena (p3)", "iso  omena (p4)"],
    "en": ["Guidance (Espoo)", "Guidance (Vantaa)", "Iso Omena (p3)", "iso  omena (p4)"],
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of four service points, which two and two have the same name; pages serve it."""
    rows: list[dict[str, Any]] = [
        {"client": 100 * at + number, "service_point": code, "municipality": "049", "channel": "phone"}
        for at, code in enumerate(CODES, 1)
        for number in range(NUMBERS[code])
    ]
    # The year has ended: its months can be drawn.
    rows.append({"client": -1, "service_point": "p1", "channel": "phone", "occurred_on": date(2025, 12, 31)})
    made = store_of(tmp_path / "store", {"service_point": POINTS, "encounter": rows})
    monkeypatch.setenv("TILANNEKUVA_STORE", str(made.path))
    return made


def slides(store: Store) -> Frozen:
    made = [
        Slide(metric="clients", kind="bars", by=("service_point",), period="2025"),
        Slide(metric="clients", kind="lines", by=("service_point",), period="2025", each="month"),
        Slide(metric="clients", kind="heat", by=("service_point", "channel"), period="2025"),
        Slide(metric="solved_share", kind="bars", by=("service_point",), period="2025"),
    ]
    return freeze(made, store)


def without_told_apart(frozen: Frozen) -> Frozen:
    """As briefings were kept before names were told apart."""
    places = {str(p["code"]): {lang: str(p.get(f"name_{lang}") or p["name_fi"]) for lang in LANGUAGES} for p in POINTS}
    return frozen.model_copy(update={"places": {**frozen.places, **places}})


def sent(chart: Any) -> list[dict[str, Any]]:
    spec = chart.to_dict()
    return [
        row for rows in [*spec.get("datasets", {}).values(), spec.get("data", {}).get("values", [])] for row in rows
    ]


def panels(store: Store, lang: Language) -> list[Panel]:
    frozen = slides(store)
    return [drawn(answered, frozen, texts(lang)).panels[0] for answered in frozen.slides]


@each_language
def test_every_point_is_in_table_chart_and_files(lang: Language, store: Store) -> None:
    bars, lines, heat, _ = panels(store, lang)
    t, numbers = texts(lang), [str(number) for number in NUMBERS.values()]
    expected = dict(zip(NAMES[lang], numbers, strict=True))
    for sheet, key in ((bars, "x"), (heat, "series")):
        assert sheet.table is not None
        assert len(sheet.table.rows) == len(CODES)
        assert {row[0]: row[1] for row in sheet.table.rows} == expected
        assert Counter(row[key] for row in sent(sheet.chart)) == Counter(CODES)
    assert lines.table is not None
    assert lines.table.header[1:] == tuple(NAMES[lang])
    assert lines.table.rows[0][1:] == tuple(numbers)
    assert {row["series"] for row in sent(lines.chart)} == set(CODES)
    table = bars.table
    assert table is not None
    read = list(
        csv.reader(io.StringIO(tables.to_csv(table, t).decode("utf-8-sig")), delimiter=";" if lang != "en" else ",")
    )
    assert [row[:2] for row in read[1:5]] == [[name, number] for name, number in zip(NAMES[lang], numbers, strict=True)]
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table, About("x", (), ()), t)))
    cells = [[cell.value for cell in row[:2]] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert cells == [[name, int(number)] for name, number in zip(NAMES[lang], numbers, strict=True)]


@each_language
def test_every_point_is_on_the_drawn_picture(lang: Language, store: Store) -> None:
    """The names the reader sees: on the axis of bars, in the legend of lines, down a heat map."""
    for sheet in panels(store, lang)[:3]:
        assert sheet.chart is not None
        drawing = svg_of(sheet.chart, 900, 300)
        for name in NAMES[lang]:
            assert f">{name}<" in drawing.replace("\xa0", " "), (name, sheet.alt)
        assert ">p1<" not in drawing, "a code where a name should be"


def test_every_point_is_in_the_handout(store: Store) -> None:
    t = texts("fi")
    made = handout(Opened("own", "Pisteet", slides(store)), t)
    deck = Presentation(io.BytesIO(to_pptx(made)))
    notes = deck.slides[1].notes_slide.notes_text_frame.text
    assert all(
        f"{name.replace('  ', ' ')} | {number}" in notes
        for name, number in zip(NAMES["fi"], NUMBERS.values(), strict=True)
    )
    with pikepdf.open(io.BytesIO(to_pdf(made))) as pdf:
        assert len(pdf.pages) == 5


@each_language
def test_an_old_briefing_tells_them_apart_by_their_code(lang: Language, store: Store) -> None:
    frozen = without_told_apart(slides(store))
    for answered in frozen.slides[:3]:
        sheet = drawn(answered, frozen, texts(lang)).panels[0]
        assert sheet.table is not None
        found = sheet.table.header[1:] if answered.slide.kind == "lines" else [row[0] for row in sheet.table.rows]
        assert sorted(name.partition(" (")[2] for name in found) == [f"{code})" for code in CODES]


@each_language
def test_each_point_can_be_chosen(lang: Language, store: Store) -> None:
    """Streamlit knows the options of a list by their texts: of two equal ones the second could never be chosen."""
    app = open_page("demand", lang)
    for code in CODES:
        box = app.selectbox(key="filter_service_point")
        assert sorted(box.options[1:]) == sorted(NAMES[lang])
        box.set_value(f"service_point={code}").run()
        assert app.query_params["service_point"] in (code, [code])


def test_two_briefings_of_one_title_can_be_opened(store: Store) -> None:
    kept = Briefings.of(store.path)
    for metric in ("clients", "encounters"):
        kept.save("Syksy", freeze([Slide(metric=metric, kind="number", period="2025")], store))
    for name in ("B-1", "B-2"):
        app = open_page("briefings")
        app.selectbox(key="briefing_chosen").set_value(name).run()
        assert app.query_params["briefing"] in (name, [name])


@pytest.fixture
def one_name(sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every code of every list has the same name."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(own_copy(sample_store, tmp_path / "own")))
    monkeypatch.setattr(CodeList, "label", lambda _self, _code, _lang: "Sama")


def shapes(page_id: str, **params: str) -> tuple[list[Table], list[Table], list[set[tuple[Any, ...]]]]:
    """Tables of a page's figures, and what its charts carry by keys."""
    seen: list[Table] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "show", lambda table, *_, **__: seen.append(table))
        shown: list[Table] = []

        def to_html(table: Table, *_: object, **__: object) -> str:
            shown.append(table)
            return "<p>x</p>"

        patch.setattr(tables, "to_html", to_html)
        app = open_page(page_id, "fi", **params)
    assert not app.exception
    assert not app.error
    by_name = [field for chart in charts(app) for field in scaled(json.loads(chart.spec)) if "label" in field]
    assert by_name == [], "a scale of names instead of codes"
    keyed = [
        {
            tuple(str(row.get(name)) for name in ("x", "series", "key", "link", "month", "value"))
            for row in sent_rows(chart)
        }
        for chart in charts(app)
    ]
    return seen, shown, keyed


@pytest.mark.parametrize(
    ("page_id", "params"),
    [
        ("demand", {}), ("reach", {}), ("flows", {}), ("outcomes", {"group": "municipality"}), ("overview", {}),
        ("compare", {}), ("catalogue", {"metric": "flow"}),
    ],
)  # fmt: skip
def test_no_row_is_lost_when_everything_has_one_name(
    page_id: str, params: dict[str, str], opened: Open, request: pytest.FixtureRequest
) -> None:
    before = shapes(page_id, **params)
    request.getfixturevalue("one_name")
    after = shapes(page_id, **params)
    for old, new in zip((*before[0], *before[1]), (*after[0], *after[1]), strict=True):
        assert (len(new.lines), len(new.header)) == (len(old.lines), len(old.header))
        assert [[value.text for value in line.values] for line in new.lines] == [
            [value.text for value in line.values] for line in old.lines
        ] or page_id == "compare"
        assert len({as_seen(line.name) for line in new.lines}) == len({as_seen(line.name) for line in old.lines})
        assert len(set(map(as_seen, new.header))) == len(set(map(as_seen, old.header)))
    assert after[2] == before[2]
    assert before[0] or before[1]


def test_estimates_of_one_name_are_two_lines() -> None:
    lines = [EstimateLine(key, "Sama", 1.0, 0.5, 2.0, "1") for key in ("crude", "adjusted")]
    chart = forest(lines, texts("fi"), x_title="x", is_ratio=True)
    assert not [field for field in scaled(chart.to_dict()) if "label" in field]
    assert svg_of(chart, 600).count(">Sama<") == 2


def test_cells_of_one_name_have_a_line_and_a_column_each() -> None:
    cells = [DataPoint(x, "Sama", s, "Sama", 1.0, Value(x + s, 1.0)) for x in "ab" for s in "cd"]
    table = pivot(cells, "")
    assert [[value.text for value in line.values] for line in table.lines] == [["ac", "ad"], ["bc", "bd"]]
    told = with_distinct_labels(cells)
    assert pivot(told, "").header == ("", "Sama (c)", "Sama (d)")
    assert [line.name for line in pivot(told, "").lines] == ["Sama (a)", "Sama (b)"]


def scaled(part: Any) -> list[str]:
    """Fields that a place, a colour or a form in a chart goes by."""
    if isinstance(part, list):
        return [field for one in part for field in scaled(one)]
    if not isinstance(part, dict):
        return []
    channels = {
        name: one for name, one in part.get("encoding", {}).items() if name not in ("tooltip", "text", "description")
    }
    own = [str(one["field"]) for one in channels.values() if isinstance(one, dict) and "field" in one]
    return own + [field for one in part.values() for field in scaled(one)]
