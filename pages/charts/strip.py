"""Hundreds of areas in one plot: a dot for each in the order of their values, those that are looked at large and named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.template import Plot, slot, template
from pages.view.points import DataPoint

HEIGHT = 320
_LINE = 17
"""Pixels between two names."""


def strip(cells: Sequence[DataPoint], t: Texts, *, x_title: str, unit: str = "", marked: Collection[str] = ()) -> Plot:
    """Return the plot of `DataPoint.x` by value, the largest uppermost. What has no value has no dot.

    marked: the `DataPoint.x` that are named; unit: `%` for shares.
    """
    shown = sorted((cell for cell in cells if cell.value is not None), key=lambda cell: cell.value or 0)
    place = {cell.x: at for at, cell in enumerate(shown)}
    names = _apart({code: at for code, at in place.items() if code in marked}, len(shown))
    rows = [
        {
            **row,
            "place": place[cell.x],
            "named": cell.x in names,
            "name_place": names.get(cell.x, place[cell.x]),
            "name": f"{cell.x_label}: {cell.text}",
        }
        for cell, row in zip(shown, frame.records(shown), strict=True)
    ]
    values = {
        "title": x_title, "from": _from(shown), "top": frame.top_of(shown), "last": max(len(shown) - 1, 1), "height": HEIGHT,
    }  # fmt: skip
    return Plot(_template(t, unit, bool(names)), values, {"rows": rows})


def _from(shown: Sequence[DataPoint]) -> float:
    """Return where the axis begins: dots say nothing by their length, so where all values are large it need not begin at 0."""
    least, top = (shown[0].value or 0 if shown else 0), frame.top_of(shown)
    return least // 10 * 10 if least > top / 2 else 0


def _apart(places: Mapping[str, int], count: int) -> dict[str, float]:
    """Return where names stand, so that none lies upon another and each is as near to its dot as can be."""
    step, found, free = max(count, 2) * _LINE / HEIGHT, dict[str, float](), float("-inf")
    for code, at in sorted(places.items(), key=lambda item: item[1]):
        free = max(float(at), free)
        found[code], free = free, free + step
    ceiling = float(count - 1)  # what would stand above the plot moves down, and what is in its way
    for code in reversed(found):
        found[code] = min(found[code], ceiling)
        ceiling = found[code] - step
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
            rangeMax=frame.on_narrow("width - 110", "width - 230"),
        ),
        axis=frame.value_axis(t, slot("title"), unit),
    )

    def y(field: str) -> alt.Y:
        return alt.Y(
            f"{field}:Q", axis=None, scale=alt.Scale(domainMin=0, domainMax=slot("last"), nice=False, padding=10)
        )

    base = alt.Chart(alt.NamedData("rows")).encode(
        x=x,
        tooltip=[alt.Tooltip("x_label:N", title=t("chart.name")), alt.Tooltip("text:N", title=slot("title"))],
    )
    every = base.transform_filter("!datum.named").mark_point(filled=True, size=34, color=frame.MUTED, opacity=0.85)
    layers = [every.encode(y=y("place"), description=alt.Description("name:N"))]
    if has_names:
        named = base.transform_filter("datum.named")
        text: dict[str, Any] = {
            "align": "left",
            "dx": 10,
            "fontSize": 12,
            "font": frame.FONT,
            "limit": frame.on_narrow("100", "250"),
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
            named.mark_text(**text, **around).encode(y=y("name_place"), text=alt.Text("name:N")),
            named.mark_rule(color=frame.QUIET, strokeWidth=1).encode(y=y("place"), y2=alt.Y2("name_place:Q")),
            named.mark_point(filled=True, size=110, color=frame.ACCENT, opacity=1).encode(
                y=y("place"), description=alt.Description("name:N")
            ),
            named.mark_text(**text, color=frame.TEXT).encode(y=y("name_place"), text=alt.Text("name:N")),
        ]
    return frame.finished(alt.layer(*layers), t)
