"""All areas beside each other: each published value once, nothing hidden as a dot, and whoever is looked for is named."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.texts import Language, texts
from metrics.ask import ask
from metrics.gate import COMPARED_FROM
from metrics.grammar.question import Question
from metrics.model.dimensions import is_unknown
from metrics.packages.asking import ask_package
from metrics.packages.opening import Package
from metrics.packages.shelf import Shelf
from pages.charts.strip import LETTERS, LINE, PADDING, strip
from pages.compare import drawing
from pages.view.points import DataPoint
from pages.view.values import Value
from tests.pages.compare.test_others import NOW, espoo, labelled, shelf, taken, token
from tests.pages.drawn import Open, charts, each_language, said, sent_rows, tables
from tests.pages.rights import with_rights

__all__ = ["espoo", "shelf", "taken"]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The few areas of the sample municipality are too many to be compared one by one."""
    monkeypatch.setattr(drawing, "MOST_SERIES", 2)


def drawn(opened: Open, lang: Language = "fi", metric: str = "clients", areas: str = "all", **params: str) -> AppTest:
    app = opened("compare", lang, areas=areas, metrics=metric, period=NOW, step="all", **params)
    assert not app.exception
    assert not app.error
    return app


def dots(app: AppTest) -> list[dict[str, Any]]:
    return [row for chart in charts(app) for row in sent_rows(chart) if "at_wide" in row]


@pytest.mark.usefixtures("many")
def test_every_published_value_is_there_and_no_other(shelf: Shelf, taken: Package, opened: Open) -> None:
    places = ask(Question(("clients",), ("municipality",), period=NOW), shelf.store).rows
    (whole,), (other,) = (
        ask(Question(("clients",), period=NOW), shelf.store).rows,
        ask_package(Question(("clients",), period=NOW), taken).rows,
    )
    known = [row for row in places if not is_unknown("clients", "municipality", row.codes["municipality"])]
    expected = {row.codes["municipality"]: row.value for row in known if (row.n or 0) >= COMPARED_FROM}
    found = {row["x"]: row["value"] for row in dots(drawn(opened))}
    assert found.pop(token(taken)) == other.value
    assert found.pop("all") == whole.value
    assert found == expected
    assert len(found) > 2


@pytest.mark.usefixtures("many")
def test_what_is_hidden_has_no_dot_and_says_why(taken: Package, opened: Open) -> None:
    t, app = texts("fi"), drawn(opened, metric="reach_per_1000")
    assert token(taken) not in {row["x"] for row in dots(app)}
    (table,) = [one for one in tables(app) if f">{t('compare.value')}<" in one]
    assert t("compare.other.missing") in table
    assert all(row["value"] is not None and not row["hidden"] for row in dots(app))


@pytest.mark.usefixtures("many")
@each_language
def test_what_is_looked_for_is_named_and_listed(lang: Language, taken: Package, opened: Open) -> None:
    t, app = texts(lang), drawn(opened, lang)
    before = {row["x"] for row in dots(app) if row["named"]}
    assert before == {"all"}
    app.text_input(key="compare_search").set_value(labelled(lang).split(" · ")[0].upper()).run()
    assert not app.exception
    assert token(taken) in {row["x"] for row in dots(app) if row["named"]}
    (table,) = [one for one in tables(app) if f">{t('compare.value')}<" in one]
    assert table.count("<tr>") == 2
    app.text_input(key="compare_search").set_value("<script>*nobody*").run()
    assert not app.exception
    assert t("compare.all.found", count=0) in said(app)


@pytest.mark.usefixtures("many")
def test_who_sees_exact_figures_sees_published_ones_beside_others(
    taken: Package, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rights(monkeypatch)
    app = drawn(opened, audience="internal")
    assert texts("fi")("compare.other.protected") in said(app)
    assert dots(app) == dots(drawn(opened))
    assert all(row["value"] % 5 == 0 for row in dots(app))


def test_it_is_offered_where_there_are_many(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    t = texts("fi")
    for most, is_offered in ((2, True), (100, False)):
        monkeypatch.setattr(drawing, "MOST_SERIES", most)
        options = [option for one in opened("compare").selectbox for option in one.options]
        assert (t("compare.step.all") in options) == is_offered


def point(at: int, value: float | None, more: str = "") -> DataPoint:
    return DataPoint(f"a{at}", f"Area {at}{more}", "value", "Figure", value, Value(str(value)))


@pytest.mark.parametrize("at", LETTERS)
@pytest.mark.parametrize("more", ["", " of the welfare services of a county whose name is long"])
@pytest.mark.parametrize("marked", [range(8), range(292, 300), (0, 150, 299), range(140, 156)])
def test_names_do_not_lie_upon_each_other(marked: Any, more: str, at: str) -> None:
    points = [point(place, place // 12, more) for place in range(300)]
    plot = strip(points, texts("en"), x_title="n", marked=[f"a{place}" for place in marked])
    scale = (plot.values["height"] - 2 * PADDING) / 299
    named = sorted(
        (row[f"at_{at}"] * scale, row[f"name_{at}"].count("\n") * LINE) for row in plot.rows["rows"] if row["named"]
    )
    assert len(named) == len([*marked])
    assert all(first - below - before > LINE - 0.01 for (before, _), (first, below) in pairwise(named))
    assert named[0][0] - named[0][1] >= -0.01
    assert named[-1][0] <= 299 * scale + 0.01


@pytest.mark.parametrize("at", LETTERS)
def test_names_are_told_whole_so_that_no_two_read_the_same(at: str) -> None:
    more = " Länsi-Uudenmaan hyvinvointialue · Kristiinankaupunki"
    plot = strip([point(place, 1, more) for place in range(4)], texts("fi"), x_title="n", marked=["a1", "a2"])
    for row in plot.rows["rows"]:
        lines = row[f"name_{at}"].split("\n")
        assert max(map(len, lines)) <= LETTERS[at] + 1
        assert "".join(lines).replace(" ", "") == (row["name"].replace(" ", "") if row["named"] else "")


def test_nothing_to_draw_is_an_empty_plot() -> None:
    assert strip([point(0, None)], texts("fi"), x_title="n").rows["rows"] == []
