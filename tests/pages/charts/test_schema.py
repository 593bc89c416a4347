"""Every kind of chart is right Vega-Lite; pages and downloads send charts without looking, which would take them longer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from jsonschema import ValidationError

import pages.charts
from data.texts import texts
from metrics.grammar.answer import CurvePoint, Row
from pages.charts.bars import bars
from pages.charts.curves import CurveSeries, curves
from pages.charts.dots import dots
from pages.charts.forest import EstimateLine, forest
from pages.charts.heatmap import heatmap
from pages.charts.lines import lines
from pages.charts.marks import Flag, Goal
from pages.charts.place_map import place_map
from pages.charts.place_window import Spot
from pages.charts.sankey import Flow, sankey
from pages.charts.stacked import stacked
from pages.charts.strip import strip
from pages.charts.template import Plot, slot
from pages.charts.tiles import tiles
from pages.view.points import DataPoint, cells, names, series_of, x_of

T = texts("fi")


def row(value: float | None, language: str, period: str = "2026-01") -> Row:
    return Row("clients", {"language": language}, period, value, "clients", lower=value, upper=value)


def point(day: int, value: float) -> CurvePoint:
    return CurvePoint("employed_by", {}, "2026", day, value, value, value + 2, 100)


CELLS: tuple[DataPoint, ...] = cells(
    [row(120, "ar"), row(None, "so"), row(30, "ar", "2026-02"), row(50, "so", "2026-02")],
    *(T, {}), x="period", series="language",
)  # fmt: skip
ACROSS, DOWN = tuple(names(CELLS, x_of)), tuple(names(CELLS, series_of))
GROUPS = tuple(CurveSeries(key, key, (point(0, 0), point(183, 20), point(365, 30))) for key in ("a", "b"))
ESTIMATES = (EstimateLine("crude", "Suora", 1.2, 0.9, 1.6, "1,2", decides=True),)
FLOWS = (Flow("kela", "library", "Kela", "Muu palvelu", 40.0, "40"), Flow("own", "kela", "Itse", "Kela", 30.0, "30"))
KINDS: dict[str, tuple[Callable[[], Plot], ...]] = {
    "bars": (
        lambda: bars(CELLS[:2], T, x_title="n", before={ACROSS[0]: CELLS[1]}),
        lambda: bars(CELLS[2:], T, x_title="n"),
    ),
    "curves": (lambda: curves(GROUPS, T, x_title="kk", y_title="%"), lambda: curves(GROUPS[:1], T, x_title="", y_title="")),
    "dots": (lambda: dots(CELLS, T, x_title="%"),),
    "forest": (
        lambda: forest(ESTIMATES, T, x_title="x", is_ratio=True),
        lambda: forest(ESTIMATES, T, x_title="x", is_ratio=False),
    ),
    "heatmap": (lambda: heatmap(CELLS, T, columns=ACROSS, rows=DOWN, value_title="n"),),
    "lines": (
        lambda: lines(CELLS, T, y_title="n"),
        lambda: lines([replace(cell, lacks="asioinnit") for cell in CELLS], T, y_title="n"),
        lambda: lines(CELLS, T, y_title="%", unit="%", target=[Goal(ACROSS[0], 50, "50 %")], notes=[Flag(ACROSS[1], "1")]),
        lambda: lines(CELLS, T, y_title="n", target=[Goal(one, 50, "50") for one in ACROSS]),
    ),
    "place_map": (
        lambda: place_map([Spot(CELLS[0], (385, 6672), 120, "120"), Spot(CELLS[1], (360, 6670), None, "–")], T,
                          value_title="n", people_title="Asiakkaita", is_picked=True),
        lambda: place_map([Spot(CELLS[0], (385, 6672), 120, "120")], T, value_title="n", people_title="n",
                          areas=lambda _: {CELLS[0].x: (((380, 6670), (390, 6670), (385, 6680)),)}),
        lambda: place_map([Spot(CELLS[2], (385, 6672), 120, "120")], T, value_title="%", people_title="n", unit="%"),
    ),
    "sankey": (lambda: sankey(FLOWS, T, sources={}, targets={}, other="Muut", value_title="x"),),
    "stacked": (lambda: stacked(CELLS, T, parts=DOWN, rows=ACROSS, value_title="n"),),
    "strip": (
        lambda: strip(CELLS, T, x_title="n", marked=(ACROSS[0],)),
        lambda: strip(CELLS, T, x_title="%", unit="%"),
    ),
    "tiles": (lambda: tiles(CELLS, T, value_title="n", marked=ACROSS[0]),),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_keeps_to_the_schema(kind: str) -> None:
    for made in KINDS[kind]:
        alt.LayerChart.validate(made().to_dict())


def test_no_kind_of_chart_is_left_out() -> None:
    modules = (file.stem for file in Path(str(pages.charts.__file__)).parent.glob("[!_]*.py"))
    own = {name for name in modules if getattr(import_module(f"pages.charts.{name}"), "_template", None)}
    assert own == set(KINDS)


def test_a_chart_that_does_not_would_be_found_here_and_is_not_looked_at_on_its_way() -> None:
    wrong = bars(CELLS[2:], T, x_title=3)  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        alt.LayerChart.validate(wrong.to_dict())
    assert wrong.without_rows()["layer"][0]["encoding"]["x"]["axis"]["title"] == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_written_once_and_holds_nothing_of_its_rows(kind: str) -> None:
    first, again = KINDS[kind][0](), KINDS[kind][0]()
    assert first.template is again.template
    kept = json.dumps(first.template, ensure_ascii=False)
    texts_of_rows = {
        value for rows in first.rows.values() for row in rows for value in row.values() if isinstance(value, str)
    }
    assert [text for text in texts_of_rows if len(text) > 3 and text[0] != "#" and text in kept] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_slot_is_filled(kind: str) -> None:
    for made in KINDS[kind]:
        plot, slots = made(), set[str]()
        filled(plot.template, slots)
        assert slots <= set(plot.values)
        assert slots.isdisjoint(filled(plot.to_dict(), set()))
        plot.to_dict()["layer"].clear()
        assert plot.to_dict()["layer"], "what is filled is another object than the template"


def filled(part: Any, slots: set[str]) -> set[str]:
    """Names of the slots in a part of a chart."""
    if isinstance(part, str) and part.startswith(slot("")):
        slots.add(part.removeprefix(slot("")))
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        filled(one, slots)
    return slots
