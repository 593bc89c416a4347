"""Tile map: a tile per place with name and value, a stronger colour is more; a suppressed value is a grey tile with its text."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.shown import PICK
from pages.charts.template import Plot, slot, template
from pages.theme.colours import light
from pages.view.points import DataPoint

WIDE, NARROW = 4, 2
"""Tiles side by side on a wide and on a narrow plot."""
TILE_HEIGHT = 74
FULL = light("tile")
FAINTEST = 0.08
"""Colour of the largest value, and how much of it the smallest has: the same text is read on all."""


def tiles(
    cells: Sequence[DataPoint], t: Texts, *, value_title: str, marked: str | None = None, is_picked: bool = False
) -> Plot:
    """Return tiles of `DataPoint.x` in the order given, row by row.

    marked: the code to highlight with a thick border; is_picked: whether tiles can be clicked.
    """
    top = frame.top_of(cells)
    records = [
        {**row, "place": place, "marked": cell.x == marked}
        for place, (cell, row) in enumerate(zip(cells, frame.records(cells), strict=True))
    ]
    slots = {"top": top, "title": value_title, "height": {"step": TILE_HEIGHT}}
    has_shown, has_hidden = (any(cell.hidden is seen for cell in cells) for seen in (False, True))
    return Plot(_template(t, has_shown, has_hidden, is_picked), slots, {"rows": records})


@template
def _template(t: Texts, has_shown: bool, has_hidden: bool, is_picked: bool) -> alt.Chart:
    across = frame.by_width(str(NARROW), str(WIDE))
    base = (
        alt.Chart(alt.NamedData("rows"))
        .transform_calculate(column=f"datum.place % {across}", row=f"floor(datum.place / {across})")
        .encode(
            x=alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.03, paddingOuter=0)),
            y=alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.08, paddingOuter=0)),
            tooltip=[alt.Tooltip("x_label:N", title=t("chart.name")), alt.Tooltip("text:N", title=slot("title"))],
        )
    )
    border = {
        "stroke": alt.StrokeValue(frame.LINE, condition={"test": "datum.marked", "value": frame.TEXT}),
        "strokeWidth": alt.StrokeWidthValue(0.8, condition={"test": "datum.marked", "value": 3}),
    }
    scale = alt.Scale(domain=[0, slot("top")], range=[FAINTEST, 1])
    shown = (
        base.transform_filter("!datum.hidden")
        .transform_calculate(said="datum.x_label + ': ' + datum.text")
        .mark_rect(cornerRadius=3, cursor="pointer" if is_picked else "default")
        .encode(
            fill=alt.FillValue(FULL),
            fillOpacity=alt.FillOpacity("value:Q", scale=scale, legend=None),
            description=alt.Description("said:N"),
            **border,
        )
    )
    if is_picked:
        shown = shown.add_params(alt.selection_point(PICK, fields=["x"], toggle=False))
    hidden = (
        base.transform_filter("datum.hidden")
        .transform_calculate(said="datum.x_label + ': ' + datum.text")
        .mark_rect(fill=frame.HIDDEN_FILL, strokeDash=[2, 2], cornerRadius=3)
        .encode(description=alt.Description("said:N"), **border)
    )
    name = base.mark_text(fontSize=12, color=frame.TEXT, font=frame.FONT, dy=-14).encode(text=alt.Text("x_label:N"))
    value = base.mark_text(fontSize=18, fontWeight=600, color=frame.TEXT, font=frame.FONT, dy=10).encode(
        text=alt.Text("text:N")
    )
    # Empty layers are left out: screen readers would read them as unnamed symbols.
    layers = [layer for layer, is_drawn in ((shown, has_shown), (hidden, has_hidden)) if is_drawn]
    return frame.finished(alt.layer(*layers, name, value), t)
