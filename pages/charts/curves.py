"""Cumulative incidence curves: step lines of percent, a band for the 95 % interval, and names at the ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from data.texts import Texts
from metrics.grammar.answer import CurvePoint
from pages.charts import frame
from pages.charts.template import Plot, slot, template
from pages.i18n import formats
from pages.view import letters, values

DAYS_IN_MONTH = 365 / 12
HEIGHT = 400
MOST_BANDS = 3
"""With more curves the bands would overlap: intervals are then in the tooltip and the table only."""
_LABEL = 15
"""Height of a label at a curve's end, in pixels."""
_AROUND, _LEGEND_ROW = 75, 14
"""Pixels of the height taken by axis and padding, and by each row of the legend."""
_LEGEND_COLUMNS = 3
"""Columns that a legend of curves has as a rule."""
_ROOM_WIDE, _ROOM_NARROW = 225, 46


@dataclass(frozen=True)
class CurveSeries:
    """The curve of one group with key and name. `points` are published, ordered by day, and at least one."""

    key: str
    label: str
    points: tuple[CurvePoint, ...]

    def at(self, day: int) -> CurvePoint | None:
        """Return the step in force on a day; None before the first point and after the last."""
        if day > self.points[-1].day:
            return None
        return next((point for point in reversed(self.points) if point.day <= day), None)


def curves(groups: Sequence[CurveSeries], t: Texts, *, x_title: str, y_title: str) -> Plot:
    """Return a chart with one step line per group, distinguished by colour and dash; at most eight groups.

    x is months since the start; y is percent, from 0 to the highest published bound. Up to three groups have a band for
    the interval.
    """
    shown = list(groups)[: frame.MOST_SERIES]
    names = {group.key: group.label for group in shown}
    rows = [_row(group, point, t) for group in shown for point in group.points]
    room = min(_ROOM_WIDE, _ROOM_NARROW + 16 + letters.width(max(map(len, names.values()), default=0), bold=True))
    top = min(100.0, max((row["upper"] for row in rows), default=10.0))
    last = max((row["month"] for row in rows), default=12.0)
    slots = {
        "last": last, "top": top, "months": list(range(0, int(last) + 1, 6)), "x_title": x_title, "y_title": y_title,
        "right": frame.by_width(f"width - {_ROOM_NARROW}", f"width - {room}"), "height": HEIGHT, **frame.series(names),
    }  # fmt: skip
    done = _template(t, len(shown) > 1, len(shown) <= MOST_BANDS)
    return Plot(done, slots, {"rows": rows, "ends": _ends(shown, top, last, t)})


@template
def _template(t: Texts, several: bool, has_bands: bool) -> alt.Chart:
    title = slot("x_title")
    x = alt.X(
        "month:Q",
        scale=alt.Scale(domain=[0, slot("last")], nice=False, rangeMax=alt.ExprRef(slot("right"))),
        axis=alt.Axis(title=title, description=title, values=slot("months"), grid=False, format="d"),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, slot("top")], nice=False),
        axis=frame.value_axis(t, slot("y_title"), "%"),
    )
    key = frame.legend(t) if several else None
    colour = alt.Color("key:N", scale=frame.series_scale("colours"), legend=key)
    dash = alt.StrokeDash("key:N", scale=frame.series_scale("dashes"), legend=key)
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=x,
        tooltip=[
            alt.Tooltip("label:N", title=t("chart.series")),
            alt.Tooltip("when:N", title=title),
            alt.Tooltip("text:N", title=slot("y_title")),
        ],
    )
    band = base.mark_area(interpolate="step-after", opacity=0.13, line=False).encode(
        y=alt.Y("lower:Q", scale=alt.Scale(domain=[0, slot("top")])), y2=alt.Y2("upper:Q"), color=colour
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.4).encode(y=y, color=colour, strokeDash=dash)
    # Steps are hard to hit with a pointer: an unseen dot on each carries the tooltip and the words.
    points = base.mark_point(filled=True, size=90, opacity=0).encode(y=y, description=alt.Description("said:N"))
    bands = [band] if has_bands else []
    return frame.finished(alt.layer(*bands, line, points, *_labels(x, colour)), t)


def _row(group: CurveSeries, point: CurvePoint, t: Texts) -> dict[str, Any]:
    text = values.step(point, t).text
    when = formats.number(point.day / DAYS_IN_MONTH, t.lang)
    return {
        "key": group.key,
        "label": group.label,
        "month": round(point.day / DAYS_IN_MONTH, 3),
        "value": round(point.value, 2),
        "lower": round(point.lower, 2),
        "upper": round(point.upper, 2),
        "when": when,
        "text": text,
        "said": f"{group.label}, {when}: {text}",
    }


def _ends(groups: Sequence[CurveSeries], top: float, last: float, t: Texts) -> list[dict[str, Any]]:
    """Return the end of each curve and the position of its label, moved apart so that labels do not overlap."""
    ends = sorted(groups, key=lambda group: group.points[-1].value)
    wanted = [group.points[-1].value for group in ends]
    plot = HEIGHT - _AROUND - _LEGEND_ROW * -(-len(ends) // _LEGEND_COLUMNS)
    places = apart(wanted, top * _LABEL / plot, top)
    return [
        {
            "key": group.key,
            "label": group.label,
            "month": round(group.points[-1].day / DAYS_IN_MONTH, 3),
            "value": round(group.points[-1].value, 2),
            "edge": round(last, 3),
            "place": round(place, 2),
            "wide": f"{group.label}  {formats.percent(group.points[-1].value, t.lang)}",
            "narrow": formats.percent(group.points[-1].value, t.lang),
        }
        for group, place in zip(ends, places, strict=True)
    ]


def apart(wanted: Sequence[float], least: float, top: float) -> list[float]:
    """Return ascending positions close to the wanted ones, at least `least` apart and below `top` if they fit.

    >>> apart([10, 11, 50], 5, 52)
    [10, 15, 50]
    """
    places: list[float] = []
    for place in wanted:
        places.append(max(place, places[-1] + least) if places else place)
    limit = top
    for index in range(len(places) - 1, -1, -1):
        places[index] = min(places[index], limit)
        limit = places[index] - least
    return places


def _labels(x: alt.X, colour: alt.Color) -> list[alt.Chart]:
    base = alt.Chart(alt.NamedData("ends"))
    leader = base.mark_rule(strokeDash=[1, 3], strokeWidth=1.2, opacity=0.8).encode(
        x=x, x2=alt.X2("edge:Q"), y=alt.Y("value:Q"), y2=alt.Y2("place:Q"), color=colour
    )
    texts = []
    for field, test in (("wide", ">="), ("narrow", "<")):
        text = base.mark_text(align="left", dx=6, fontSize=12, fontWeight="bold", font=frame.FONT).encode(
            x=alt.X("edge:Q"),
            y=alt.Y("place:Q"),
            text=frame.text_when(test, field),
            color=colour,
        )
        texts.append(text)
    return [leader, *texts]
