"""The names that stand on the axes of a drawn chart: the first is there, and what is left out is left out evenly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as Xml

import pytest

from data.texts import LANGUAGES, Language, texts
from pages.charts.bars import bars
from pages.charts.dots import dots
from pages.charts.heatmap import heatmap
from pages.charts.lines import lines
from pages.charts.stacked import stacked
from pages.charts.template import Plot
from pages.downloads.handout.pictures import svg_of
from pages.i18n import formats
from pages.view.points import DataPoint
from pages.view.values import Value

T = texts("fi")
QUARTERS = tuple(f"{2024 + i // 4}-Q{i % 4 + 1}" for i in range(11))
_TEXT = "{http://www.w3.org/2000/svg}text"
PHONE, LAPTOP, WIDE = 230, 440, 900
PARTS = {"own": 200, "shared": 100, "relative": 20}


def point(x: str, name: str, value: float) -> DataPoint:
    return DataPoint(x, name, "a", "A", value, Value(str(value)))


def names_on(chart: Plot, width: int, axis: int = 0) -> list[list[str]]:
    """The lines of each name that is seen on an axis of a chart so wide."""
    groups = [one for one in Xml.fromstring(svg_of(chart, width)).iter() if "role-axis-label" in one.get("class", "")]
    return [
        [part for part in text.itertext() if part] for text in groups[axis].iter(_TEXT) if text.get("opacity") != "0"
    ]


def over_time(lang: Language, periods: Sequence[str] = QUARTERS) -> Plot:
    points = [point(one, formats.period_short(one, lang), 50.0 + i) for i, one in enumerate(periods)]
    return lines(points, texts(lang), y_title="%", unit="%")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, LAPTOP, WIDE])
def test_quarters_begin_with_the_first_and_every_second_or_fourth_has_its_name(lang: Language, width: int) -> None:
    seen = [" ".join(name) for name in names_on(over_time(lang), width)]
    every = [formats.period_short(one, lang) for one in QUARTERS]
    assert seen in (every, every[::2], every[::4], [every[0], every[-1]])
    assert width == PHONE or len(seen) > 2


LONG = (
    "Palvelu ymmärrettävällä kielellä",
    "Palvelu omalla kielellä",
    "Tulkattu asiointi",
    "Henkilöstön kielet kattavat",
)


@pytest.mark.parametrize("width", [300, 440, 560, 672, 1100])
@pytest.mark.parametrize("series", [LONG, ("2026", "2025"), tuple("abcdefgh")])
def test_a_legend_has_as_many_columns_as_have_room(series: Sequence[str], width: int) -> None:
    points = [DataPoint("2026", "2026", name, name, 5, Value("5")) for name in series]
    (box,) = re.findall(r'role-legend".*?d="M0,0h([\d.]+)v([\d.]+)', svg_of(lines(points, T, y_title="n"), width))
    wide, high = map(float, box)
    assert wide < width - 40, "beside the axis"
    rows = {LONG: [4, 4, 2, 2, 1], ("2026", "2025"): [1] * 5, tuple("abcdefgh"): [2] * 5}[tuple(series)]
    assert round(high / 14) == rows[[300, 440, 560, 672, 1100].index(width)]


def test_the_year_of_a_long_period_is_on_a_line_of_its_own() -> None:
    assert names_on(over_time("fi"), LAPTOP)[0] == ["1. neljännes", "2024"]
    assert names_on(over_time("fi", ["2025-01", "2025-02"]), LAPTOP)[0] == ["tammi 2025"]


@pytest.mark.parametrize("top", [14, 57, 98])
@pytest.mark.parametrize("width", range(140, 460, 80))
def test_percents_are_as_far_apart_all_along_an_axis(top: int, width: int) -> None:
    """Where two alone have room they are the ends of the axis."""
    for chart in (
        bars([point("k", "Nimi", top)], T, x_title="%", unit="%"),
        dots([point("k", "Nimi", top)], T, x_title="%"),
    ):
        seen = [int(name[0].split("\xa0")[0]) for name in names_on(chart, width)]
        assert len({after - before for before, after in pairwise(seen)}) == 1, seen


@pytest.mark.parametrize(("width", "upright"), [(520, True), (330, True), (100, False)])
def test_names_below_a_heat_map_are_upright_where_their_words_have_room(width: int, upright: bool) -> None:
    cells = [point(code, name, 5) for code, name in (("a", "Nainen"), ("b", "Mies"), ("c", "Ei tietoa"))]
    made = heatmap(cells, T, columns=("a", "b", "c"), rows=("a",), value_title="n")
    assert (["Ei", "tietoa"] in names_on(made, width)) is upright


@pytest.mark.parametrize("width", [PHONE, LAPTOP, WIDE])
def test_parts_of_a_bar_have_their_number_where_it_has_room(width: int) -> None:
    cells = [replace(point("k", "Nimi", value), series=code, series_label=code) for code, value in PARTS.items()]
    made = stacked(cells, T, parts=tuple(PARTS), rows=("k",), value_title="n")
    drawn = Xml.fromstring(svg_of(made, width))
    marks = next(one for one in drawn.iter() if "mark-text role-mark" in one.get("class", ""))
    seen = ["".join(text.itertext()) for text in marks.iter(_TEXT) if text.get("opacity") != "0"]
    assert seen == (["200", "100"] if width == PHONE else ["200", "100", "20"])
