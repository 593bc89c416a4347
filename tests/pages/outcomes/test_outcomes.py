"""Työllistyminen: curves, shares and tables are the answers; groups too small for a curve are named, never drawn."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from data.texts import Language, texts
from metrics.ask import ask, ask_curve
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from pages.charts.curves import CurveSeries, apart
from pages.i18n import formats
from pages.outcomes.page import GROUPS
from pages.shell.serving import Serving
from tests.pages.drawn import Open, charts, each_language, said, sent_rows, tables


def steps(chart: Any) -> dict[str, list[dict[str, Any]]]:
    """Steps of each curve sent to the browser, by the curve's name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sent_rows(chart):
        if row.get("said"):
            found.setdefault(row["label"], []).append(row)
    return found


@each_language
def test_the_curves_of_all_are_the_published_ones(lang: Language, opened: Open, served: Serving) -> None:
    t = texts(lang)
    drawn = steps(charts(opened("outcomes", lang))[0])
    for metric in ("employed_by", "working_or_studying_by"):
        points = ask_curve(Question((metric,)), served.store)
        assert len(points) > 10
        shown = drawn[t(f"outcomes.curve.{metric}")]
        for row, point in zip(shown, points, strict=True):
            assert row["value"] == pytest.approx(point.value, abs=0.01)
            assert (row["lower"], row["upper"]) == pytest.approx((point.lower, point.upper), abs=0.01)


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_can_be_chosen_and_its_curves_only_rise(group: str, opened: Open) -> None:
    app = opened("outcomes", "fi", group=group)
    assert not app.error
    assert not app.warning
    for curve in (curve for chart in charts(app)[:2] for curve in steps(chart).values()):
        for row in curve:
            assert 0 <= row["lower"] <= row["value"] <= row["upper"] <= 100
        assert all(before["value"] <= after["value"] for before, after in pairwise(curve))


def test_groups_too_small_for_a_curve_are_named(opened: Open, served: Serving) -> None:
    t = texts("fi")
    rows = ask(Question(("employed_by",), by=("source",)), served.store).rows
    able = {point.codes["source"] for point in ask_curve(Question(("employed_by",), by=("source",)), served.store)}
    small = {row.codes["source"] for row in rows} - able
    assert able
    assert small
    app = opened("outcomes", "fi", group="source")
    drawn = set(steps(charts(app)[0]))
    note = next(line for line in said(app).splitlines() if t("outcomes.no_curve", names="")[:20] in line)
    for code in small:
        name = label("employed_by", "source", code, "fi", served.places)
        assert name in note
        assert name not in drawn
    assert drawn == {label("employed_by", "source", code, "fi", served.places) for code in able}


@each_language
def test_the_shares_at_6_12_and_24_months_are_the_answers(lang: Language, opened: Open, served: Serving) -> None:
    t = texts(lang)
    table = next(table for table in tables(opened("outcomes", lang)) if t("outcomes.shares") in table)
    for row in ask(Question(("employed_by",)), served.store).rows:
        said_value = formats.value_text(row, t)
        if row.lower is not None and row.upper is not None:
            said_value += f" ({round(row.lower)}–{round(row.upper)})"
        assert f"<td>{said_value}</td>" in table


@each_language
def test_at_work_on_the_day_stands_beside_employed_so_far_with_what_is_known(
    lang: Language, opened: Open, served: Serving
) -> None:
    t = texts(lang)
    rows = {row.horizon: row for row in ask(Question(("at_work_at",)), served.store).rows}
    assert rows[6].value is not None
    assert isinstance(rows[12].known, float | int)
    drawn = charts(opened("outcomes", lang))
    names = {row.get("x_label") for chart in drawn for row in sent_rows(chart)}
    assert {definitions()[metric].name[lang] for metric in ("employed_by", "at_work_at")} <= names
    table = next(table for table in tables(opened("outcomes", lang)) if t("outcomes.shares") in table)
    assert definitions()["at_work_at"].name[lang] in table
    for months in (6, 12):
        assert t("outcomes.known", months=t("months", count=months)) in table
    assert f"<td>{formats.percent(float(rows[12].known), lang)}</td>" in table
    assert t("outcomes.at_work.note") in said(opened("outcomes", lang))


def test_at_work_on_the_day_is_drawn_by_group(opened: Open, served: Serving) -> None:
    t = texts("fi")
    title = t("outcomes.shares_by.at_work_at", group=t("outcomes.by.centre"))
    table = next(table for table in tables(opened("outcomes", "fi", group="centre")) if title in table)
    found = ask(Question(("at_work_at",), by=("centre",)), served.store).rows
    shown = [row for row in found if row.value is not None]
    assert shown
    for row in shown:
        assert formats.value_text(row, t) in table


def test_the_headline_is_the_share_employed_after_a_year(opened: Open, served: Serving) -> None:
    t = texts("sv")
    row = next(row for row in ask(Question(("employed_by",)), served.store).rows if row.horizon == 12)
    assert row.value is not None
    assert opened("outcomes", "sv").main.header[0].value == t(
        "outcomes.headline.everyone", share=formats.value_text(row, t)
    )


@each_language
def test_a_number_under_a_filtered_heading_names_the_filters_it_does_not_follow(
    lang: Language, opened: Open, served: Serving
) -> None:
    """Somebody's topic and service point are no part of an enrolment, and a part of a year is no cohort."""
    t = texts(lang)
    app = opened("outcomes", lang, topic="housing", service_point="lieto")
    point = label(None, "service_point", "lieto", lang, served.places)
    followed = t("figure.not_followed", count=2, names="|").partition("|")[0]
    sentences = [*(one.value for one in app.main.header), *(one.value for one in app.main.markdown)]
    told = [sentence for sentence in sentences if followed in sentence]
    assert app.main.header[0].value == told[0]
    assert len(told) == 2, "the share after a year, and the day by which half are employed"
    for sentence in told:
        names = sentence.partition(followed)[2]
        assert point in names
        assert label(None, "topic", "housing", lang, {}) in names
    whole = opened("outcomes", lang, period="2025")
    assert whole.main.header[0].value.startswith(t("outcomes.headline", share="|").partition("|")[0])
    assert t("figure.not_followed", count=1, names="|").partition("|")[0] not in said(whole)


def test_where_few_have_started_no_fate_is_told(opened: Open) -> None:
    t = texts("fi")
    app = opened("outcomes", "fi", municipality="734", language="so")
    assert not re.search(r"\d", app.main.header[0].value.partition(":")[2]), "a number"
    assert t("outcomes.not_half") not in said(app)
    assert t("state.note.small") in said(app)


@each_language
def test_an_unknown_group_is_said(lang: Language, opened: Open) -> None:
    app = opened("outcomes", lang, group="shoe_size")
    assert "shoe" in app.warning[0].value
    assert not app.error
    assert app.selectbox(key="own_outcomes_group").value == "all"


def test_choosing_a_group_writes_the_address(opened: Open) -> None:
    app = opened("outcomes")
    app.selectbox(key="own_outcomes_group").select("centre").run()
    assert app.query_params["group"] == "centre"
    assert not app.error


def test_labels_at_the_ends_keep_apart() -> None:
    places = apart([10, 10, 11, 50], 5, 52)
    assert places == [10, 15, 20, 50]
    assert apart([49, 50], 5, 52) == [47, 52]


def test_a_curve_ends_where_its_points_end() -> None:
    from metrics.grammar.answer import CurvePoint

    curve = CurveSeries(
        "a", "A", (CurvePoint("m", {}, "all", 30, 10, 8, 12, 100), CurvePoint("m", {}, "all", 90, 20, 15, 25, 60))
    )
    assert curve.at(29) is None
    assert [getattr(curve.at(day), "value", None) for day in (30, 89, 90, 91)] == [10, 10, 20, None]
