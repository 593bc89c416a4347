"""Line chart over periods: one line per series, with a gap where a value is suppressed."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.marks import Flag, Goal, flag_layers, goal_layers
from pages.view.points import DataPoint, names, series_of, x_of

SHORT_LABEL = 16
"""Names of up to this many characters fit side by side on a phone."""


def lines(
    cells: Sequence[DataPoint], t: Texts, *, y_title: str, unit: str = "", height: int = 320,
    target: Sequence[Goal] = (), notes: Sequence[Flag] = (),
) -> alt.Chart:  # fmt: skip
    """Return lines of `DataPoint.series` over `DataPoint.x`, both in the order given; at most eight series.

    Series are distinguished by colour, shape and dash. target: a dashed line; notes: numbered vertical rules; both by
    the key of a period on the axis; height: pixels.

    A suppressed value breaks its line and is marked by an open triangle below the zero line, never by a zero.
    """
    periods = names(cells, x_of)
    series = dict(list(names(cells, series_of).items())[: frame.MOST_SERIES])
    shown = [cell for cell in cells if cell.series in series]
    several = len(series) > 1
    goals = [goal for goal in target if goal.x in periods]
    # Space above a target for its text.
    above = [min(1.12 * goal.value, max(100, goal.value)) if unit == "%" else 1.12 * goal.value for goal in goals]
    top = max([frame.top_of(shown), *above])
    is_short = max(map(len, series.values()), default=0) <= SHORT_LABEL
    key = frame.legend(t, series, narrow=2 if is_short else 1) if several else None
    x = alt.X(
        "x:N",
        sort=list(periods),
        axis=frame.names_axis(
            t("chart.periods"),
            frame.named(periods),
            labelAngle=0,
            labelOverlap="greedy",
            labelPadding=14,
            labelSeparation=8,
        ),
        scale=alt.Scale(padding=0.3),
    )
    y = alt.Y(
        "value:Q",
        axis=frame.value_axis(t, y_title, unit),
        scale=alt.Scale(domainMin=0, domainMax=top, nice=True),
    )
    colour = alt.Color("series:N", scale=frame.series_scale(series, frame.COLOURS), legend=key)
    tooltip = [
        alt.Tooltip("series_label:N", title=t("chart.series")),
        alt.Tooltip("x_label:N", title=t("chart.period")),
        alt.Tooltip("text:N", title=y_title),
    ]
    base = alt.Chart(frame.data(frame.records(shown))).encode(x=x, tooltip=tooltip)
    stroke = base.mark_line(strokeWidth=2.2, invalid="break-paths-show-domains").encode(
        y=y,
        color=colour,
        strokeDash=alt.StrokeDash("series:N", scale=frame.series_scale(series, frame.DASHES), legend=None),
    )
    points = (
        base.mark_point(filled=True, size=58, opacity=1)
        .encode(
            y=y,
            color=colour,
            shape=alt.Shape("series:N", scale=frame.series_scale(series, frame.SHAPES), legend=key),
            description=alt.Description("text:N"),
        )
        .transform_filter("datum.value != null")
    )
    layers = [stroke, points]
    if any(cell.hidden for cell in shown):
        # An empty layer is left out: screen readers would read it as an unnamed symbol.
        layers.append(
            base.mark_point(shape="triangle-down", filled=False, size=46, strokeWidth=1.5, yOffset=7)
            .encode(y=alt.value("height"), color=alt.ColorValue(frame.QUIET), description=alt.Description("text:N"))
            .transform_filter("datum.hidden")
        )
    layers += [*goal_layers(goals, x, y), *flag_layers([flag for flag in notes if flag.x in periods], x)]
    done = alt.layer(*layers).properties(height=height, width="container")
    return frame.finished(done, t)
