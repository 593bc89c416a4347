"""Map of places: a circle at each one's middle over the outline of the land, larger for more people, shaded by its value.

The land and the points are on the same plane, in kilometres; the plot shows the places it is of, with as much around them as
its own shape needs. A suppressed value has a mark of its own, always of one size.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from math import floor, log10

import altair as alt

from data.geography.boundaries import Rings
from data.geography.lines import Frame, area, clipped
from data.geography.outline import land
from data.texts import Texts
from pages.charts import frame, place_layers
from pages.charts.place_labels import Dot, beside, sides
from pages.charts.place_layers import AREAS, WIDTHS
from pages.charts.place_window import Spot, Window, window_of
from pages.charts.shades import HIDDEN, Shades, shades
from pages.charts.template import Plot, template

Areas = Callable[[float], Mapping[str, Rings]]
LEGENDS = 110
"""Pixels that both legends take of the height on a wide plot, beside its own."""
_COARSE = 1.0
"""Kilometres of a pixel that tell how far areas reach."""
_CROSS = "M-0.8,-0.8L0.8,0.8M-0.8,0.8L0.8,-0.8"
"""A mark of lines alone, two wide and two high, as Vega scales its own."""


def place_map(
    places: Sequence[Spot], t: Texts, *, value_title: str,
    people_title: str, unit: str = "", marked: Collection[str] = (), is_picked: bool = False, areas: Areas | None = None,
    height: int | None = None,
) -> Plot:  # fmt: skip
    """Return a map of places.

    unit: `%` for shares; marked: codes with a thick edge; is_picked: whether marks can be clicked; areas: returns closed rings
    of places as exact as a pixel of so many kilometres shows. They are shaded then, and the marks in them are all of one size;
    height: of a map for a slide, in pixels, without the legend of the sizes; else it is as the places need it.
    """
    coarse = areas(_COARSE) if areas else {}
    if not any(place.point.x in coarse for place in places):
        areas = None
    window = window_of(places, coarse)
    has_sizes = height is None and areas is None
    height = height or window.height
    shown = shades([place.point.value for place in places if place.point.value is not None], unit)
    top = max((place.people or 0 for place in places), default=0) or 1
    # The largest are drawn first, so that the small ones lie on them.
    people = {place.point.x: 0 if areas or place.point.hidden else place.people or 0 for place in places}
    ordered = sorted(places, key=lambda place: -(place.people or 0))
    named = sorted(ordered, key=lambda place: place.point.x not in marked)
    laid = {
        f"at_{width}": sides(
            [_dot(place, window, _area(people[place.point.x], top), width, height) for place in named], width, height
        )
        for width in WIDTHS
    }
    rows = [
        {
            **row, "east": place.at[0], "north": place.at[1], "people": people[place.point.x],
            "area": _area(people[place.point.x], top), "people_text": place.people_text, "shade": shown.key(place.point.value),
            "marked": place.point.x in marked, "named": _named(place),
            **{width: side[place.point.x] for width, side in laid.items()},
        }
        for place, row in zip(ordered, frame.records([place.point for place in ordered]), strict=True)
    ]  # fmt: skip
    has_hidden = any(place.point.hidden for place in places)
    pixel = window.pixel(frame.NARROW, height)
    coast = [
        {"ring": number, "place": place, "east": x, "north": y}
        for number, ring in enumerate(land(window.frame, pixel))
        for place, (x, y) in enumerate([*ring, ring[0]])
    ]
    slots = {
        **_slots(window, shown, t, has_hidden, height), "top": top, "sizes": _sizes(top), "title": value_title,
        "people_title": people_title, "height": height + LEGENDS,
    }  # fmt: skip
    corners = _corners(ordered, areas(pixel), window.frame) if areas else []
    shape = _template(t, is_picked, areas is not None, has_sizes)
    return Plot(shape, slots, {"land": coast, "rows": rows, **({"areas": corners} if areas else {})})


def _area(people: float, top: float) -> float:
    return AREAS[0] + (AREAS[1] - AREAS[0]) * people / top


def _corners(places: Sequence[Spot], rings: Mapping[str, Rings], within: Frame) -> list[dict[str, object]]:
    """Return the corners of the areas of places, the largest area first: those that lie in another are drawn on it."""
    found = [(place.point.x, ring) for place in places for ring in rings.get(place.point.x, ())]
    found.sort(key=lambda one: -area(one[1]))
    return [
        {"x": code, "ring": number, "place": place, "east": x, "north": y}
        for number, (code, ring) in enumerate(found)
        for place, (x, y) in enumerate(clipped(ring, within))
    ]


def _sizes(top: float) -> list[float]:
    """Return at most two numbers of people for the legend, of one digit and zeros."""
    zeros = {part: floor(log10(part)) for part in (top / 5, top) if part >= 1}
    return [part // 10**count * 10**count for part, count in zeros.items() if count]


def _named(place: Spot) -> str:
    return place.point.x_label if place.point.hidden else f"{place.point.x_label} {place.point.text}"


def _dot(place: Spot, window: Window, size: float, width: float, height: float) -> Dot:
    return Dot(place.point.x, _named(place), *window.pixels(place.at, width, height), size)


def _slots(window: Window, shown: Shades, t: Texts, has_hidden: bool, height: int) -> dict[str, object]:
    # Legends may take less than is reckoned for them: a plot that is higher shows more land, and names fit as they were laid out.
    scale = window.scale("width", f"min(height, {height})")
    names = dict(zip(shown.keys, shown.names(t), strict=True))
    hidden = {HIDDEN: t("chart.map.hidden")} if has_hidden else {}
    return {
        "left": f"{window.x} - width / 2 * {scale}", "right": f"{window.x} + width / 2 * {scale}",
        "low": f"{window.y} - height / 2 * {scale}", "high": f"{window.y} + height / 2 * {scale}",
        **beside(scale),
        "shades": [*names, *hidden], "shade_names": frame.named({**names, **hidden}),
        "colours": [*shown.colours, *([frame.GROUND] if hidden else [])],
        "edges": [frame.TEXT] * (len(names) + len(hidden)),
        "shapes": [*(["circle"] * len(names)), *([_CROSS] if hidden else [])],
    }  # fmt: skip


@template
def _template(t: Texts, is_picked: bool, has_areas: bool, has_sizes: bool) -> alt.Chart:
    shaded = place_layers.areas(t, is_picked) if has_areas else []
    marks = place_layers.marks(t, is_picked, has_sizes)
    return frame.finished(alt.layer(place_layers.land(), *shaded, marks, *place_layers.names()), t)
