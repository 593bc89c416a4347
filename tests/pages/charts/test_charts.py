"""Charts and tables draw a hidden value as hidden, tell series apart without colour, and export no formulas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from data.texts import LANGUAGES, texts
from metrics.gate import Bound
from metrics.grammar.answer import Row
from pages.charts import frame
from pages.charts.bars import bars
from pages.charts.heatmap import heatmap
from pages.charts.lines import lines
from pages.charts.stacked import stacked
from pages.figures import tables
from pages.view.points import DataPoint, by_size, cells, in_order, largest_label, names, series_of, starred, x_of
from pages.view.table import Line, Table, pivot, with_lacks
from pages.view.values import Value

T = texts("fi")


def row(value: float | None, period: str = "2026-01", unit: str = "clients", **codes: str) -> Row:
    return Row(
        "clients",
        codes,
        period,
        value,
        unit,
        bound=None if value is not None else Bound("under", 10),
    )


ROWS = [
    row(120, language="ar"), row(None, language="so"), row(40, language="und"),
    row(30, "2026-02", language="ar"), row(50, "2026-02", language="so"), row(45, "2026-02", language="und"),
]  # fmt: skip
CELLS = cells(ROWS, T, {}, x="period", series="language")


def rows_of(chart: Any) -> list[dict[str, Any]]:
    spec = chart.to_dict()
    found = spec.get("data", {}).get("values") or next(iter(spec["datasets"].values()))
    return list(found)


def test_cells_carry_labels_and_text() -> None:
    assert CELLS[0] == DataPoint("2026-01", "tammi 2026", "ar", "Arabia", 120, Value("120", 120.0))
    assert CELLS[1].hidden
    assert CELLS[1].text == "alle 10"
    assert by_size(CELLS, series_of) == ("ar", "und", "so")
    assert largest_label(CELLS, series_of) == "Arabia"
    assert [c.series for c in in_order(CELLS, ("so", "ar"), series_of)][:2] == ["so", "so"]
    assert largest_label((), x_of) == "–"
    assert largest_label([cell for cell in CELLS if cell.hidden], series_of) == "–"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hidden_value_is_never_a_number_in_a_chart(lang: Any) -> None:
    t = texts(lang)
    across, down = tuple(names(CELLS, x_of)), tuple(names(CELLS, series_of))
    for chart in (
        lines(CELLS, t, y_title="n"),
        bars(CELLS[:2], t, x_title="n", before={"2026-01": CELLS[1]}),
        heatmap(CELLS, t, columns=across, rows=down, value_title="n"),
    ):
        hidden = [r for r in rows_of(chart) if r.get("hidden")]
        assert hidden
        assert all(r["value"] is None and r["text"] in ("alle 10", "under 10") for r in hidden)
        assert chart.to_dict()["config"]["locale"]["time"]["months"]
    parts = stacked(CELLS, t, parts=down, rows=across, value_title="n")
    assert [r["text"] for r in rows_of(parts) if r["x_label"] == CELLS[0].x_label] == ["120", "40"]


def test_lines_differ_by_colour_shape_and_dash_and_keep_their_order() -> None:
    many = [DataPoint("2026-01", "tammi 2026", f"s{i}", f"Sarja {i}", 10.0 * i, Value(str(10 * i))) for i in range(12)]
    spec = lines(many, T, y_title="n").to_dict()
    encodings = [layer["encoding"] for layer in spec["layer"]]
    dashes = encodings[0]["strokeDash"]["scale"]
    shapes = encodings[1]["shape"]["scale"]
    assert len(dashes["domain"]) == len(shapes["domain"]) == frame.MOST_SERIES
    assert len({tuple(d) for d in dashes["range"]}) == len(set(shapes["range"])) == frame.MOST_SERIES
    assert encodings[0]["x"]["type"] == "nominal"
    assert {r["series"] for r in rows_of(lines(many, T, y_title="n"))} == {f"s{i}" for i in range(8)}


def test_every_axis_and_legend_is_described_in_the_readers_language() -> None:
    spec = lines(CELLS, texts("sv"), y_title="möten").to_dict()
    encoding = spec["layer"][0]["encoding"]
    assert encoding["x"]["axis"]["description"] == "Perioder"
    assert encoding["y"]["axis"]["description"] == "möten"
    assert spec["layer"][1]["encoding"]["color"]["legend"]["description"] == "Teckenförklaring"


def test_a_value_of_the_rest_is_marked_otherwise_than_by_colour_and_named() -> None:
    lost = [replace(cell, lacks="asioinnit (Vaasa)") if cell.x == "2026-01" else cell for cell in CELLS]
    spec = lines(lost, T, y_title="n").to_dict()
    filled, hollow = spec["layer"][1:3]
    assert (filled["mark"]["filled"], hollow["mark"]["filled"], hollow["mark"]["fill"]) == (True, False, frame.GROUND)
    told = {row["told"] for row in rows_of(lines(lost, T, y_title="n")) if row.get("lacks")}
    assert told == {"120 (asioinnit (Vaasa))", "40 (asioinnit (Vaasa))"}, "what is not shown is no value of the rest"
    assert len(lines(CELLS, T, y_title="n").to_dict()["layer"]) == len(spec["layer"]) - 1
    texts_of_bars = [row["shown_text"] for row in rows_of(bars(starred(lost[:2]), T, x_title="n"))]
    assert texts_of_bars == ["120 *", "– alle 10"]
    table = with_lacks(pivot(lost, "Kuukausi"), lost, "Puuttuu")
    assert table.header[-1] == "Puuttuu"
    assert [line[-1] for line in table.rows] == ["asioinnit (Vaasa)", "–"]
    assert with_lacks(pivot(CELLS, "Kuukausi"), CELLS, "Puuttuu") == pivot(CELLS, "Kuukausi")


def test_a_table_has_the_values_of_its_chart() -> None:
    table = pivot(CELLS, "Kuukausi")
    assert table.header == ("Kuukausi", "Arabia", "Somali", "Ei tietoa")
    assert table.rows == (("tammi 2026", "120", "alle 10", "40"), ("helmi 2026", "30", "50", "45"))
    assert [value.number for value in table.lines[0].values] == [120, None, 40]
    html = tables.to_html(table, "Otsikko <b>")
    assert "<caption>Otsikko &lt;b&gt;</caption>" in html
    assert '<th scope="col">Arabia</th>' in html
    assert '<th scope="row">tammi 2026</th><td>120</td><td>alle 10</td>' in html


def test_on_a_phone_each_word_of_a_table_of_words_has_a_line_after_its_heading() -> None:
    table = pivot(CELLS, "Kuukausi <b>")
    words = tables.to_html(table, "Otsikko", words=(1,))
    cells = words.count("<td") + words.count('<th scope="row"')
    assert words.count("data-label=") == cells
    assert words.count('data-label="Kuukausi &lt;b&gt;"') == len(table.lines)
    assert 'role="cell"' in words, "laid out in lines, it stays a table"
    assert "data-label=" not in tables.to_html(table, "Otsikko")
    assert "data-label=" not in tables.to_html(table, "Otsikko", words=(1,), titled=True)


def test_a_table_under_a_heading_keeps_its_parts_however_it_is_laid_out() -> None:
    """On a phone its rows are grids, in which a screen reader finds no table but by the parts that are named."""
    html = tables.to_html(pivot(CELLS, "Kuukausi"), "Otsikko", titled=True)
    for role, times in (("table", 1), ("row", 3), ("columnheader", 4), ("rowheader", 2), ("cell", 6)):
        assert html.count(f' role="{role}"') == times, role
    assert "--columns: 3" in html
    assert html.count('class="short"') == 6, "a number stays beside its unit"


def test_csv_opens_in_the_readers_spreadsheet_and_runs_no_formula() -> None:
    lines_ = (Line("+358", (Value("1 255,5", 1255.5, 1),)), Line("@x", (Value("alle 10"),)))
    table = Table(("=cmd", "Määrä"), lines_)
    assert tables.to_csv(table, T, ["-huom"]).decode("utf-8-sig").split("\r\n") == [
        "'=cmd;Määrä", "'+358;1255,5", "'@x;alle 10", "", "'-huom", "",
    ]  # fmt: skip
    assert b"1255.5" in tables.to_csv(table, texts("en"))
