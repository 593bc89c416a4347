"""Stacked bar chart of shares: each bar is the whole of its published parts."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.bars import ROW_HEIGHT
from pages.charts.template import Plot, slot, template
from pages.view import letters
from pages.view.points import DataPoint, names, series_of, x_of

_AROUND = 6
"""Pixels around a number in its part of a bar: it is shown where the part has room for it."""


def stacked(
    cells: Sequence[DataPoint], t: Texts, *, parts: Sequence[str], rows: Sequence[str], value_title: str
) -> Plot:
    """Return one bar per `DataPoint.x` (keys in `rows`), divided by `DataPoint.series`.

    parts: keys of all parts in order, drawn or not, so that a part has the same colour in every chart.

    Suppressed parts have no width; they are in the table.
    """
    records = []
    for code in rows:
        bar = [cell for cell in cells if cell.x == code]
        total = sum(cell.value or 0 for cell in bar)
        if not total:
            continue
        start = 0.0
        for part in parts:
            for cell in (cell for cell in bar if cell.series == part and cell.value):
                share = (cell.value or 0) / total
                records.append(
                    {
                        **frame.records([cell])[0], "start": start, "end": start + share, "middle": start + share / 2,
                        "needs": _AROUND + letters.width(len(cell.text)),
                    }
                )  # fmt: skip
                start += share
    drawn, present = ({record[name] for record in records} for name in ("x", "series"))
    listed = [part for part in parts if part in present]
    slots = {
        "order": [code for code in rows if code in drawn], "names": frame.named(names(cells, x_of)), "title": value_title,
        "present": listed, **frame.series(names(cells, series_of), parts, listed),
        "height": {"step": ROW_HEIGHT + 10},
    }  # fmt: skip
    return Plot(_template(t), slots, {"rows": records})


@template
def _template(t: Texts) -> alt.Chart:
    y = alt.Y(
        "x:N",
        sort=slot("order"),
        axis=frame.names_axis(t("chart.names"), slot("names"), labelLimit=190, labelColor=frame.TEXT, domain=False),
    )
    base = alt.Chart(alt.NamedData("rows")).encode(y=y)
    segments = base.mark_bar(stroke=frame.GROUND, strokeWidth=1.5).encode(
        x=alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, 1])),
        x2=alt.X2("end:Q"),
        color=alt.Color(
            "series:N",
            scale=frame.series_scale("colours"),
            legend=frame.legend(t, values=slot("present")),
        ),
        tooltip=[
            alt.Tooltip("x_label:N", title=t("chart.name")),
            alt.Tooltip("series_label:N", title=t("chart.part")),
            alt.Tooltip("text:N", title=slot("title")),
        ],
        description=alt.Description("text:N"),
    )
    numbers = base.mark_text(
        color=frame.GROUND, fontSize=11, fontWeight="bold", font=frame.FONT
    ).encode(
        x=alt.X("middle:Q"),
        text=alt.Text("text:N"),
        opacity=alt.OpacityValue(
            0, condition={"test": "width * (datum.end - datum.start) >= datum.needs", "value": 1}
        ),
    )  # fmt: skip
    return frame.finished(alt.layer(segments, numbers), t)
