"""Horizontal bar chart with values as text and, optionally, a tick for the same period a year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.shown import PICK
from pages.charts.template import Plot, slot, template
from pages.view import letters
from pages.view.points import DataPoint, names, x_of

ROW_HEIGHT = 28
MOST_ROOM = 110
"""Pixels of the column of texts at most."""
_LINE = 14
"""Height of a line of a name, in pixels."""
_ABOVE, _BELOW, _THIN = 6, 7, 10
"""On a phone: pixels of a name above the middle of its row, and of a bar below it, and the bar's thickness."""
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
    is_picked: bool = False,
) -> Plot:
    """Return a bar chart of `DataPoint.x`, in the order given. A suppressed value has no bar, only its text ("alle 10").

    unit: `%` for shares; before: the same points of an earlier time by `DataPoint.x`, drawn as black ticks; marked: the
    `DataPoint.x` to highlight, others are muted; is_picked: whether bars can be clicked.
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
    values = {
        "order": list(labels), "names": frame.named(labels), "top": top, "title": x_title,
        "before": next((one.series_label for one in before.values()), ""), "height": {"step": ROW_HEIGHT + _LINE * breaks},
    }  # fmt: skip
    # On a phone the names stand above the bars, which would else have a seventh of the width.
    middle = breaks * _LINE / 2
    values["offset"] = frame.on_phone(f"{-middle - _ABOVE}", f"{-middle}")
    values["below"] = frame.on_phone(f"{middle + _BELOW}", "0")
    values["thick"] = frame.on_phone(f"{_THIN}", f"{0.66 * (ROW_HEIGHT + 2 * middle)}")
    values["tick"] = frame.on_phone(f"{_THIN + 5}", f"{0.86 * (ROW_HEIGHT + 2 * middle)}")
    longest = max((len(row["shown_text"]) for row in rows), default=0)
    values["end"] = f"width - {min(MOST_ROOM, 12 + letters.width(longest))}"
    has_ticks = any(row["before"] is not None for row in rows)
    return Plot(_template(t, unit, bool(before), has_ticks, is_picked), values, {"rows": rows})


@template
def _template(t: Texts, unit: str, says_before: bool, has_ticks: bool, is_picked: bool) -> alt.Chart:
    tooltip = [alt.Tooltip("x_label:N", title=t("chart.name")), alt.Tooltip("text:N", title=slot("title"))]
    if says_before:
        tooltip.append(alt.Tooltip("before_text:N", title=slot("before")))
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "x:N",
            sort=slot("order"),
            axis=frame.names_axis(
                t("chart.names"),
                slot("names"),
                labelLimit=230,
                labelColor=frame.TEXT,
                labelOffset=alt.ExprRef(slot("offset")),
                labelAlign=alt.ExprRef(frame.on_phone("'left'", "'right'")),
                labelPadding=alt.ExprRef(frame.on_phone("0", "2")),
            ),
        ),
        tooltip=tooltip,
    )
    # The texts stand in a column at the right end: beside its bar a number could be taken for that of the tick.
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domainMin=0, domainMax=slot("top"), nice=False, rangeMax=alt.ExprRef(slot("end"))),
        axis=frame.value_axis(t, slot("title"), unit),
    )
    below = alt.ExprRef(slot("below"))
    bar = base.mark_bar(
        height=alt.ExprRef(slot("thick")), yOffset=below, cursor="pointer" if is_picked else "default"
    ).encode(
        x=x,
        color=alt.ColorValue(frame.MUTED, condition={"test": "datum.marked", "value": frame.ACCENT}),
        description=alt.Description("text:N"),
    )
    text = base.mark_text(align="right", x=alt.ExprRef("width"), dy=below, fontSize=12, font=frame.FONT).encode(
        text=alt.Text("shown_text:N"),
        color=alt.ColorValue(frame.TEXT, condition={"test": "datum.hidden", "value": frame.QUIET}),
    )
    if is_picked:
        bar = bar.add_params(alt.selection_point(PICK, fields=["x"], toggle=False))
    layers = [bar, text]
    # An empty layer is left out: screen readers would read it as an unnamed symbol.
    if has_ticks:
        tick = base.transform_filter("datum.before != null").mark_tick(
            color=frame.TEXT, thickness=2.5, height=alt.ExprRef(slot("tick")), yOffset=below
        )
        layers.append(tick.encode(x=alt.X("before:Q")))
    return frame.finished(alt.layer(*layers), t)


def _lines_of(name: str) -> list[str]:
    """Return the lines of a name: a route is broken after each arrow."""
    *before, last = name.split(ARROW)
    return [*(part + ARROW.rstrip() for part in before), last]
