"""Hundreds of areas in one plot: a dot for each in the order of their values, those that are looked at large and named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.template import Plot, slot, template
from pages.view.points import DataPoint

HEIGHT = 320
"""Pixels of the plot at least; many names on a phone need more."""
PADDING = 10
"""Pixels below the lowest dot and above the highest."""
LINE = 17
"""Pixels of a line of a name."""
ROOM = {"narrow": 140, "wide": 240}
"""Pixels right of the plot for names."""
LETTERS = {"narrow": 20, "wide": 36}
"""Letters of a line that fit there: a longer name goes on below, since two that are cut could read the same."""


def strip(cells: Sequence[DataPoint], t: Texts, *, x_title: str, unit: str = "", marked: Collection[str] = ()) -> Plot:
    """Return the plot of `DataPoint.x` by value, the largest uppermost. What has no value has no dot.

    marked: the `DataPoint.x` that are named; unit: `%` for shares.
    """
    shown = sorted((cell for cell in cells if cell.value is not None), key=lambda cell: cell.value or 0)
    place = {cell.x: at for at, cell in enumerate(shown)}
    name = {cell.x: f"{cell.x_label}: {cell.text}" for cell in shown}
    names = {at: {code: wrap(name[code], most) for code in place if code in marked} for at, most in LETTERS.items()}
    height = max(HEIGHT, *((sum(map(len, lines.values())) + 1) * LINE for lines in names.values()))
    last = max(len(shown) - 1, 1)
    heights = {at: _apart(place, lines, last, last * LINE / (height - 2 * PADDING)) for at, lines in names.items()}
    rows = [
        {
            **row,
            "place": place[cell.x],
            "named": cell.x in marked,
            "name": name[cell.x],
            **{f"name_{at}": "\n".join(lines.get(cell.x, ())) for at, lines in names.items()},
            **{f"at_{at}": found.get(cell.x, place[cell.x]) for at, found in heights.items()},
        }
        for cell, row in zip(shown, frame.records(shown), strict=True)
    ]
    values = {
        "title": x_title, "from": _from(shown), "top": frame.top_of(shown), "last": last, "height": height,
    }  # fmt: skip
    return Plot(_template(t, unit, any(names["wide"])), values, {"rows": rows})


def _from(shown: Sequence[DataPoint]) -> float:
    """Return where the axis begins: dots say nothing by their length, so where all values are large it need not begin at 0."""
    least, top = (shown[0].value or 0 if shown else 0), frame.top_of(shown)
    return least // 10 * 10 if least > top / 2 else 0


def _apart(places: Mapping[str, int], names: Mapping[str, Sequence[str]], last: int, step: float) -> dict[str, float]:
    """Return where the first lines of names stand, so that none lies upon another and each is as near to its dot as can be.

    last: the highest place; step: a line in places.
    """
    below = {code: (len(lines) - 1) * step for code, lines in names.items()}
    found, free = dict[str, float](), 0.0
    for code in sorted(names, key=places.__getitem__):
        lowest = max(places[code] - below[code] / 2, free)
        found[code] = lowest + below[code]
        free = found[code] + step
    ceiling = float(last)  # what would stand above the plot moves down, and what is in its way
    for code in reversed(found):
        found[code] = min(found[code], ceiling)
        ceiling = found[code] - below[code] - step
    return found


@template
def _template(t: Texts, unit: str, has_names: bool) -> alt.Chart:
    x = alt.X(
        "value:Q",
        scale=alt.Scale(
            domainMin=slot("from"),
            domainMax=slot("top"),
            zero=False,
            nice=False,
            rangeMax=frame.on_narrow(*(f"width - {room}" for room in ROOM.values())),
        ),
        axis=frame.value_axis(t, slot("title"), unit),
    )

    def y(field: str) -> alt.Y:
        return alt.Y(
            f"{field}:Q", axis=None, scale=alt.Scale(domainMin=0, domainMax=slot("last"), nice=False, padding=PADDING)
        )

    base = alt.Chart(alt.NamedData("rows")).encode(
        x=x,
        tooltip=[alt.Tooltip("x_label:N", title=t("chart.name")), alt.Tooltip("text:N", title=slot("title"))],
    )
    every = base.transform_filter("!datum.named").mark_point(filled=True, size=34, color=frame.MUTED, opacity=0.85)
    layers = [every.encode(y=y("place"), description=alt.Description("name:N"))]
    if has_names:
        named = base.transform_filter("datum.named").transform_calculate(
            name_place=frame.by_width("datum.at_narrow", "datum.at_wide"),
            lines=frame.by_width("datum.name_narrow", "datum.name_wide"),
        )
        text: dict[str, Any] = {
            "align": "left",
            "dx": 10,
            "fontSize": 12,
            "font": frame.FONT,
            "lineBreak": "\n",
            "lineHeight": LINE - 3,
            "limit": frame.on_narrow(*(str(room - 10) for room in ROOM.values())),
        }
        # Around each name the background, so that dots behind it do not run into its letters.
        around: dict[str, Any] = {
            "color": frame.GROUND,
            "stroke": frame.GROUND,
            "strokeWidth": 5,
            "strokeJoin": "round",
            "aria": False,
        }
        layers += [
            named.mark_text(**text, **around).encode(y=y("name_place"), text=alt.Text("lines:N")),
            named.mark_rule(color=frame.QUIET, strokeWidth=1).encode(y=y("place"), y2=alt.Y2("name_place:Q")),
            named.mark_point(filled=True, size=110, color=frame.ACCENT, opacity=1).encode(
                y=y("place"), description=alt.Description("name:N")
            ),
            named.mark_text(**text, color=frame.TEXT).encode(y=y("name_place"), text=alt.Text("lines:N")),
        ]
    return frame.finished(alt.layer(*layers), t)
