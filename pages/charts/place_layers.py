"""Layers of a map of places: the land, shaded areas, a mark at each place, and names beside them."""

from __future__ import annotations

from typing import Literal

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.place_labels import FARTHER, LEFT, RIGHT
from pages.charts.shown import PICK
from pages.charts.template import slot
from pages.theme.colours import light

LAND, COAST = frame.GRID, light("border")
MARKED = frame.COLOURS[1]
"""Colour of the edge of the chosen."""
AREAS = (50, 1000)
"""Square pixels of the smallest and the largest circle; the mark of a value that is not shown is as the smallest."""
WIDTHS = (280, 330, 420, 640, 900)
"""Pixels of the plots for which names are laid out: one has the names of the widest of these that is not wider than itself."""
_AT_WIDTH = "".join(f"width >= {width} ? datum.at_{width} : " for width in WIDTHS[:0:-1]) + f"datum.at_{WIDTHS[0]}"
"""Expression for the side on which a point has its name."""
_ON_SHADES = 4
"""Pixels of light ground around a name, which may lie on a dark area or on a line."""


def land() -> alt.Chart:
    """Return the land, of which nothing is said."""
    made: alt.Chart = (
        alt.Chart(alt.NamedData("land"))
        .mark_line(interpolate="linear-closed", fill=LAND, stroke=COAST, strokeWidth=0.7, clip=True, aria=False)
        .encode(**_plane(), detail=alt.Detail("ring:N"), order=alt.Order("place:Q"))
    )
    return made


def areas(t: Texts, is_picked: bool) -> list[alt.Chart]:
    """Return the areas of places, shaded by the class of their value, and around their middles what tells it on touch.

    Vega tells nothing of a filled line but at its corners; yet what tells nothing at all could not be clicked.
    """
    values = alt.LookupData(data=alt.NamedData("rows"), key="x", fields=["shade", "x_label", "text", "people_text"])
    cursor: Literal["pointer", "default"] = "pointer" if is_picked else "default"
    shaded: alt.Chart = (
        alt.Chart(alt.NamedData("areas"))
        .transform_lookup(lookup="x", from_=values)
        .mark_line(interpolate="linear-closed", stroke=COAST, strokeWidth=1, clip=True, aria=False, cursor=cursor)
        .encode(
            **_plane(), detail=alt.Detail("ring:N"), order=alt.Order("place:Q"), tooltip=_tooltip(t),
            fill=alt.Fill("shade:N", scale=_by_shade("colours"), legend=_legend(t)),
        )
    )  # fmt: skip
    around: alt.Chart = (
        alt.Chart(alt.NamedData("rows"))
        .mark_point(filled=True, opacity=0, size=AREAS[1], clip=True, aria=False, cursor=cursor)
        .encode(**_plane(), tooltip=_tooltip(t))
    )
    return [shaded, around]


def marks(t: Texts, is_picked: bool, has_sizes: bool) -> alt.Chart:
    """Return a mark at each place: a circle in the colour of its class, as large as its number of people, or a cross.

    has_sizes: whether a legend tells the sizes.
    """
    sizes = alt.Legend(
        title=slot("people_title"), orient="bottom", direction="horizontal", symbolFillColor=frame.GROUND,
        symbolStrokeColor=frame.TEXT, values=slot("sizes"), description=slot("people_title"),
    )  # fmt: skip
    legend = _legend(t)
    made: alt.Chart = (
        alt.Chart(alt.NamedData("rows"))
        .transform_calculate(said="datum.x_label + ': ' + datum.text")
        .mark_point(filled=True, opacity=1, clip=True, cursor="pointer" if is_picked else "default")
        .encode(
            **_plane(),
            fill=alt.Fill("shade:N", scale=_by_shade("colours"), legend=legend),
            # A scale of its own, of one colour: the legend would else leave out the edge, and with it the cross.
            stroke=alt.Stroke(
                "shade:N", scale=_by_shade("edges"), legend=legend, condition={"test": "datum.marked", "value": MARKED}
            ),
            shape=alt.Shape("shade:N", scale=_by_shade("shapes"), legend=legend),
            size=alt.Size(
                "people:Q",
                scale=alt.Scale(domain=[0, slot("top")], range=list(AREAS)),
                legend=sizes if has_sizes else None,
            ),
            strokeWidth=alt.StrokeWidthValue(1, condition={"test": "datum.marked", "value": 4}),
            description=alt.Description("said:N"),
            tooltip=_tooltip(t),
        )
    )
    # A click on an area counts as one on its mark: both have the code of the place.
    return made.add_params(alt.selection_point(PICK, fields=["x"], toggle=False)) if is_picked else made


def names() -> list[alt.Chart]:
    """Return the names of places that have room for one, on a light ground: areas are dark, lines lie under them."""
    sides = (LEFT, RIGHT)
    grounds = (_named(side, is_ground=True) for side in sides)
    return [_leaders(), *grounds, *(_named(side) for side in sides)]


def _leaders() -> alt.Chart:
    """Return the lines from points to names that are far from them."""
    made: alt.Chart = (
        alt.Chart(alt.NamedData("rows"))
        .transform_calculate(side=_AT_WIDTH)
        .transform_filter(f"abs(datum.side) >= {FARTHER}")
        .transform_calculate(begun=slot("from"), ended=slot("to"))
        .mark_rule(color=frame.TEXT, strokeWidth=0.8, clip=True, aria=False)
        .encode(x=alt.X("east:Q"), y=alt.Y("begun:Q"), y2=alt.Y2("ended:Q"))
    )
    return made


def _named(side: int, *, is_ground: bool = False) -> alt.Chart:
    made: alt.Chart = (
        alt.Chart(alt.NamedData("rows"))
        .transform_calculate(side=_AT_WIDTH)
        .transform_filter(f"datum.side * {side} > 0")
        .transform_calculate(across=slot("across"), level=slot("level"))
        .mark_text(
            align="right" if side == LEFT else "left", fontSize=12, color=frame.TEXT, font=frame.FONT, clip=True,
            aria=False, stroke=frame.GROUND if is_ground else None, strokeWidth=_ON_SHADES if is_ground else 0,
            strokeJoin="round",
        )
        .encode(x=alt.X("across:Q"), y=alt.Y("level:Q"), text=alt.Text("named:N"))
    )  # fmt: skip
    return made


def _legend(t: Texts) -> alt.Legend:
    return alt.Legend(
        title=None, orient="top", direction="horizontal", labelExpr=slot("shade_names"), symbolSize=130,
        symbolStrokeWidth=1, description=t("chart.legend"), columns=frame.on_narrow("3", "6"),
    )  # fmt: skip


def _tooltip(t: Texts) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("x_label:N", title=t("chart.name")),
        alt.Tooltip("text:N", title=slot("title")),
        alt.Tooltip("people_text:N", title=slot("people_title")),
    ]


def _by_shade(looks: str) -> alt.Scale:
    return alt.Scale(domain=slot("shades"), range=slot(looks))


def _plane() -> dict[str, alt.X | alt.Y]:
    return {
        "x": alt.X("east:Q", axis=None, scale=_between("left", "right")),
        "y": alt.Y("north:Q", axis=None, scale=_between("low", "high")),
    }


def _between(least: str, most: str) -> alt.Scale:
    return alt.Scale(
        domainMin=alt.ExprRef(slot(least)), domainMax=alt.ExprRef(slot(most)), zero=False, nice=False, padding=0
    )
