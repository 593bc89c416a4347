"""Sankey diagram: flows from left to right as ribbons between labelled nodes; positions come from `sankey_layout`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal

import altair as alt

from data.texts import Texts
from pages.charts import frame
from pages.charts.sankey_layout import Box, Link, Ribbon, layout
from pages.charts.shown import PICK
from pages.charts.template import Plot, slot, template
from pages.theme.colours import light
from pages.view import letters
from pages.view.values import Value

OTHER = "not drawn"
"""Key of the node, on either side, for all flows not drawn separately; codes contain no space, so it cannot be one."""

_Align = Literal["left", "right"]
_OTHER_SHARE = 0.025
_POINTS = 11
_LABEL_WIDE, _LABEL_NARROW = 290, 124
_WIDE = 2 * _LABEL_WIDE + 240
"""Width from which the names beside the ribbons stand on one line, with their values: below it they would meet."""
_LINE = 17
_LINE_WITH_VALUE = 22
"""Characters per line of a label on a narrow plot, and of the line of a slide that its value is on."""


@dataclass(frozen=True)
class Flow:
    """A published flow: codes and names of its ends, its value, and the value as text with its unit."""

    source: str
    target: str
    source_label: str
    target_label: str
    value: float
    text: str


def sankey(
    flows: Sequence[Flow],
    t: Texts,
    *,
    sources: Mapping[str, Value],
    targets: Mapping[str, Value],
    other: str = "",
    value_title: str,
    height: float = 330,
    is_large: bool = False,
) -> Plot:
    """Return a Sankey diagram of `flows`, the largest node first. A click on a ribbon, or where it ends, picks the receiver.

    sources, targets: the nodes' own published values by code, which need not equal the sum of the ribbons.
    other: label of one grey ribbon for all flows not drawn, whose width has no meaning; empty for none.
    height: of the ribbons, in pixels; is_large: for a slide, with names in lines and values after them however wide it is.
    """
    names = {f"from {f.source}": f.source_label for f in flows} | {f"to {f.target}": f.target_label for f in flows}
    own = {
        f"{side} {code}": value for side, nodes in (("from", sources), ("to", targets)) for code, value in nodes.items()
    }
    sizes = {node: value.number for node, value in own.items() if value.number is not None}
    links = [Link(f"from {f.source}", f"to {f.target}", f.value) for f in flows]
    # By the number that stands beside the node: those of the ribbons are rounded by themselves and may go another way.
    layers = [
        sorted(dict.fromkeys(nodes), key=lambda node: -sizes.get(node, 0.0))
        for nodes in ((link.source for link in links), (link.target for link in links))
    ]
    last = (f"from {OTHER}", f"to {OTHER}")
    if other:
        links.append(Link(*last, _OTHER_SHARE * (sum(f.value for f in flows) or 1)))
        layers = [[*layers[0], last[0]], [*layers[1], last[1]]]
        names |= dict.fromkeys(last, other)
    placed = layout(layers, links, sizes, last=last, flow_height=height)
    colours = dict(zip((node for node in layers[0] if node != last[0]), frame.COLOURS[:-1], strict=False))
    published = dict(zip(links, flows, strict=False))
    ribbons = [
        row for ribbon in placed.ribbons
        for row in _outline(ribbon, published.get(ribbon.link), names, colours.get(ribbon.link.source, frame.COLOURS[-1]))
    ]  # fmt: skip
    codes = {f"to {flow.target}": flow.target for flow in flows}
    nodes = [
        _node(box, names[box.node], own.get(box.node, Value("")).text, colours, is_large)
        | {"code": codes.get(box.node)}
        for box in placed.boxes
    ]
    slots = {"bottom": placed.height, "title": value_title, "height": round(placed.height)}
    if is_large:
        left, right = (_room_for([node for node in nodes if node["x"] == side]) for side in (0, 1))
        slots |= {"label_0": left, "label_1": f"width - {right}"}
    return Plot(_template(t, is_large), slots, {"ribbons": ribbons, "nodes": nodes})


@template
def _template(t: Texts, is_large: bool) -> alt.Chart:
    return frame.finished(alt.layer(*_ribbons(t, is_large), *_nodes(t, is_large)), t)


def _outline(ribbon: Ribbon, flow: Flow | None, names: Mapping[str, str], colour: str) -> list[dict[str, Any]]:
    """Return points along a ribbon: an S-curve that is level at both ends.

    Only the first point has the name and text, because Vega takes an area's description from there.
    """
    link = ribbon.link
    rows: list[dict[str, Any]] = []
    for step in range(_POINTS):
        x = step / (_POINTS - 1)
        part = x * x * (3 - 2 * x)
        top = ribbon.source_top + part * (ribbon.target_top - ribbon.source_top)
        bottom = ribbon.source_bottom + part * (ribbon.target_bottom - ribbon.source_bottom)
        rows.append({"link": f"{link.source} {link.target}", "x": x, "top": round(top, 2), "bottom": round(bottom, 2)})
        rows[-1] |= {"colour": colour, "code": flow.target} if flow else {"other": True}
    name = f"{names[link.source]} → {names[link.target]}" if flow else names[link.source]
    rows[0] |= {"name": name, "text": flow.text if flow else "–", "said": f"{name}: {flow.text}" if flow else name}
    return rows


def _room_for(nodes: Sequence[Mapping[str, Any]]) -> int:
    """Return the pixels that the names of a side need."""
    return 12 + letters.width(max(len(line) for node in nodes for line in str(node["narrow"]).split("\n")))


def _with_value(lines: Sequence[str], text: str) -> list[str]:
    """Return the lines of a name with its value after the last, or below it."""
    *first, last = lines
    joined = f"{last}  {text}".rstrip()
    return [*first, joined] if len(joined) <= _LINE_WITH_VALUE else [*lines, text]


def _node(box: Box, name: str, text: str, colours: Mapping[str, str], is_large: bool) -> dict[str, Any]:
    lines = wrap(name, _LINE, break_long_words=False)[:3]
    return {
        "x": box.layer,
        "top": round(box.top, 2),
        "bottom": round(box.bottom, 2),
        "middle": round(box.middle, 2),
        "colour": colours.get(box.node, frame.QUIET if box.layer else frame.COLOURS[-1]),
        "name": name,
        "wide": f"{name}  {text}".strip(),
        "narrow": "\n".join(_with_value(lines, text) if is_large else lines),
        "text": text,
    }


def _scales(is_large: bool) -> tuple[alt.Scale, alt.Scale]:
    """Return the horizontal scale, with margins for the labels, and the vertical one, in pixels downwards."""
    margin = slot("label_0") if is_large else frame.on_narrow(str(_LABEL_NARROW), str(_LABEL_WIDE), begins=_WIDE)
    right = frame.on_narrow(f"width - {_LABEL_NARROW}", f"width - {_LABEL_WIDE}", begins=_WIDE)
    if is_large:
        right = alt.ExprRef(slot("label_1"))
    across = alt.Scale(domain=[0, 1], rangeMin=margin, rangeMax=right, nice=False, zero=False)
    return across, alt.Scale(domain=[0, slot("bottom")], reverse=True, nice=False, zero=False)


def _ribbons(t: Texts, is_large: bool) -> list[alt.Chart]:
    across, down = _scales(is_large)
    hover = alt.selection_point(name="hover", on="pointerover", clear="pointerout", fields=["link"], empty=False)
    base = alt.Chart(alt.NamedData("ribbons")).encode(
        x=alt.X("x:Q", axis=None, scale=across),
        y=alt.Y("top:Q", axis=None, scale=down),
        y2=alt.Y2("bottom:Q"),
        detail=alt.Detail("link:N"),
        description=alt.Description("said:N"),
        tooltip=_tooltip(t),
    )
    drawn = (
        base.transform_filter("!datum.other")
        .mark_area(interpolate="monotone", line=False, cursor="pointer")
        .encode(
            color=alt.Color("colour:N", scale=None),
            opacity=alt.condition(hover, alt.value(0.8), alt.value(0.38)),
        )
        .add_params(hover, alt.selection_point(PICK, fields=["code"], toggle=False))
    )
    other = base.transform_filter("datum.other").mark_area(
        interpolate="monotone", fill=frame.HIDDEN_FILL, stroke=light("border"), strokeDash=[3, 3], strokeWidth=0.8
    )
    return [drawn, other]


def _tooltip(t: Texts) -> list[alt.Tooltip]:
    return [alt.Tooltip("name:N", title=t("chart.name")), alt.Tooltip("text:N", title=slot("title"))]


def _nodes(t: Texts, is_large: bool) -> list[alt.Chart]:
    across, down = _scales(is_large)
    x = alt.X("x:Q", axis=None, scale=across)
    base = alt.Chart(alt.NamedData("nodes")).encode(x=x, description=alt.Description("wide:N"))
    layers: list[alt.Chart] = []
    sides: tuple[tuple[int, _Align, _Align, int], ...] = ((0, "right", "left", -1), (1, "left", "right", 1))
    for layer, align, inner, out in sides:
        base_of_side = base.transform_filter(f"datum.x == {layer}")
        look: dict[str, Any] = {}
        if layer:
            # Only marks with a tooltip take part in the clicks on the ribbons of their plot.
            base_of_side, look = base_of_side.encode(tooltip=_tooltip(t)), {"cursor": "pointer"}
        bars = base_of_side.mark_rule(strokeWidth=9, **look).encode(
            y=alt.Y("top:Q", axis=None, scale=down), y2=alt.Y2("bottom:Q"), color=alt.Color("colour:N", scale=None)
        )
        layers.append(bars)
        side = base_of_side.encode(y=alt.Y("middle:Q", axis=None, scale=down))
        text: dict[str, Any] = {"font": frame.FONT, "fontSize": 12, "baseline": "middle", "color": frame.TEXT, **look}
        if not is_large:
            layers.append(
                side.mark_text(align=align, dx=9 * out, limit=_LABEL_WIDE - 12, **text).encode(
                    text=frame.text_when(">=", "wide", begins=_WIDE)
                )
            )
        # On a narrow plot the name is broken into lines, and the value is on the ribbons beside the node.
        text |= {"fontSize": 11, "lineHeight": 11, "lineBreak": "\n"}
        narrow = side.mark_text(align=align, dx=8 * out, limit=0 if is_large else _LABEL_NARROW - 6, **text).encode(
            text=alt.Text("narrow:N") if is_large else frame.text_when("<", "narrow", begins=_WIDE)
        )
        layers.append(narrow)
        if not is_large:
            layers.append(
                side.mark_text(align=inner, dx=-8 * out, fontWeight="bold", **text).encode(
                    text=frame.text_when("<", "text", begins=_WIDE)
                )
            )
    return layers
