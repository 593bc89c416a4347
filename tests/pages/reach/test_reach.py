"""Tavoittavuus: a map, sentences and bars are the answers; a figure that may not be shown is never sent."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.ingest.batch import Wishes
from data.steward.boundaries import bring_in
from data.store.store import Store
from data.texts import Language, texts
from metrics.ask import ask
from metrics.gate import Bound
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.model.dimensions import label
from pages.charts.heatmap import heatmap
from pages.charts.tiles import tiles
from pages.figures import municipality_map
from pages.i18n import formats
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.points import DataPoint
from pages.view.sentences import with_limits
from pages.view.values import Value, published
from tests.data.geography.geojson import squares
from tests.lacking import lacking
from tests.metrics.measures.delivering import deliver
from tests.pages.drawn import Open, charts, each_language, open_page, said, sent_rows, tables
from tests.pages.without_months import HEAD, rows

FIGURES = 9


def place(name: str, value: float | None, text: str) -> DataPoint:
    return DataPoint(name, name, "remote", "Etä", value, Value(text, value))


def answer(served: Serving, metric: str, by: tuple[str, ...] = (), *, before: bool = False) -> tuple[Any, ...]:
    period = served.default_period.year_before() if before else served.default_period
    return ask(Question((metric,), by=by, period=str(period)), served.store).rows


@each_language
def test_the_headline_compares_with_the_same_months_a_year_before(
    lang: Language, opened: Open, served: Serving
) -> None:
    t = texts(lang)
    now, earlier = (answer(served, "reach_per_1000", before=before)[0] for before in (False, True))
    assert now.value
    assert earlier.value
    when = sentences.period_text(str(served.default_period), t, "in")
    expected = t("reach.headline", count=formats.value_text(now, t), when=when)
    expected += t("reach.headline.before", count=formats.value_text(earlier, t), when=t("when.year")) + "."
    assert opened("reach", lang).main.header[0].value == expected


@each_language
def test_the_map_has_the_published_figures_of_municipalities_and_their_clients(
    lang: Language, opened: Open, served: Serving
) -> None:
    t, by = texts(lang), ("municipality",)
    rows = answer(served, "reach_per_1000", by)
    assert len(rows) > 5
    clients = {row.codes["municipality"]: row.value for row in answer(served, "clients", by)}
    drawn = {row["x"]: row for row in sent_rows(charts(opened("reach", lang))[1]) if row.get("x")}
    expected = {
        (code := row.codes["municipality"]): (
            label(None, "municipality", code, lang, {}), row.value, formats.value_text(row, t), clients[code] or 0
        )
        for row in rows
    }  # fmt: skip
    found = {code: (row["x_label"], row["value"], row["text"], row["people"]) for code, row in drawn.items()}
    assert found == expected


def test_a_single_municipality_is_a_tile(opened: Open, served: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(municipality_map, "LEAST", 99)
    app = opened("reach")
    rows = sorted(answer(served, "reach_per_1000", ("municipality",)), key=lambda row: -(row.n or 0))
    drawn = sorted(sent_rows(charts(app)[1]), key=lambda row: row["place"])
    assert [row["value"] for row in drawn] == [row.value for row in rows]
    assert texts("fi")("reach.municipalities.note") in said(app)
    assert texts("fi")("map.credit") not in said(app)


def test_municipalities_are_shaded_where_the_steward_has_brought_in_their_boundaries(own_store: Path) -> None:
    bring_in(own_store, squares("853", "202"), "Kartantekijä")
    app = open_page("reach")
    drawn = [row["x"] for row in sent_rows(charts(app)[1]) if row.get("ring") is not None and row.get("x")]
    assert set(drawn) == {"853", "202"}
    assert texts("fi")("map.areas", source="Kartantekijä") in said(app)
    assert charts(app)[1].alt.startswith(texts("fi")("map.note.areas")[:3]) or "erottuu taustasta" in charts(app)[1].alt


def test_the_licence_of_the_map_is_said(opened: Open) -> None:
    assert "GeoNames (CC BY 4.0)" in said(opened("reach"))


def test_the_table_beside_the_map_has_the_year_before(opened: Open, served: Serving) -> None:
    t = texts("fi")
    table = next(table for table in tables(opened("reach")) if t("reach.municipalities") in table)
    by = ("municipality",)
    earlier = {r.codes["municipality"]: r for r in answer(served, "reach_per_1000", by, before=True)}
    for row in answer(served, "reach_per_1000", by):
        code = row.codes["municipality"]
        values = "".join(f"<td>{formats.value_text(found, t)}</td>" for found in (row, earlier[code]))
        assert f'<th scope="row">{label(None, "municipality", code, "fi", {})}</th>{values}' in table


def test_hidden_cells_of_languages_and_municipalities_are_never_sent(opened: Open, served: Serving) -> None:
    by = ("language", "municipality")
    rows = answer(served, "reach_per_1000", by)
    assert any(row.value is None for row in rows)
    shown = {tuple(row.codes[name] for name in by): row.value for row in rows if row.value is not None}
    assert shown
    sent = sent_rows(charts(opened("reach"))[2])
    assert {(row["series"], row["x"]): row["value"] for row in sent if row["value"] is not None} == shown
    assert all(row["text"] == texts("fi")("state.small") for row in sent if row["hidden"])


@pytest.mark.parametrize(
    ("metric", "dimension", "key"),
    [("reach_gap", "language", "gap"), ("found_via_share", "found_via", "found")],
)
def test_bars_are_the_answers_largest_first(
    metric: str, dimension: str, key: str, opened: Open, served: Serving
) -> None:
    app = opened("reach")
    title = texts("fi")(f"reach.{key}")
    at = [heading.value for heading in app.subheader].index(title)
    drawn = [row["value"] for row in sent_rows(charts(app)[at]) if row.get("value") is not None]
    expected = sorted((r.value for r in answer(served, metric, (dimension,)) if r.value is not None), reverse=True)
    positive = [value for value in expected if value > 0]
    assert len(positive) > 3
    assert drawn[: len(positive)] == positive[:15]
    assert not any(drawn[len(positive) :])


@each_language
def test_evenness_is_said_as_a_sentence(lang: Language, opened: Open, served: Serving) -> None:
    t = texts(lang)
    row = answer(served, "reach_evenness")[0]
    assert row.value
    assert t("reach.evenness", share=formats.value_text(row, t)) in said(opened("reach", lang))


def test_municipalities_are_not_called_uneven_where_months_of_one_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of Vaasa's clients those of April and May are in no file: it reached as many in the months that are told."""
    store = Store(tmp_path / "store")
    files = (("Kokkola", [1, 2, 3]), ("Kokkola", [4, 5, 6]), ("Vaasa", [1, 2, 3]), ("Vaasa", [6]))
    for number, (name, months) in enumerate(files):
        deliver(store, tmp_path / f"{number}.csv", [HEAD, *rows(name, 2026, months)], Wishes(source=name))
    residents = ["Kunta;Kieli;Vuosi;Asukkaat", *(f"{name};arabia;2025;1000" for name in ("Kokkola", "Vaasa"))]
    deliver(store, tmp_path / "vaesto.csv", residents, Wishes())
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    t = texts("fi")
    first, last = (said(open_page("reach", "fi", period=period)) for period in ("2026-Q1", "2026-Q2"))
    hidden = t("reach.evenness.hidden", reason="")
    assert hidden not in first
    assert hidden + "Tiedoista puuttuu: asioinnit (Vaasa, huhti–toukokuu 2026)." in last
    how = with_limits("reach.evenness.note", t)
    assert how in first
    assert how not in last
    begins = t("reach.evenness", share="|").split("|")[0]
    assert begins in first
    assert begins not in last


@pytest.mark.parametrize("table", ["population", "encounter"])
def test_a_table_that_is_missing_is_said_once_and_not_of_evenness_again(
    table: str, sample_store: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    t = texts("fi")
    store = lacking(tmp_path_factory.getbasetemp(), sample_store, table)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    app = open_page("reach", "fi", period="2025")
    assert any(t("table." + table) in one.value for one in app.info)
    begins = t("reach.evenness.hidden", reason="")
    assert not [one.value for one in app.markdown if one.value.startswith(begins)]


def test_a_filter_that_reach_does_not_know_is_said_under_the_headline(opened: Open) -> None:
    app = opened("reach", topic="work")
    assert not app.error
    under = next(caption.value for caption in app.caption if texts("fi")("reach.note") in caption.value)
    assert "ei ole voimassa" in under
    assert "aihe Työ" in under


@each_language
def test_where_nothing_may_be_shown_the_page_says_so(lang: Language, opened: Open) -> None:
    app = opened("reach", lang, municipality="734", language="so", period="2026-01")
    assert not app.error
    assert not re.search(r"\d", app.main.header[0].value.partition(":")[2]), "a number"
    assert texts(lang)("state.note.small") in said(app)


def test_a_page_has_its_figures(opened: Open) -> None:
    assert len(charts(opened("reach"))) == FIGURES


def test_an_empty_store_has_no_tiles(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "nothing"))
    app = opened("reach")
    assert app.info[0].value == texts("fi")("page.empty")
    assert not charts(app)


def test_a_hidden_tile_is_grey_and_has_no_number() -> None:
    t = texts("fi")
    made = tiles([place("Salo", 70, "70"), place("Lieto", None, "ei näytetä")], t, value_title="asiakasta").to_dict()
    rows = {row["x_label"]: row for row in next(iter(made["datasets"].values()))}
    assert rows["Lieto"]["value"] is None
    assert rows["Lieto"]["hidden"]
    assert rows["Salo"]["text"] == "70"
    assert len(made["layer"]) == 4


@pytest.mark.parametrize(
    ("unit", "bound", "short"),
    [("clients", "<10", "<10"), ("%", "<5", "<5\u00a0%"), ("%", ">95", ">95\u00a0%"), ("%", None, "–")],
)
def test_a_hidden_cell_of_a_heat_map_says_its_own_bound(unit: str, bound: str | None, short: str) -> None:
    t = texts("fi")
    row = Row("clients", {}, "2026", None, unit, bound=Bound.parse(bound) if bound else None)
    cell = replace(place("Salo", None, ""), shown=published(row, t))
    made = heatmap([cell], t, columns=["Salo"], rows=["Etä"], value_title="%").to_dict()
    assert next(iter(made["datasets"].values()))[0]["short"] == short
