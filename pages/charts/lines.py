"""Line chart over periods: one line per series, with a gap where a value is suppressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.curves import apart
from pages.charts.marks import Flag, Goal, flag_layers, flag_rows, goal_layers, goal_rows, goal_texts, shape_of
from pages.charts.template import Plot, slot, template
from pages.view import letters
from pages.view.points import DataPoint, names, series_of, x_of

_OUT = 40
"""Pixels that a name may reach past an end of the axis; one that reaches further would be cut, and is left out."""
_MOST_ROOM, _LABEL = 110, 26
"""Pixels of names at the ends of lines at most, and between two of them in a plot with axis and legend."""
_LONG = 12
"""Names of more characters have the year on a line of its own: else the first and last of them reach too far."""


def lines(
    cells: Sequence[DataPoint], t: Texts, *, y_title: str, unit: str = "", height: int = 320,
    target: Sequence[Goal] = (), notes: Sequence[Flag] = (), named: bool = False,
) -> Plot:  # fmt: skip
    """Return lines of `DataPoint.series` over `DataPoint.x`, both in the order given; at most eight series.

    Series are distinguished by colour, shape and dash. target: a dashed line; notes: numbered vertical rules; both by
    the key of a period on the axis; height: pixels; named: whether the name of a series also stands at the end of its line.

    A suppressed value breaks its line and is marked by an open triangle below the zero line, never by a zero; a value of the rest
    of what it is about is a hollow mark.
    """
    periods = names(cells, x_of)
    series = dict(list(names(cells, series_of).items())[: frame.MOST_SERIES])
    shown = [cell for cell in cells if cell.series in series]
    several = len(series) > 1
    goals = [goal for goal in target if goal.x in periods]
    # Space above a target for its text.
    above = [min(1.12 * goal.value, max(100, goal.value)) if unit == "%" else 1.12 * goal.value for goal in goals]
    top = max([frame.top_of(shown), *above])
    flags = [flag for flag in notes if flag.x in periods]
    slots = {
        "order": list(periods), "periods": frame.named({code: _lines_of(name) for code, name in periods.items()}),
        "top": top, "title": y_title, "height": height, **frame.series(series),
    }  # fmt: skip
    ends = _ends(shown, list(periods), top, height) if named else []
    slots["right"] = f"width - {_room(series)}" if ends else "width"
    # An empty layer is left out: screen readers would read it as an unnamed symbol.
    has_hidden = any(cell.hidden for cell in shown)
    has_rest = any(cell.is_of_rest for cell in shown)
    done = _template(t, unit, several, has_hidden, has_rest, shape_of(goals), bool(flags), bool(ends))
    rows = {"rows": frame.records(shown), **goal_rows(goals), **flag_rows(flags), **({"ends": ends} if ends else {})}
    return Plot(done, slots | goal_texts(goals), rows)


@template
def _template(
    t: Texts, unit: str, several: bool, has_hidden: bool, has_rest: bool, goals: tuple[bool, ...], has_flags: bool,
    has_ends: bool,
) -> alt.Chart:  # fmt: skip
    key = frame.legend(t) if several else None
    x = alt.X(
        "x:N",
        sort=slot("order"),
        axis=frame.names_axis(
            t("chart.periods"),
            slot("periods"),
            labelAngle=0,
            labelOverlap="parity",
            labelPadding=14,
            labelSeparation=8,
            labelBound=_OUT,
        ),
        scale=alt.Scale(padding=0.5, rangeMax=alt.ExprRef(slot("right"))) if has_ends else alt.Scale(padding=0.5),
    )
    y = alt.Y(
        "value:Q",
        axis=frame.value_axis(t, slot("title"), unit),
        scale=alt.Scale(domainMin=0, domainMax=slot("top"), nice=True),
    )
    colour = alt.Color("series:N", scale=frame.series_scale("colours"), legend=key)
    tooltip = [
        alt.Tooltip("series_label:N", title=t("chart.series")),
        alt.Tooltip("x_label:N", title=t("chart.period")),
        alt.Tooltip("text:N", title=slot("title")),
        *([alt.Tooltip("lacks:N", title=t("table.lacks"))] if has_rest else []),
    ]
    base = alt.Chart(alt.NamedData("rows")).encode(x=x, tooltip=tooltip)
    stroke = base.mark_line(strokeWidth=2.2, invalid="break-paths-show-domains").encode(
        y=y,
        color=colour,
        strokeDash=alt.StrokeDash("series:N", scale=frame.series_scale("dashes"), legend=None),
    )
    points = (
        base.mark_point(filled=True, size=58, opacity=1)
        .encode(
            y=y,
            color=colour,
            shape=alt.Shape("series:N", scale=frame.series_scale("shapes"), legend=key),
            description=alt.Description("text:N"),
        )
        .transform_filter("datum.value != null && !datum.lacks" if has_rest else "datum.value != null")
    )
    layers = [stroke, points]
    if has_rest:
        layers.append(
            base.mark_point(filled=False, fill=frame.GROUND, size=80, strokeWidth=2.4, opacity=1)
            .encode(
                y=y,
                color=colour,
                shape=alt.Shape("series:N", scale=frame.series_scale("shapes"), legend=key),
                description=alt.Description("told:N"),
            )
            .transform_filter("datum.value != null && datum.lacks")
        )
    if has_hidden:
        layers.append(
            base.mark_point(shape="triangle-down", filled=False, size=46, strokeWidth=1.5, yOffset=7)
            .encode(y=alt.value("height"), color=alt.ColorValue(frame.QUIET), description=alt.Description("text:N"))
            .transform_filter("datum.hidden")
        )
    layers += [*goal_layers(goals, x, y), *(flag_layers(x) if has_flags else [])]
    if has_ends:
        layers.append(
            alt.Chart(alt.NamedData("ends"))
            .mark_text(
                align="left", dx=8, fontSize=12, fontWeight="bold", font=frame.FONT, limit=_MOST_ROOM, aria=False
            )
            .encode(x=x, y=alt.Y("place:Q"), text=alt.Text("series_label:N"), color=colour)
        )
    return frame.finished(alt.layer(*layers), t)


def _lines_of(period: str) -> str | list[str]:
    """Return the lines of a name on the axis: `1. neljännes` and `2026`; a short one is on one line."""
    return period.rsplit(" ", 1) if len(period) > _LONG else period


def _room(series: Mapping[str, str]) -> int:
    """Return the pixels right of the lines that the names at their ends need."""
    return min(_MOST_ROOM, 12 + letters.width(max(map(len, series.values())), bold=True))


def _ends(shown: Sequence[DataPoint], periods: Sequence[str], top: float, height: int) -> list[dict[str, Any]]:
    """Return the last value of each series that has any, and where its name stands beside it, apart from the others."""
    last = {cell.series: cell for cell in sorted(shown, key=lambda one: periods.index(one.x)) if cell.value is not None}
    ends = sorted(last.values(), key=lambda cell: cell.value or 0)
    places = apart([cell.value or 0 for cell in ends], top * _LABEL / height, top)
    return [
        {"x": cell.x, "series": cell.series, "series_label": cell.series_label, "place": place}
        for cell, place in zip(ends, places, strict=True)
    ]
