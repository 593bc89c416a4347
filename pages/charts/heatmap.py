"""Heat map of two dimensions: a stronger colour is more, with the value in each cell; a suppressed cell is grey with its text."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.shown import PICK
from pages.charts.template import Plot, slot, template
from pages.theme.colours import light
from pages.view import letters
from pages.view.points import DataPoint, names, series_of, x_of

FULL = light("heat")
FAINTEST = 0.08
"""How much of that colour the smallest value has."""
ROW_HEIGHT, DENSE, MANY = 30, 24, 12
"""Pixels of a row, of one among many rows, and how many are many."""
ROOM = 36
"""Pixels that a number in a cell needs."""
DARK_FROM = 0.74
"""Share of the largest value from which white text is used; both text colours have a contrast of 4.5:1 there."""


def heatmap(
    cells: Sequence[DataPoint],
    t: Texts,
    *,
    columns: Sequence[str],
    rows: Sequence[str],
    value_title: str,
    is_picked: bool = False,
) -> Plot:
    """Return a heat map with `DataPoint.series` as rows and `DataPoint.x` as columns.

    columns, rows: their keys in order; is_picked: whether cells can be clicked.
    """
    across, down = frame.named(names(cells, x_of)), frame.named(names(cells, series_of))
    words = [word for name in names(cells, x_of).values() for word in name.split(" ")]
    upright = f"width >= {letters.width(max(map(len, words), default=0)) * len(columns)}"
    top = frame.top_of(cells)
    records = [
        {
            **row,
            "dark": cell.value is not None and cell.value > DARK_FROM * top,
            "short": cell.shown.short or cell.text,
        }
        for cell, row in zip(cells, frame.records(cells), strict=True)
    ]
    slots = {
        "columns": list(columns), "rows": list(rows), "top": top, "title": value_title,
        "height": {"step": ROW_HEIGHT if len(rows) < MANY else DENSE},
        # Names are broken at spaces; where a column has no room for a word of theirs they are slanted instead.
        "across": f"({upright} ? split({across}, ' ') : {across})", "down": down,
        "angle": f"{upright} ? 0 : -60", "align": f"{upright} ? 'center' : 'right'",
        "baseline": f"{upright} ? 'top' : 'middle'",
        "fits": f"width >= {ROOM * len(columns)}",
    }  # fmt: skip
    has_shown, has_hidden = (any(cell.hidden is seen for cell in cells) for seen in (False, True))
    return Plot(_template(t, has_shown, has_hidden, is_picked), slots, {"rows": records})


@template
def _template(t: Texts, has_shown: bool, has_hidden: bool, is_picked: bool) -> alt.Chart:
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X(
            "x:N",
            sort=slot("columns"),
            axis=frame.names_axis(
                t("chart.columns"),
                slot("across"),
                orient="bottom", labelLimit=150, labelColor=frame.TEXT,
                labelAngle=alt.ExprRef(slot("angle")), labelAlign=alt.ExprRef(slot("align")),
                labelBaseline=alt.ExprRef(slot("baseline")), labelOverlap=False, domain=False,
            ),
            scale=alt.Scale(paddingInner=0.04, paddingOuter=0),
        ),
        y=alt.Y(
            "series:N",
            sort=slot("rows"),
            axis=frame.names_axis(t("chart.rows"), slot("down"), labelLimit=190, labelColor=frame.TEXT, domain=False),
            scale=alt.Scale(paddingInner=0.08, paddingOuter=0),
        ),
        tooltip=[
            alt.Tooltip("series_label:N", title=t("chart.row")),
            alt.Tooltip("x_label:N", title=t("chart.column")),
            alt.Tooltip("text:N", title=slot("title")),
        ],
    )  # fmt: skip
    shown = (
        base.transform_filter("!datum.hidden")
        .mark_rect(cursor="pointer" if is_picked else "default")
        .encode(
            color=alt.ColorValue(FULL),
            opacity=alt.Opacity("value:Q", scale=alt.Scale(domain=[0, slot("top")], range=[FAINTEST, 1]), legend=None),
            description=alt.Description("text:N"),
        )
    )
    if is_picked:
        shown = shown.add_params(alt.selection_point(PICK, fields=["x", "series"], toggle=False))
    hidden = (
        base.transform_filter("datum.hidden")
        .mark_rect(fill=frame.HIDDEN_FILL, stroke=frame.LINE, strokeDash=[2, 2], strokeWidth=0.8)
        .encode(description=alt.Description("text:N"))
    )
    text = base.mark_text(fontSize=11, font=frame.FONT).encode(
        text=alt.Text("short:N"),
        color=alt.ColorValue(light("on_faint"), condition={"test": "datum.dark", "value": light("on_full")}),
        opacity=alt.OpacityValue(0, condition={"test": slot("fits"), "value": 1}),
    )
    # Empty layers are left out: screen readers would read them as unnamed symbols.
    layers = [layer for layer, is_drawn in ((shown, has_shown), (hidden, has_hidden)) if is_drawn]
    return frame.finished(alt.layer(*layers, text), t)
