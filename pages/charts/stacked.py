"""Bars cut into the parts of a whole; the width of a bar is all published parts together."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from pages.charts import frame
from pages.charts.bars import ROW_HEIGHT
from pages.i18n.texts import Texts
from pages.view.points import Cell

_TEXT_FROM = 0.07
"""A part narrower than this share of its bar has no room for its number."""


def stacked(
    cells: Sequence[Cell], t: Texts, *, parts: Sequence[str], rows: Sequence[str], value_title: str
) -> alt.Chart:
    """One bar per `Cell.x` (labels in `rows`), cut by `Cell.series`.

    parts: labels of all parts in order, drawn or not, so that a part has the same colour in every chart.

    Hidden parts have no width; they stand in the table.
    """
    records = []
    for label in rows:
        bar = [cell for cell in cells if cell.x_label == label]
        total = sum(cell.value or 0 for cell in bar)
        if not total:
            continue
        start = 0.0
        for part in parts:
            for cell in (cell for cell in bar if cell.series_label == part and cell.value):
                share = (cell.value or 0) / total
                records.append(
                    {
                        **frame.records([cell])[0], "start": start, "end": start + share, "middle": start + share / 2,
                        "short": cell.text if share >= _TEXT_FROM else "",
                    }
                )  # fmt: skip
                start += share
    present = {record["series_label"] for record in records}
    y = alt.Y(
        "x_label:N",
        sort=[label for label in rows if any(record["x_label"] == label for record in records)],
        axis=frame.names_axis(None, t("chart.names"), labelLimit=190, labelColor=frame.TEXT, domain=False),
    )
    base = alt.Chart(frame.data(records)).encode(y=y)
    segments = base.mark_bar(stroke="#FFFFFF", strokeWidth=1.5).encode(
        x=alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, 1])),
        x2="end:Q",
        color=alt.Color(
            "series_label:N",
            scale=frame.series_scale(list(parts), frame.COLOURS),
            legend=frame.legend(t, values=[part for part in parts if part in present]),
        ),
        tooltip=[
            alt.Tooltip("x_label:N", title=t("chart.name")),
            alt.Tooltip("series_label:N", title=t("chart.part")),
            alt.Tooltip("text:N", title=value_title),
        ],
        description="text:N",
    )
    numbers = base.mark_text(
        color="#FFFFFF", fontSize=11, fontWeight="bold", font=frame.FONT
    ).encode(
        x=alt.X("middle:Q"),
        text="short:N",
        opacity=alt.condition("width > 420", alt.value(1), alt.value(0)),
    )  # fmt: skip
    done = alt.layer(segments, numbers).properties(height=alt.Step(ROW_HEIGHT + 10), width="container")
    return frame.finished(done, t)
