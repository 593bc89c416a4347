"""Map of places: a circle at each one's middle over the outline of the land, larger for more people, shaded by its value.

The land and the points are on the same plane, in kilometres; the plot shows the places it is of, with as much around them as
its own shape needs. A suppressed value has a mark of its own, always of one size.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import floor, log10

import altair as alt

from data.geography.outline import land
from data.texts import Texts
from pages.charts import frame
from pages.charts.place_labels import GAP, LEFT, RIGHT, Dot, sides
from pages.charts.place_window import Spot, Window, window_of
from pages.charts.shades import HIDDEN, Shades, shades
from pages.charts.shown import PICK
from pages.charts.template import Plot, slot, template

LAND, COAST = "#E3E7ED", "#767F8C"
AREAS = (50, 1000)
"""Square pixels of the smallest and the largest circle; the mark of a value that is not shown is as the smallest."""
LEGENDS = 110
"""Pixels that both legends take of the height on a wide plot."""
LEAST_HEIGHT, MOST_HEIGHT = 300, 500
"""Pixels of the plot without them."""
WIDTHS = (280, 420, 640, 900)
"""Pixels of the plots for which names are laid out: one has the names of the widest of these that is not wider than itself."""
_AT_WIDTH = "".join(f"width >= {width} ? datum.at_{width} : " for width in WIDTHS[:0:-1]) + f"datum.at_{WIDTHS[0]}"
"""Expression for the side on which a point has its name."""
MARKED = frame.COLOURS[1]
"""Colour of the edge of the chosen."""
_CROSS = "M-0.8,-0.8L0.8,0.8M-0.8,0.8L0.8,-0.8"
"""A mark of lines alone, two wide and two high, as Vega scales its own."""


def place_map(
    places: Sequence[Spot], t: Texts, *, value_title: str,
    people_title: str, unit: str = "", marked: Collection[str] = (), is_picked: bool = False,
) -> Plot:  # fmt: skip
    """Return a map of places.

    unit: `%` for shares; marked: codes with a thick edge; is_picked: whether marks can be clicked.
    """
    window = window_of(places)
    height = round(min(MOST_HEIGHT, max(LEAST_HEIGHT, frame.NARROW * window.up / window.across)))
    shown = shades([place.point.value for place in places if place.point.value is not None], unit)
    top = max((place.people or 0 for place in places), default=0) or 1
    # The largest are drawn first, so that the small ones lie on them.
    ordered = sorted(places, key=lambda place: -(place.people or 0))
    named = sorted(ordered, key=lambda place: place.point.x not in marked)
    beside = {
        f"at_{width}": sides([_dot(place, window, top, width, height) for place in named], width, height)
        for width in WIDTHS
    }
    rows = [
        {
            **row, "east": place.at[0], "north": place.at[1], "people": _drawn(place),
            "area": _area(place, top), "people_text": place.people_text, "shade": shown.key(place.point.value),
            "marked": place.point.x in marked, "named": _named(place),
            **{width: side[place.point.x] for width, side in beside.items()},
        }
        for place, row in zip(ordered, frame.records([place.point for place in ordered]), strict=True)
    ]  # fmt: skip
    has_hidden = any(place.point.hidden for place in places)
    coast = [
        {"ring": number, "place": place, "east": x, "north": y}
        for number, ring in enumerate(land(window.frame, window.pixel(frame.NARROW, height)))
        for place, (x, y) in enumerate([*ring, ring[0]])
    ]
    slots = {
        **_slots(window, shown, t, has_hidden), "top": top, "sizes": _sizes(top), "title": value_title,
        "people_title": people_title, "height": height + LEGENDS,
    }  # fmt: skip
    return Plot(_template(t, is_picked), slots, {"land": coast, "rows": rows})


def _area(place: Spot, top: float) -> float:
    return AREAS[0] + (AREAS[1] - AREAS[0]) * _drawn(place) / top


def _drawn(place: Spot) -> float:
    """Return the number of people that a mark is as large as; the mark of a value that is not shown tells nothing."""
    return 0 if place.point.hidden else place.people or 0


def _sizes(top: float) -> list[float]:
    """Return at most two numbers of people for the legend, of one digit and zeros."""
    zeros = {part: floor(log10(part)) for part in (top / 5, top) if part >= 1}
    return [part // 10**count * 10**count for part, count in zeros.items() if count]


def _named(place: Spot) -> str:
    return place.point.x_label if place.point.hidden else f"{place.point.x_label} {place.point.text}"


def _dot(place: Spot, window: Window, top: float, width: float, height: float) -> Dot:
    return Dot(place.point.x, _named(place), *window.pixels(place.at, width, height), _area(place, top))


def _slots(window: Window, shown: Shades, t: Texts, has_hidden: bool) -> dict[str, object]:
    scale = window.scale("width", "height")
    names = dict(zip(shown.keys, shown.names(t), strict=True))
    hidden = {HIDDEN: t("chart.map.hidden")} if has_hidden else {}
    return {
        "left": f"{window.x} - width / 2 * {scale}", "right": f"{window.x} + width / 2 * {scale}",
        "low": f"{window.y} - height / 2 * {scale}", "high": f"{window.y} + height / 2 * {scale}",
        "beside": f"datum.east + datum.side * (sqrt(datum.area / PI) + {GAP}) * {scale}",
        "shades": [*names, *hidden], "shade_names": frame.named({**names, **hidden}),
        "colours": [*shown.colours, *(["#FFFFFF"] if hidden else [])],
        "edges": [frame.TEXT] * (len(names) + len(hidden)),
        "shapes": [*(["circle"] * len(names)), *([_CROSS] if hidden else [])],
    }  # fmt: skip


@template
def _template(t: Texts, is_picked: bool) -> alt.Chart:
    x = alt.X("east:Q", axis=None, scale=_plane("left", "right"))
    y = alt.Y("north:Q", axis=None, scale=_plane("low", "high"))
    land = (
        alt.Chart(alt.NamedData("land"))
        .mark_line(interpolate="linear-closed", fill=LAND, stroke=COAST, strokeWidth=0.7, clip=True, aria=False)
        .encode(x=x, y=y, detail=alt.Detail("ring:N"), order=alt.Order("place:Q"))
    )
    rows = alt.Chart(alt.NamedData("rows"))
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", labelExpr=slot("shade_names"), symbolSize=130,
        symbolStrokeWidth=1, description=t("chart.legend"), columns=frame.on_narrow("3", "6"),
    )  # fmt: skip
    sizes = alt.Legend(
        title=slot("people_title"), orient="bottom", direction="horizontal", symbolFillColor="#FFFFFF",
        symbolStrokeColor=frame.TEXT, values=slot("sizes"), description=slot("people_title"),
    )  # fmt: skip
    marks = (
        rows.transform_calculate(said="datum.x_label + ': ' + datum.text")
        .mark_point(filled=True, opacity=1, clip=True, cursor="pointer" if is_picked else "default")
        .encode(
            x=x,
            y=y,
            fill=alt.Fill("shade:N", scale=alt.Scale(domain=slot("shades"), range=slot("colours")), legend=legend),
            # A scale of its own, of one colour: the legend would else leave out the edge, and with it the cross.
            stroke=alt.Stroke(
                "shade:N",
                scale=alt.Scale(domain=slot("shades"), range=slot("edges")),
                legend=legend,
                condition={"test": "datum.marked", "value": MARKED},
            ),
            shape=alt.Shape("shade:N", scale=alt.Scale(domain=slot("shades"), range=slot("shapes")), legend=legend),
            size=alt.Size("people:Q", scale=alt.Scale(domain=[0, slot("top")], range=list(AREAS)), legend=sizes),
            strokeWidth=alt.StrokeWidthValue(1, condition={"test": "datum.marked", "value": 4}),
            description=alt.Description("said:N"),
            tooltip=[
                alt.Tooltip("x_label:N", title=t("chart.name")),
                alt.Tooltip("text:N", title=slot("title")),
                alt.Tooltip("people_text:N", title=slot("people_title")),
            ],
        )
    )
    if is_picked:
        marks = marks.add_params(alt.selection_point(PICK, fields=["x"], toggle=False))
    return frame.finished(alt.layer(land, marks, *(_names(rows, side, y) for side in (LEFT, RIGHT))), t)


def _plane(least: str, most: str) -> alt.Scale:
    return alt.Scale(
        domainMin=alt.ExprRef(slot(least)), domainMax=alt.ExprRef(slot(most)), zero=False, nice=False, padding=0
    )


def _names(rows: alt.Chart, side: int, y: alt.Y) -> alt.Chart:
    named: alt.Chart = (
        rows.transform_calculate(side=_AT_WIDTH)
        .transform_filter(f"datum.side == {side}")
        .transform_calculate(beside=slot("beside"))
        .mark_text(
            align="right" if side == LEFT else "left",
            fontSize=12,
            color=frame.TEXT,
            font=frame.FONT,
            clip=True,
            aria=False,
        )
        .encode(x=alt.X("beside:Q"), y=y, text=alt.Text("named:N"))
    )
    return named
