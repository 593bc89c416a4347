"""Vertailu: charts and tables are the answers, small numbers are left out by name, and the trend follows the rule."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from data.texts import Language, texts
from metrics.ask import ask
from metrics.gate import COMPARED_FROM
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from pages.compare import areas
from pages.compare.page import METRICS
from pages.i18n import formats
from pages.shell.serving import Serving
from tests.lacking import lacking
from tests.pages.drawn import Open, charts, each_language, open_page, said, sent_rows, tables


def heading(metric: str, lang: Language = "fi") -> str:
    return str(definitions()[metric].name[lang])


def cells_of(table: str, row: str) -> list[str]:
    """Texts of one row of an HTML table."""
    line = table.split(f'<th scope="row">{row}</th>')[1].split("</tr>")[0]
    return [cell.split(">", 1)[1] for cell in line.split("</td>") if cell]


def test_what_is_only_too_small_to_compare_is_not_said_to_be_missing(opened: Open, served: Serving) -> None:
    """Every quarter has a published number, of fewer than are compared: nothing has to be imported."""
    languages = [row.codes["language"] for row in ask(Question(("clients",), by=("language",)), served.store).rows]
    asked = (
        (code, ask(Question(("clients",), (), (("language", (code,)),), "all", each="quarter"), served.store).rows)
        for code in languages
    )
    code = next(
        code for code, rows in asked if all(row.value is not None and (row.n or 0) < COMPARED_FROM for row in rows)
    )
    said_here = [one.value for one in opened("compare", language=code, areas="all", metrics="clients").info]
    t = texts("fi")
    assert said_here == [t("compare.left_out", names=t("filter.all.area"), count=COMPARED_FROM)]


@each_language
def test_four_metrics_side_by_side_and_the_values_are_the_answers(
    lang: Language, opened: Open, served: Serving
) -> None:
    t, app = texts(lang), opened("compare", lang)
    headings = [(heading(metric, lang), t("compare.map", metric=heading(metric, lang))) for metric in METRICS]
    assert [one.value for one in app.main.subheader] == [text for pair in headings for text in pair]
    assert len(charts(app)) == 2 * len(METRICS)
    for metric in METRICS:
        question = Question((metric,), by=("municipality",), period=str(served.default_period))
        turku = next(row for row in ask(question, served.store).rows if row.codes["municipality"] == "853")
        beside = next(one for one in tables(app) if t("before.year") in one and heading(metric, lang) in one)
        name = label(None, "municipality", "853", lang, served.places)
        assert cells_of(beside, name)[0] == formats.value_text(turku, t)


def test_a_chart_holds_nothing_that_stands_on_too_few(opened: Open, served: Serving) -> None:
    rows = ask(Question(("clients",), by=("municipality",), period="all", each="quarter"), served.store).rows
    of_all_time = ask(Question(("clients",), by=("municipality",)), served.store).rows
    chosen = [r.codes["municipality"] for r in of_all_time if (r.n or 0) >= COMPARED_FROM][:8]
    few = {(r.codes["municipality"], r.period) for r in rows if r.value and (r.n or 0) < COMPARED_FROM}
    assert any(code in chosen for code, _ in few), "the sample has numbers that may be shown and not compared"
    drawn = sent_rows(charts(opened("compare", areas=",".join(chosen), metrics="clients", step="quarter"))[0])
    assert any(row["value"] is not None for row in drawn)
    assert all(row["value"] is None or row["value"] >= COMPARED_FROM for row in drawn)
    table = next(
        one for one in tables(opened("compare", areas=",".join(chosen), metrics="clients")) if "neljännes" in one
    )
    assert texts("fi")("compare.few", count=COMPARED_FROM) in table


def test_an_area_too_small_is_left_out_by_name(opened: Open, served: Serving) -> None:
    """An area may have clients enough over the years, and too few referrals in every quarter."""
    of_all_time = ask(Question(("clients",), by=("municipality",)), served.store).rows
    question = Question(("referral_started_share",), by=("municipality",), period="all", each="quarter")
    quarters = ask(question, served.store).rows
    code = next(
        row.codes["municipality"]
        for row in of_all_time
        if (row.n or 0) >= COMPARED_FROM
        and all((q.n or 0) < COMPARED_FROM for q in quarters if q.codes["municipality"] == row.codes["municipality"])
    )
    name = label(None, "municipality", code, "fi", served.places)
    app = opened("compare", areas=f"853,{code}", metrics="referral_started_share", step="quarter")
    assert texts("fi")("compare.left_out", names=name, count=COMPARED_FROM) in said(app)
    assert name not in {row["series_label"] for row in sent_rows(charts(app)[0])}


@each_language
def test_choices_of_the_address_that_do_not_exist_are_said(lang: Language, opened: Open) -> None:
    app = opened("compare", lang, areas="853,999", metrics="solved_share,shoe_size")
    warnings = " ".join(one.value for one in app.warning)
    assert "999" in warnings
    assert "shoe" in warnings
    assert app.multiselect(key="own_compare_areas").value == ["853"]
    assert app.multiselect(key="own_compare_metrics").value == ["solved_share"]
    assert not app.error


def test_a_choice_too_many_is_said(opened: Open) -> None:
    many = ",".join(areas.metrics()[:13])
    app = opened("compare", metrics=many)
    assert heading(areas.metrics()[12]) in app.warning[0].value
    assert len(charts(app)) <= 24


def test_choosing_writes_the_address(opened: Open) -> None:
    app = opened("compare")
    app.multiselect(key="own_compare_areas").set_value(["all", "202"]).run()
    assert app.query_params["areas"] == "all,202" or app.query_params["areas"] == ["all,202"]
    app.selectbox(key="own_compare_step").select("year").run()
    assert not app.error
    labels = {row["x_label"] for row in sent_rows(charts(app)[0])}
    assert all("neljännes" not in label for label in labels)


def test_the_area_of_the_bar_is_compared_with_the_whole(opened: Open) -> None:
    app = opened("compare", municipality="853")
    assert app.multiselect(key="own_compare_areas").value == ["all", "853"]
    other = opened("compare", municipality="853", areas="all,202")
    assert texts("fi")("figure.left_out", count=1, names="Turku") in said(other)


@pytest.mark.parametrize("metric", areas.metrics())
def test_every_metric_by_municipality_can_be_compared(metric: str, opened: Open) -> None:
    app = opened("compare", metrics=metric, areas="all,853")
    assert not app.error
    assert not app.warning
    assert heading(metric) in [one.value for one in app.main.subheader]


def test_a_period_that_goes_on_has_no_trend(opened: Open, served: Serving) -> None:
    if served.closed_until.month == 12:
        pytest.skip("the sample ends with a year")
    app = opened("compare", period=str(served.closed_until.year))
    assert texts("fi")("compare.no_trend") in said(app)
    assert texts("fi")("compare.trend.unclear") not in "".join(tables(app))
    (row,) = ask(Question(("solved_share",), (), (), str(served.closed_until.year)), served.store).rows
    assert formats.value_text(row, texts("fi"), unit=True) in the_matrix(app), "values stand without any change"


def test_the_rule_is_written_out(opened: Open) -> None:
    assert texts("fi")("compare.rule", count=COMPARED_FROM, when="vuotta aiemmin") in said(opened("compare"))


def test_a_figure_of_whole_years_is_said_to_be_so(opened: Open) -> None:
    t, definition = texts("fi"), definitions()["euros_per_client"]
    app = opened("compare", metrics="euros_per_client", step="quarter")
    assert t("compare.no_value", definition=definition.text.fi) in said(app)
    assert not charts(app)
    assert charts(opened("compare", metrics="euros_per_client", step="year", period="2025"))


def test_a_figure_of_the_pages_own_period_names_no_other(opened: Open) -> None:
    whole = texts("fi")("period.is.all")
    for step, names_it in (("year", False), ("quarter", True)):
        lines = [one.value for one in opened("compare", metrics="clients", step=step).caption if "n = " in one.value]
        assert [f" · {whole} · " in line for line in lines] == [names_it, False], step


@each_language
def test_no_change_is_said_in_words_and_not_as_a_zero(lang: Language, opened: Open) -> None:
    """A month of the sample is too small for a clear change in the share of solved matters."""
    app = opened("compare", lang, period="2026-10", against="month", metrics="solved_share", areas="all")
    found = [one.value for one in app.main.header]
    before, _, after = texts(lang)("compare.unchanged.month", of="|").partition("|")
    assert [one for one in found if one.startswith(before) and one.endswith(after)]
    assert not [one for one in found if one.startswith("0 ")]


def the_matrix(app: AppTest, lang: Language = "fi") -> str:
    start = texts(lang)("compare.matrix", period="|").split("|")[0]
    return next(one for one in tables(app) if start in one)


@each_language
def test_a_value_of_the_matrix_leads_to_its_page_with_its_area(lang: Language, opened: Open, served: Serving) -> None:
    app = opened("compare", lang, areas="all,853", metrics="clients,solved_share", language="so", period="2025")
    table = the_matrix(app, lang)
    assert formats.period_label("2025", lang) in table
    links = [dict(parse_qsl(urlsplit(one.replace("&amp;", "&")).query)) for one in re.findall(r'href="([^"]+)"', table)]
    common = {"lang": lang, "period": "2025", "language": "so"}
    assert links == [common] * 2 + [common | {"municipality": "853"}] * 2
    turku = label(None, "municipality", "853", lang, served.places)
    assert f'aria-label="{turku}, {heading("clients", lang)}: ' in table


def test_the_matrix_explains_an_arrow_only_where_there_is_one(opened: Open) -> None:
    note = texts("fi")("compare.matrix.note", when="vuotta aiemmin")
    assert note in said(opened("compare"))
    assert note not in said(opened("compare", period="2024")), "the data begin in 2024"


def test_a_line_without_a_whole_quarter_is_not_said_to_be_small(opened: Open) -> None:
    app = opened("compare", period="2024-01", metrics="clients,solved_share")
    assert texts("fi")("compare.no_steps", period="tammikuu 2024") in said(app)
    assert texts("fi")("figure.no_data") not in said(app)
    assert sum(texts("fi")("compare.trend") in one for one in tables(app)) == 2, "the period's own values are there"


def test_what_was_never_imported_is_said_to_be_so_in_every_cell(
    sample_store: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    t = texts("fi")
    store = lacking(tmp_path_factory.getbasetemp(), sample_store, "referral")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    app = open_page("compare", areas="all,853", metrics="clients,referral_started_share")
    for name in (t("filter.all.area"), "Turku"):
        assert t("state.no_data") in cells_of(the_matrix(app), name)[1]
    assert t("state.note.no_data") in said(app)
    store = lacking(tmp_path_factory.getbasetemp(), sample_store, "population")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    app = open_page("compare", metrics="reach_per_1000")
    assert t("table.population") in app.info[0].value
