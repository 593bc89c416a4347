"""Another place has a line of its own in charts over time: its published rows, told apart without colour, and in the table."""

from __future__ import annotations

from typing import Any

import pytest

from data.texts import Language, texts
from metrics.ask import ask
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from pages.charts.lines import lines
from pages.i18n import formats
from pages.shell.serving import Serving
from pages.view.points import DataPoint
from pages.view.values import Value
from tests.pages.drawn import Open, charts, each_language, said, sent_rows, tables

TURKU, SALO = ("municipality", ("853",)), ("municipality", ("734",))
BESIDE = {"against": "place", "other": "853"}


def months(served: Serving, metric: str, period: str, *where: Any) -> dict[str, Row]:
    rows = ask(Question((metric,), where=where, period=period, each="month"), served.store).rows
    return {row.period: row for row in rows}


def two_lines(app: Any) -> Any:
    """The first chart that has the lines of two places."""
    return next(chart for chart in charts(app) if {row.get("series") for row in sent_rows(chart)} == {"own", "other"})


@each_language
def test_the_months_of_the_year_are_those_here_and_there(lang: Language, opened: Open, served: Serving) -> None:
    t, year = texts(lang), str(served.closed_until.year)
    app = opened("overview", lang, municipality="734", **BESIDE)
    title = t("overview.monthly.year", year=year)
    rows = [row for row in sent_rows(two_lines(app)) if "hidden" in row]
    for series, where in (("own", SALO), ("other", TURKU)):
        expected = months(served, "encounters", year, where)
        sent = {row["x"]: (row["value"], row["text"]) for row in rows if row["series"] == series}
        assert sent == {one: (expected[one].value, formats.value_text(expected[one], t)) for one in sent}
        assert len(sent) == served.closed_until.month
    table = next(one for one in tables(app) if f"<caption>{title}" in one)
    assert all(f'<th scope="col">{name}</th>' in table for name in ("Salo", "Åbo" if lang == "sv" else "Turku"))


def test_the_whole_area_stands_beside_a_place_and_several_figures_have_it_in_the_table(
    opened: Open, served: Serving
) -> None:
    app = opened("flows", tab="months", **BESIDE)
    assert {row["series_label"] for row in sent_rows(two_lines(app))} == {"Kaikki kunnat", "Turku"}
    app = opened("reach", tab="channels", **BESIDE)
    table = next(one for one in tables(app) if f"<caption>{texts('fi')('reach.channels')}" in one)
    assert "Etäasiointi, Turku" in table
    assert texts("fi")("figure.beside.table", own="Kaikki kunnat", other="Turku") in said(app)
    found = months(served, "remote_share", str(served.default_period), TURKU)
    last = formats.value_text(found[max(found)], texts("fi"))
    assert f"<td>{last}</td>" in table


def test_languages_by_month_have_the_other_place_in_the_table(opened: Open, served: Serving) -> None:
    app, t = opened("demand", municipality="734", **BESIDE), texts("fi")
    assert t("figure.beside.table", own="Salo", other="Turku") in said(app)
    table = next(one for one in tables(app) if f"<caption>{t('demand.months')}" in one)
    found = months(served, "encounters", str(served.default_period), TURKU, ("language", ("so",)))
    assert "Somali, Turku" in table
    assert f"<td>{formats.value_text(found[max(found)], t)}</td>" in table
    drawn = {row.get("series_label", "") for row in sent_rows(charts(app)[0])}
    assert not any("Turku" in name for name in drawn)
    assert not any(", Turku" in one for one in tables(opened("demand", municipality="734")))


@each_language
@pytest.mark.parametrize("page", ["quality", "compare"])
def test_places_side_by_side_are_the_heading_where_changes_would_be_counted(
    page: str, lang: Language, opened: Open
) -> None:
    t, app = texts(lang), opened(page, lang, municipality="734", **BESIDE)
    assert app.header[0].value == t("headline.beside.place", own="Salo", other="Åbo" if lang == "sv" else "Turku")


def test_without_another_place_there_is_none(opened: Open) -> None:
    app = opened("flows", tab="months")
    assert not [row for chart in charts(app) for row in sent_rows(chart) if row.get("series") in ("own", "other")]


def course(series: str, *values: float | None) -> list[DataPoint]:
    months = enumerate(values, 1)
    return [DataPoint(f"2026-{m:02}", str(m), series, series.title(), v, Value(str(v), v)) for m, v in months]


@pytest.mark.parametrize("top", [50.2, 90])
def test_names_stand_at_the_last_value_of_their_line_apart_from_each_other(top: float) -> None:
    plot = lines([*course("own", 10, 50), *course("other", top, None)], texts("fi"), y_title="n", named=True)
    ends = {row["series_label"]: row for row in plot.rows["ends"]}
    assert {name: row["x"] for name, row in ends.items()} == {"Own": "2026-02", "Other": "2026-01"}
    assert ends["Other"]["place"] - ends["Own"]["place"] > 3
    spec = plot.to_dict()
    dashes = spec["layer"][0]["encoding"]["strokeDash"]["scale"]["range"]
    assert dashes[0] != dashes[1]
    assert "ends" not in lines(course("own", 10, 50), texts("fi"), y_title="n").rows
