"""A chart has no rows and columns of which nothing is told; its table has them, and a note their names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from data.texts import LANGUAGES, texts
from pages.figures import untold
from pages.view.points import DataPoint, series_of, x_of
from pages.view.values import Value
from tests.pages.drawn import Open, charts, said, sent_rows, tables

NOTHING, BOUND = Value("ei näytetä", short="–"), Value("alle 10", short="<10")


def point(x: str, series: str, value: float | None, shown: Value) -> DataPoint:
    return DataPoint(x, x.upper(), series, series.upper(), value, shown)


CELLS = [
    point("a", "p", 5, Value("5", 5)), point("b", "p", None, NOTHING), point("c", "p", None, BOUND),
    point("a", "q", None, NOTHING), point("b", "q", None, NOTHING), point("c", "q", None, NOTHING),
]  # fmt: skip


def test_a_number_or_a_bound_is_told_and_nothing_else() -> None:
    assert untold.untold(CELLS, x_of) == {"b": "B"}
    assert untold.untold(CELLS, series_of) == {"q": "Q"}
    assert untold.untold(CELLS, x_of, ("b", None)) == {}
    assert untold.untold(CELLS[3:], x_of) == {}, "where nothing is told at all the chart says why"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("count", "named"), [(1, 1), (5, 5), (6, 5), (9, 5)])
def test_the_note_names_five_and_counts_the_rest(lang: Any, count: int, named: int) -> None:
    page = cast("Any", SimpleNamespace(t=texts(lang)))
    names = [f"Name{place}" for place in range(count)]
    (note,) = untold.note(page, names)
    assert [name in note for name in names] == [place < named for place in range(count)]
    assert (texts(lang)("figure.untold.more", names="", count=count - 5) in note) is (count > 5)
    assert untold.note(page, ()) == ()


def test_the_heat_map_of_languages_has_no_empty_rows_or_columns(opened: Open) -> None:
    app = opened("reach")
    sent = sent_rows(charts(app)[2])
    for axis in ("x", "series"):
        told = {row[axis] for row in sent if row["short"] != "–"}
        assert {row[axis] for row in sent} == told
    left = {
        name for name in ("Naantali", "Lieto", "Parainen", "Paimio") if name not in {row["x_label"] for row in sent}
    }
    assert left
    assert all(name in said(app) for name in left)
    table = next(one for one in tables(app) if f"<caption>{texts('fi')('reach.languages')}" in one)
    assert all(f'<th scope="col">{name}</th>' in table for name in left)


@pytest.mark.parametrize("tab", ["topics", "routes"])
def test_bars_are_of_those_alone_of_which_something_is_told_now_or_then(tab: str, opened: Open) -> None:
    app = opened("flows", tab=tab)
    bars = [chart for chart in charts(app) if any("shown_text" in row for row in sent_rows(chart))]
    assert len(bars) >= 2
    for row in (row for chart in bars for row in sent_rows(chart)):
        assert row["shown_text"] != "– ei näytetä" or row["before"] is not None
