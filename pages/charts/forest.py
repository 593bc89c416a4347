"""Forest plot: estimates with 95 % intervals and the line of no difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.template import Plot, slot, template

ROW_HEIGHT = 44


@dataclass(frozen=True)
class EstimateLine:
    """One estimate: key, name, published value and interval, their text, and whether it is the primary one."""

    key: str
    label: str
    value: float
    lower: float
    upper: float
    text: str
    decides: bool = False


def forest(lines: Sequence[EstimateLine], t: Texts, *, x_title: str, is_ratio: bool) -> Plot:
    """Return a forest plot of estimates of one measure: ratios on a logarithmic scale around 1, differences around 0."""
    nothing = 1.0 if is_ratio else 0.0
    rows = [
        {
            "x": line.key, "x_label": line.label, "value": line.value, "lower": line.lower, "upper": line.upper,
            "text": line.text, "marked": line.decides, "text_said": f"{line.label}: {line.text}",
        }
        for line in lines
    ]  # fmt: skip
    names = {line.key: line.label for line in lines}
    low, high = min([nothing, *(line.lower for line in lines)]), max([nothing, *(line.upper for line in lines)])
    reach = (high - low) * 0.06 or 1.0
    domain = [max(low / 1.1, 0.01), high * 1.1] if is_ratio else [low - reach, high + reach]
    values = {
        "names": frame.named(names), "domain": domain, "title": x_title, "height": {"step": ROW_HEIGHT},
    }  # fmt: skip
    return Plot(_template(t, is_ratio), values, {"rows": rows, "nothing": [{"value": nothing}]})


@template
def _template(t: Texts, is_ratio: bool) -> alt.Chart:
    title = slot("title")
    scale = alt.Scale(type="log" if is_ratio else "linear", domain=slot("domain"), nice=False, zero=False)
    axis = alt.Axis(title=title, description=title, tickCount=6, labelExpr="format(datum.value, '~r')", grid=True)
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "x:N",
            sort=None,
            axis=frame.names_axis(t("chart.names"), slot("names"), labelLimit=240, labelColor=frame.TEXT),
            scale=alt.Scale(paddingInner=0.2, paddingOuter=0.2),
        ),
        tooltip=[alt.Tooltip("x_label:N", title=t("chart.name")), alt.Tooltip("text:N", title=title)],
    )
    colour = alt.ColorValue(frame.QUIET, condition={"test": "datum.marked", "value": frame.ACCENT})
    interval = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("lower:Q", scale=scale, axis=axis), x2=alt.X2("upper:Q"), color=colour
    )
    dot = base.mark_point(filled=True, size=130, opacity=1).encode(
        x=alt.X("value:Q", scale=scale),
        color=colour,
        shape=alt.ShapeValue("circle", condition={"test": "datum.marked", "value": "square"}),
        description=alt.Description("text_said:N"),
    )
    # The line of no difference often crosses the numbers: a white outline keeps them legible.
    written = base.mark_text(dy=-13, fontSize=12, font=frame.FONT, color=frame.TEXT).encode(
        x=alt.X("value:Q", scale=scale), text=alt.Text("text:N")
    )
    edge = written.mark_text(dy=-13, fontSize=12, font=frame.FONT, stroke=frame.GROUND, strokeWidth=5)
    rule = (
        alt.Chart(alt.NamedData("nothing"))
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=frame.TEXT)
        .encode(x=alt.X("value:Q", scale=scale), tooltip=alt.TooltipValue(None))
    )
    return frame.finished(alt.layer(rule, interval, dot, edge, written), t)
