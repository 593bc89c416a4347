"""Targets and another place in place of an earlier time: said beside figures as published, and never called a change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.codes import code_list
from data.steward.targets_and_notes import Ledger
from data.texts import Language, texts
from metrics.ask import ask
from metrics.audience import INTERNAL, PROTECTED
from metrics.grammar.question import Question
from metrics.model.definition import value_limits
from pages.i18n import formats
from pages.overview import KEYS
from pages.shell.asking import published_codes
from pages.shell.serving import Serving
from pages.shell.sharing import query_of
from pages.view.state import Known, View
from tests.pages.drawn import Open, charts, each_language, in_turn, open_page, said, sent_rows, tables

PAGES = ("overview", "demand", "reach", "compare", "flows", "centre", "outcomes", "quality", "catalogue")


@pytest.fixture
def largest(served: Serving) -> str:
    return published_codes(served, "municipality")[0]


def every_word(app: AppTest) -> str:
    tiles = "".join(f"{one.label} {one.delta}" for one in app.metric)
    return said(app) + tiles + re.sub(r"<style>.*?</style>", "", "".join(tables(app)), flags=re.DOTALL)


def calls_nothing(app: AppTest, lang: Language) -> bool:
    """Whether nothing that the page says is of a change or of an earlier time, and no tile has an arrow or a colour of one."""
    t, shown = texts(lang), every_word(app)
    words = [t(f"{kind}.{time}") for kind in ("when", "before") for time in ("year", "month", "import")]
    headings = [t("overview.changes.year"), t("quality.list.better"), t("quality.list.worse"), t("compare.rule.title")]
    plain = all(
        one.proto.direction == one.proto.NONE and one.proto.color == one.proto.GRAY for one in app.metric if one.delta
    )
    return plain and not [word for word in (*words, *headings, f">{t('overview.change')}<") if word in shown]


@in_turn("page_id", PAGES)
def test_every_page_beside_another_place(page_id: str, lang: Language, opened: Open, largest: str) -> None:
    app = opened(page_id, lang, against="place", other=largest)
    assert not app.exception
    assert not app.warning
    assert calls_nothing(app, lang)
    name = code_list("municipality").label(largest, lang)
    assert texts(lang)("sentence.beside", place=name) in said(app)
    assert texts(lang)("against.place.note", name=name) in said(app)


@in_turn("page_id", PAGES)
def test_every_page_with_targets(page_id: str, lang: Language, opened: Open) -> None:
    app = opened(page_id, lang, against="target")
    assert not app.exception
    assert not app.warning
    assert calls_nothing(app, lang)
    assert texts(lang)("sentence.compared_target") in said(app)
    unset = texts(lang)("against.target.none", year=2026, page=texts(lang)("page.targets"))
    # A list of metrics has no figures, and Vertailu has a column for each area's own.
    assert said(app).count(unset) == (0 if page_id in ("compare", "catalogue") else 1)


@each_language
def test_tiles_show_the_published_value_of_the_other_place(
    lang: Language, opened: Open, served: Serving, largest: str
) -> None:
    t, name = texts(lang), code_list("municipality").label(largest, lang)
    app = opened("overview", lang, against="place", other=largest, language="ar", municipality="202")
    told = {one.label: one.delta for one in app.metric}
    for key in [one for one in KEYS if not one.matured]:
        where = (("municipality", (largest,)), ("language", ("ar",)))
        rows = ask(Question((key.metric,), where=where, period=str(served.default_period)), served.store).rows
        (row,) = [one for one in rows if one.quantile == key.quantile]
        value = formats.value_text(row, t, unit=row.unit == "days")
        line = next(one for one in _lines(tables(app)[0]) if one[0] == t("key." + key.metric))
        assert formats.value_text(row, t, unit=True) in line[-1] or row.unit != "days"
        if line[1][:1].isdigit() and told[line[0]] != t("overview.no_comparison"):
            assert told[line[0]] == f"{name}: {value}"
    assert len(_lines(tables(app)[0])[1]) == 3  # its name, now, and the other place: no difference


def _lines(table: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", table)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>.*?</t[hd]>", row)] for row in rows]


def test_bars_have_a_mark_of_the_other_place(opened: Open, served: Serving, largest: str) -> None:
    app = opened("demand", against="place", other=largest)
    question = Question(("clients",), ("language",), (("municipality", (largest,)),), str(served.default_period))
    there = {row.value for row in ask(question, served.store).rows}
    marks = {row["before"] for chart in charts(app) for row in sent_rows(chart) if row.get("before") is not None}
    assert marks
    assert marks <= there


def test_the_way_to_clear_differences_leads_to_the_same_two_places(opened: Open, served: Serving) -> None:
    own, other = published_codes(served, "municipality")[:2]
    app = opened("overview", municipality=own, against="place", other=other)
    (link,) = [
        one.proto for one in app.main.get("page_link") if one.proto.label == texts("fi")("against.place.compare")
    ]
    assert {f"municipality={own}", "against=place", f"other={other}", "step=expected"} <= set(
        link.query_string.split("&")
    )
    app = opened("compare", municipality=own, against="place", other=other, step="expected")
    assert app.multiselect(key="own_compare_areas").value == [own, other]
    # Where there are too few clients to compare anything, the page begins as ever.
    app = opened("compare", against="place", other="049")
    assert not app.warning
    assert "049" not in app.multiselect(key="own_compare_areas").value


def test_a_comparison_is_saved_with_its_view() -> None:
    known = Known(("2026",), "2026", has_targets=True, has_places=True)
    assert query_of(View("fi", "2026", against="place", other="092"), known, {}) == "against=place&other=092"
    assert query_of(View("fi", "2026", against="target"), known, {}) == "against=target"


def test_visitors_see_protected_values_of_the_other_place(served: Serving, largest: str, own_store: Path) -> None:
    told = {}
    for audience in (PROTECTED, INTERNAL):
        where = (("municipality", (largest,)),)
        question = Question(("clients",), where=where, period=str(served.default_period), audience=audience)
        value = formats.value_text(ask(question, served.store).rows[0], texts("fi"))
        app = open_page("overview", audience=audience, against="place", other=largest)
        told[audience] = str(app.metric[0].delta)
        assert told[audience].endswith(f": {value}")
    assert told[PROTECTED] != told[INTERNAL]


def test_the_place_is_chosen_beside_the_comparison_and_kept_in_the_link(opened: Open, largest: str) -> None:
    t = texts("fi")
    app = opened("overview")
    labels = [one.label for one in app.selectbox]
    assert t("filter.other") not in labels
    app.selectbox(key="filter_against").set_value("place").run()
    assert (app.query_params["against"], app.query_params["other"]) == ("place", largest)
    control = app.selectbox(key="filter_other")
    assert control.label == t("filter.other")
    assert any(f"against=place&other={largest}" in str(one.value) for one in app.code)
    # Where it becomes the view's own, there is nothing to stand beside it.
    app.selectbox(key="filter_area").set_value(f"municipality={largest}").run()
    assert "other" not in app.query_params
    assert not app.warning
    names = app.selectbox(key="filter_against").options
    assert t("against.place") in names


@each_language
def test_a_tile_says_how_far_its_value_is_from_the_target(lang: Language, served: Serving, own_store: Path) -> None:
    t, year = texts(lang), served.default_period.year
    ledger = Ledger.of(own_store)
    ledger.set_target("solved_share", year, 99.5, known=value_limits())
    ledger.set_target("clients", year, 3000, known=value_limits())
    ledger.set_target("reach_per_1000", year, 40, known=value_limits())
    app = open_page("overview", lang, against="target")
    told = {one.label: (one.value, one.delta) for one in app.metric}
    value, delta = told[t("key.solved_share")]
    row = ask(Question(("solved_share",), period=str(served.default_period)), served.store).rows[0]
    assert row.value is not None
    gap = t("goal.below", distance=t("change.points", change=formats.number(99.5 - row.value, lang, 1)))
    assert delta == t("goal.said", goal=formats.percent(99.5, lang, 1), distance=gap)
    assert value == formats.percent(row.value, lang)
    assert str(year) in told[t("key.clients")][1]  # a number of a part of the year has no distance
    assert told[t("key.encounters")][1] == ""
    assert t("against.target.none", year=year, page=t("page.targets")) not in said(app)
    # A figure without a tile is said above them.
    shown = said(open_page("reach", lang, against="target"))
    assert t("marks.in_words", year=year, value="").split(":")[0] in shown
    # Figures of some people only have no target of their own.
    shown = said(open_page("overview", lang, against="target", language="ar"))
    assert t("against.target.filtered") in shown


def test_a_target_of_a_municipality_is_its_own(largest: str, own_store: Path) -> None:
    Ledger.of(own_store).set_target("solved_share", 2026, 1, largest, known=value_limits())
    t = texts("fi")

    def delta(**filters: str) -> str:
        app = open_page("overview", "fi", against="target", **filters)
        return str(next(one.delta for one in app.metric if one.label == t("key.solved_share")))

    assert delta() == ""
    assert delta(municipality=largest).startswith("Tavoite 1")
    assert delta(municipality=largest, period="2025") == ""


def test_targets_that_cannot_be_read_are_said(own_store: Path) -> None:
    (own_store / "steward").mkdir(exist_ok=True)
    (own_store / "steward" / "targets.jsonl").write_text("{}\n", encoding="utf-8")
    app = open_page("overview", against="target")
    assert not app.exception
    assert texts("fi")("marks.damaged") in said(app)
