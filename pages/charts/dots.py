"""Dot plot of percentages with 95 % intervals: one row per name, one dot per series."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.template import Plot, slot, template
from pages.view.points import DataPoint, names, series_of, x_of

ROW_HEIGHT = 24


def dots(cells: Sequence[DataPoint], t: Texts, *, x_title: str) -> Plot:
    """Return a dot plot with `DataPoint.x` as rows and a dot for each `DataPoint.series`, in the order given.

    Series are distinguished by colour and shape. A suppressed value has no dot, only its text.
    """
    down, series = names(cells, x_of), names(cells, series_of)
    rows = [
        {**row, "lower": cell.lower, "upper": cell.upper, "shown": cell.text if not cell.hidden else f"– {cell.text}"}
        for cell, row in zip(cells, frame.records(cells), strict=True)
    ]
    top = max((cell.upper or cell.value or 0 for cell in cells), default=0) or 10
    step = max(ROW_HEIGHT * len(series), 30) / max(len(series), 1)
    slots = {
        "order": list(down), "names": frame.named(down), "top": top, "title": x_title, **frame.series(series),
        "height": {"step": step, "for": "offset"},
    }  # fmt: skip
    has_intervals, has_dots = any(cell.lower is not None for cell in cells), any(not cell.hidden for cell in cells)
    return Plot(_template(t, len(series) > 1, has_intervals, has_dots), slots, {"rows": rows})


@template
def _template(t: Texts, several: bool, has_intervals: bool, has_dots: bool) -> alt.Chart:
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domainMin=0, domainMax=slot("top"), nice=False, rangeMax=alt.ExprRef("width - 60")),
        axis=frame.value_axis(t, slot("title"), "%"),
    )
    key = frame.legend(t) if several else None
    colour = alt.Color("series:N", scale=frame.series_scale("colours"), legend=key)
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "x:N",
            sort=slot("order"),
            axis=frame.names_axis(t("chart.names"), slot("names"), labelLimit=220, labelColor=frame.TEXT, grid=True),
            scale=alt.Scale(paddingInner=0.15, paddingOuter=0.1),
        ),
        yOffset=alt.YOffset("series:N", sort=slot("series"), scale=alt.Scale(paddingOuter=0.4)),
        tooltip=[
            alt.Tooltip("x_label:N", title=t("chart.name")),
            alt.Tooltip("series_label:N", title=t("chart.series")),
            alt.Tooltip("text:N", title=slot("title")),
        ],
    )
    interval = base.transform_filter("datum.lower != null").mark_rule(strokeWidth=2, opacity=0.55).encode(
        x=alt.X("lower:Q"), x2=alt.X2("upper:Q"), color=colour
    )  # fmt: skip
    dot = (
        base.transform_filter("!datum.hidden")
        .mark_point(filled=True, size=75, opacity=1)
        .encode(
            x=x,
            color=colour,
            shape=alt.Shape("series:N", scale=frame.series_scale("shapes"), legend=key),
            description=alt.Description("text:N"),
        )
    )
    text = (
        base.transform_calculate(place="datum.upper == null ? datum.value || 0 : datum.upper")
        .mark_text(align="left", dx=8, fontSize=11, font=frame.FONT)
        .encode(
            x=alt.X("place:Q"),
            text=alt.Text("shown:N"),
            color=alt.ColorValue(frame.TEXT, condition={"test": "datum.hidden", "value": frame.QUIET}),
        )
    )
    # Empty layers are left out: screen readers would read them as unnamed symbols.
    layers = [layer for layer, is_drawn in ((interval, has_intervals), (dot, has_dots), (text, True)) if is_drawn]
    return frame.finished(alt.layer(*layers), t)
