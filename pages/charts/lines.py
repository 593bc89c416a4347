"""Lines over periods: one line per series, told apart by colour, shape and dash; a gap where the value is hidden."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from pages.charts import frame
from pages.charts.marks import Flag, Goal, flag_layers, goal_layers
from pages.i18n.texts import Texts
from pages.view.points import Cell

SHORT_LABEL = 16
"""Names up to this many characters fit side by side on a phone."""


def lines(
    cells: Sequence[Cell], t: Texts, *, y_title: str, unit: str = "", height: int = 320,
    target: Sequence[Goal] = (), notes: Sequence[Flag] = (),
) -> alt.Chart:  # fmt: skip
    """Lines of `Cell.series` over `Cell.x`, both in the order given; at most eight series.

    target: a dashed line; notes: numbered rules; both by the label of a period of the axis.

    A hidden value breaks its line and is marked by an open triangle under the axis zero line, never by a zero.
    """
    periods = tuple(dict.fromkeys(cell.x_label for cell in cells))
    labels = tuple(dict.fromkeys(cell.series_label for cell in cells))[: frame.MOST_SERIES]
    shown = [cell for cell in cells if cell.series_label in labels]
    several = len(labels) > 1
    goals = [goal for goal in target if goal.x_label in periods]
    # Room over a target for its text.
    above = [min(1.12 * goal.value, max(100, goal.value)) if unit == "%" else 1.12 * goal.value for goal in goals]
    top = max([frame.top_of(shown), *above])
    key = frame.legend(t, narrow=2 if max(map(len, labels)) <= SHORT_LABEL else 1) if several else None
    x = alt.X(
        "x_label:N",
        sort=list(periods),
        axis=frame.names_axis(
            None, t("chart.periods"), labelAngle=0, labelOverlap="greedy", labelPadding=14, labelSeparation=8
        ),
        scale=alt.Scale(padding=0.3),
    )
    y = alt.Y(
        "value:Q",
        axis=frame.value_axis(t, y_title, unit),
        scale=alt.Scale(domainMin=0, domainMax=top, nice=True),
    )
    colour = alt.Color("series_label:N", scale=frame.series_scale(labels, frame.COLOURS), legend=key)
    tooltip = [
        alt.Tooltip("series_label:N", title=t("chart.series")),
        alt.Tooltip("x_label:N", title=t("chart.period")),
        alt.Tooltip("text:N", title=y_title),
    ]
    base = alt.Chart(frame.data(frame.records(shown))).encode(x=x, tooltip=tooltip)
    stroke = base.mark_line(strokeWidth=2.2, invalid="break-paths-show-domains").encode(
        y=y,
        color=colour,
        strokeDash=alt.StrokeDash("series_label:N", scale=frame.series_scale(labels, frame.DASHES), legend=None),
    )
    points = (
        base.mark_point(filled=True, size=58, opacity=1)
        .encode(
            y=y,
            color=colour,
            shape=alt.Shape("series_label:N", scale=frame.series_scale(labels, frame.SHAPES), legend=key),
            description="text:N",
        )
        .transform_filter("datum.value != null")
    )
    layers = [stroke, points]
    if any(cell.hidden for cell in shown):
        # An empty layer would be a symbol without a name to a screen reader.
        layers.append(
            base.mark_point(shape="triangle-down", filled=False, size=46, strokeWidth=1.5, yOffset=7)
            .encode(y=alt.value("height"), color=alt.value(frame.QUIET), description="text:N")
            .transform_filter("datum.hidden")
        )
    layers += [*goal_layers(goals, x, y), *flag_layers([flag for flag in notes if flag.x_label in periods], x)]
    done = alt.layer(*layers).properties(height=height, width="container")
    return frame.finished(done, t)
