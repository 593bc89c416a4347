"""Horizontal bar chart with values as text and, optionally, a tick for the same period a year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.view.points import DataPoint, names, x_of

ROW_HEIGHT = 28
_LINE = 14
"""Height of a line of a name, in pixels."""
ARROW = " → "
"""Separator in names of routes, which are broken into lines at each."""


def bars(
    cells: Sequence[DataPoint],
    t: Texts,
    *,
    x_title: str,
    unit: str = "",
    before: Mapping[str, DataPoint] | None = None,
    marked: str | None = None,
) -> alt.Chart:
    """Return a bar chart of `DataPoint.x`, in the order given. A suppressed value has no bar, only its text ("alle 10").

    unit: `%` for shares; before: the same points of an earlier time by `DataPoint.x`, drawn as black ticks; marked: the
    `DataPoint.x` to highlight, others are muted.
    """
    before = before or {}
    rows = []
    for cell, row in zip(cells, frame.records(cells), strict=True):
        earlier = before.get(cell.x)
        rows.append(
            {
                **row,
                "before": earlier.value if earlier else None,
                "before_text": earlier.text if earlier else "–",
                "marked": marked in (None, cell.x),
                "shown_text": cell.text if not cell.hidden else f"– {cell.text}",
            }
        )
    labels = {code: _lines_of(name) for code, name in names(cells, x_of).items()}
    breaks = max((len(lines) - 1 for lines in labels.values()), default=0)
    top = max(frame.top_of(cells), frame.top_of([*before.values()], 0))
    tooltip = [alt.Tooltip("x_label:N", title=t("chart.name")), alt.Tooltip("text:N", title=x_title)]
    if before:
        tooltip.append(alt.Tooltip("before_text:N", title=next(iter(before.values())).series_label))
    base = alt.Chart(frame.data(rows)).encode(
        y=alt.Y(
            "x:N",
            sort=list(labels),
            axis=frame.names_axis(
                t("chart.names"),
                frame.named(labels),
                labelLimit=230,
                labelColor=frame.TEXT,
                labelOffset=-breaks * _LINE / 2,
            ),
        ),
        tooltip=tooltip,
    )
    # Room at the right end for the text of the longest bar.
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domainMin=0, domainMax=top, nice=False, rangeMax=alt.ExprRef("width - 56")),
        axis=frame.value_axis(t, x_title, unit),
    )
    bar = base.mark_bar(height={"band": 0.66}).encode(
        x=x,
        color=alt.ColorValue(frame.MUTED, condition={"test": "datum.marked", "value": frame.ACCENT}),
        description=alt.Description("text:N"),
    )
    text = (
        base.mark_text(align="left", dx=7, fontSize=12, font=frame.FONT)
        .encode(
            x=alt.X(
                "place:Q", scale=alt.Scale(domainMin=0, domainMax=top, nice=False, rangeMax=alt.ExprRef("width - 56"))
            ),
            text=alt.Text("shown_text:N"),
            color=alt.ColorValue(frame.TEXT, condition={"test": "datum.hidden", "value": frame.QUIET}),
        )
        .transform_calculate(place="datum.before == null ? datum.value || 0 : max(datum.value || 0, datum.before)")
    )
    layers = [bar, text]
    # An empty layer is left out: screen readers would read it as an unnamed symbol.
    if any(row["before"] is not None for row in rows):
        tick = base.transform_filter("datum.before != null").mark_tick(
            color=frame.TEXT, thickness=2.5, height={"band": 0.86}
        )
        layers.append(tick.encode(x=alt.X("before:Q")))
    step = ROW_HEIGHT + _LINE * breaks
    done = alt.layer(*layers).properties(height=alt.Step(step), width="container")
    return frame.finished(done, t)


def _lines_of(name: str) -> list[str]:
    """Return the lines of a name: a route is broken after each arrow."""
    *before, last = name.split(ARROW)
    return [*(part + ARROW.rstrip() for part in before), last]
