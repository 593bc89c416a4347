"""Maps of places: neighbours are told apart, names never lie on each other, and a hidden value has a mark that tells nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise, permutations
from math import hypot, pi, sqrt
from types import SimpleNamespace

import altair as alt
import pytest

from data.codes.municipalities import municipalities
from data.geography.boundaries import read_boundaries
from data.geography.centres import centres
from data.texts import texts
from pages.charts import place_labels
from pages.charts import place_map as drawn
from pages.charts.frame import TEXT
from pages.charts.place_labels import ABOVE, BELOW, FAR, FARTHER, LEFT, MOST, NOWHERE, RIGHT, Dot, sides
from pages.charts.place_layers import AREAS, COAST, LAND, WIDTHS
from pages.charts.place_map import place_map
from pages.charts.place_window import MARGIN, Spot, near, window_of
from pages.charts.shades import COLOURS, HIDDEN, shades
from pages.charts.template import Plot
from pages.view.points import DataPoint
from pages.view.values import Value
from tests.data.geography.geojson import squares
from tests.pages.theme.contrast import contrast, luminance

T = texts("fi")
CAPITAL = ("091", "049", "092", "235", "245", "858")


def spot(code: str, value: float | None = 50, people: float | None = 100) -> Spot:
    name = municipalities()[code].fi
    shown = Value("alle 10") if value is None else Value(f"{value:g} %", value)
    return Spot(DataPoint(code, name, "share", "Osuus", value, shown), centres()[code], people, str(people))


def made(*spots: Spot, marked: tuple[str, ...] = ()) -> Plot:
    return place_map(spots, T, value_title="%", people_title="Asiakkaita", unit="%", marked=marked)


def rows(plot: Plot) -> dict[str, dict[str, object]]:
    return {str(row["x"]): dict(row) for row in plot.rows["rows"]}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_municipalities_of_the_capital_are_told_apart(width: int) -> None:
    spots = [spot(code) for code in CAPITAL]
    window = window_of(spots)
    at = {one.point.x: window.pixels(one.at, width, 250) for one in spots}
    assert all(abs(x) <= width / 2 and abs(y) <= 125 for x, y in at.values())
    # The smallest circles have a radius of four pixels.
    assert min(hypot(one[0] - other[0], one[1] - other[1]) for one, other in combinations(at.values(), 2)) > 9


def test_a_map_around_some_leaves_out_those_far_away_and_keeps_their_neighbours() -> None:
    spots = [spot(code) for code in (*CAPITAL, "698", "853")]
    assert {one.point.x for one in near(spots, ("091", "049", "092"))} == set(CAPITAL)
    assert near(spots, ()) == spots


@pytest.mark.parametrize("around", [("091", "049", "092", "837"), CAPITAL, ("853", "286"), ("091", "564")])
def test_no_place_is_left_out_whose_land_a_wide_plot_shows(around: tuple[str, ...]) -> None:
    """Turku between Tampere and Helsinki, on a screen that is wider than what was chosen."""
    spots = [spot(code) for code in municipalities()]
    window = window_of([spot(code) for code in around])
    width, height = WIDTHS[-1], window.height
    at = {one.point.x: window.pixels(one.at, width, height) for one in spots}
    seen = {code for code, (x, y) in at.items() if abs(x) <= width / 2 - MARGIN and abs(y) <= height / 2 - MARGIN}
    kept = {one.point.x for one in near(spots, around)}
    assert {*around} | seen <= kept < {*municipalities()}
    assert len(seen) > len(around)


def test_the_land_that_no_plot_can_show_is_not_sent() -> None:
    there, whole = (made(*map(spot, codes)).rows["land"] for codes in (CAPITAL, ("091", "890")))
    assert 100 < len(there) < len(whole) / 3
    assert len(whole) < 1300
    assert any(row["east"] > 700 for row in whole)
    assert not any(row["east"] > 500 for row in there)


def test_a_hidden_value_has_a_mark_of_one_size_and_no_number() -> None:
    plot = made(spot("091", 60, 9000), spot("049", None, 8000), spot("092", None, None))
    hidden = [row for row in rows(plot).values() if row["hidden"]]
    assert len(hidden) == 2
    assert {(row["value"], row["people"], row["area"], row["shade"]) for row in hidden} == {(None, 0, AREAS[0], HIDDEN)}
    assert {row["named"] for row in hidden} == {"Espoo", "Vantaa"}
    assert plot.values["shapes"] == ["circle", drawn._CROSS]
    assert HIDDEN not in made(spot("091")).values["shades"]


def test_a_circle_is_as_large_as_its_number_of_people() -> None:
    found = rows(made(spot("091", people=1000), spot("049", people=500), spot("092", people=None)))
    least, most = AREAS
    assert [found[code]["area"] for code in ("091", "049", "092")] == [most, (least + most) / 2, least]


def test_areas_are_shaded_instead_of_circles_and_the_small_lie_on_the_large() -> None:
    rings = {code: read_boundaries(squares(code))[code] for code in ("049", "235")}
    inner = {**rings, "235": tuple(tuple((x / 2 + 180, y / 2 + 3336) for x, y in ring) for ring in rings["235"])}
    spots = [spot("235", people=9000), spot("049", None), spot("091")]
    plot = place_map(spots, T, value_title="%", people_title="n", unit="%", areas=lambda _: inner, is_picked=True)
    alt.LayerChart.validate(plot.to_dict())
    assert list(dict.fromkeys(str(row["x"]) for row in plot.rows["areas"])) == ["049", "235"]
    assert {row["people"] for row in rows(plot).values()} == {0}
    assert {code: row["shade"] for code, row in rows(plot).items()}["049"] == HIDDEN
    assert "areas" not in place_map(spots, T, value_title="", people_title="", areas=lambda _: {}).rows


@pytest.mark.parametrize(("people", "sizes"), [(4235, [800, 4000]), (45, [40]), (8, []), (None, [])])
def test_the_legend_of_sizes_has_round_numbers_of_two_digits_at_least(people: float | None, sizes: list[float]) -> None:
    assert made(spot("091", people=people)).values["sizes"] == sizes


def test_the_largest_is_drawn_first_and_the_chosen_have_a_thick_edge() -> None:
    found = rows(made(spot("092", people=5), spot("091", people=50), marked=("092",)))
    assert [(code, row["marked"]) for code, row in found.items()] == [("091", False), ("092", True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_names_lie_neither_on_each_other_nor_on_points(width: int) -> None:
    spots = [spot(code, people=1000 - place) for place, code in enumerate(sorted(municipalities()))]
    window = window_of(spots)
    dots = [drawn._dot(one, window, 1000, width, 500) for one in spots]
    found = sides(dots, width, 500)
    named = [dot for dot in dots if found[dot.key] != NOWHERE]
    assert 0 < len(named) <= MOST
    boxes = [place_labels._text(dot, found[dot.key]) for dot in named]
    assert not [one for one, other in combinations(boxes, 2) if one.meets(other)]


def test_a_name_goes_to_the_left_where_the_right_is_taken_and_below_or_above_where_both_are() -> None:
    dots = [Dot("a", "Aavasaksa", 0, 0, 50), Dot("b", "B", 20, 0, 50)]
    assert sides(dots, 300, 300) == {"a": LEFT, "b": RIGHT}
    assert sides([Dot("a", "Aavasaksa", 0, 0, 50)], 60, 300) == {"a": NOWHERE}
    at_the_edge = [Dot("a", "Aavasaksa", -130, 0, 50), Dot("b", "B", -100, 0, 50), Dot("c", "C", -115, 16, 50)]
    assert sides(at_the_edge, 300, 300)["a"] == ABOVE
    assert sides([replace(dot, x=-dot.x) for dot in at_the_edge], 300, 300)["a"] == -ABOVE
    assert sides([*at_the_edge[:2], Dot("c", "C", -115, -16, 50)], 300, 300)["a"] == BELOW
    assert sides(at_the_edge, 300, 30)["a"] == NOWHERE


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_to_names_strike_no_other_name_through_around_helsinki(width: int) -> None:
    people = {"091": 305, "049": 475, "092": 300, "837": 205, "853": 200, "905": 125, "245": 90, "638": 65}
    spots = [spot(code, 14, number) for code, number in people.items()]
    window = window_of(spots)
    dots = [drawn._dot(one, window, 50 + 2 * (one.people or 0), width, window.height) for one in spots]
    found = sides(dots, width, window.height)
    assert NOWHERE not in found.values()
    placed = [(place_labels._text(dot, found[dot.key]), place_labels._leader(dot, found[dot.key])) for dot in dots]
    struck = [1 for (_, line), (name, _) in permutations(placed, 2) if line.meets(name)]
    assert len(struck) <= (width == 330), (
        "where Porvoo has no room to the right, its name lies on a line rather than nowhere"
    )


@pytest.mark.parametrize("side", [way * side for way in range(RIGHT, len(FAR)) for side in (1, -1)])
def test_names_are_drawn_where_they_were_laid_out(side: int) -> None:
    box = place_labels._text(Dot("a", "Aava", 7, 9, 50), side)
    datum, known = SimpleNamespace(side=side, east=7, north=-9, area=50), {"sqrt": sqrt, "PI": pi}
    found = {name: eval(text, {**known, "datum": datum}) for name, text in place_labels.beside("1").items()}  # noqa: S307 - ours
    assert found["across"] == pytest.approx(box.left if side > 0 else box.right)
    assert -found["level"] == pytest.approx((box.top + box.bottom) / 2)
    if abs(side) >= FARTHER:
        far, near_by = (abs(-found[name] - 9) for name in ("to", "from"))
        assert near_by == pytest.approx(sqrt(50 / pi)), "its line begins at the edge of the mark"
        assert far < min(abs(box.top - 9), abs(box.bottom - 9)), "and ends before the name"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_small_place_between_the_end_of_the_map_and_a_large_one_has_its_name(width: int) -> None:
    around_turku = {"853": 660, "734": 120, "680": 85, "202": 70, "529": 30, "423": 25, "445": 25, "577": 10}
    found = rows(made(*(spot(code, people=people) for code, people in around_turku.items())))
    assert [row["named"] for row in found.values() if row[f"at_{width}"] == NOWHERE] == []


@pytest.mark.parametrize(
    ("values", "unit", "names"),
    [
        ([33, 54], "", ["30–35", "35–40", "40–45", "45–50", "50–55"]),
        ([88, 100], "%", ["85–90\u00a0%", "90–95\u00a0%", "95–100\u00a0%"]),
        ([41, 43], "", ["40–45"]),
        ([0.2, 0.3], "", ["0,2–0,3", "0,3–0,4"]),
        ([1200, 1900], "", ["1\u00a0200–1\u00a0400", "1\u00a0400–1\u00a0600", "1\u00a0600–1\u00a0800", "1\u00a0800–2\u00a0000"]),
        ([], "", []),
    ],
)  # fmt: skip
def test_classes_have_round_limits(values: list[float], unit: str, names: list[str]) -> None:
    found = shades(values, unit)
    assert list(found.names(T)) == names
    assert {found.key(value) for value in values} <= set(found.keys)
    assert len(found.colours) == len(names)


def test_marks_and_names_are_seen_on_the_land_and_classes_from_each_other() -> None:
    assert contrast(TEXT, LAND) > 7
    assert contrast(COAST, "#FFFFFF") > 3
    assert [luminance(colour) for colour in COLOURS] == sorted(map(luminance, COLOURS), reverse=True)
    assert min(contrast(one, other) for one, other in pairwise(COLOURS)) > 1.4


def test_a_plot_that_is_higher_than_reckoned_does_not_move_places_apart() -> None:
    plot = place_map([spot(code) for code in CAPITAL], T, value_title="%", people_title="n", height=200)
    assert all(
        "min(height, 200)" in str(plot.values[name]) for name in ("left", "right", "low", "high", "across", "level")
    )
