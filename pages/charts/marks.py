"""Layers of a chart over time beside its lines: targets as dashed lines, notes as numbered vertical rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from pages.charts import frame

_DASH = [7, 4]


@dataclass(frozen=True)
class Goal:
    """The target of one period on the axis, by the period's key. text: the label at the line."""

    x: str
    value: float
    text: str


@dataclass(frozen=True)
class Flag:
    """A vertical rule at a period on the axis, by the period's key, with the numbers of its notes."""

    x: str
    number: str


@dataclass(frozen=True)
class Marks:
    """Targets and notes of one chart, and the footnotes that explain them."""

    goals: tuple[Goal, ...] = ()
    flags: tuple[Flag, ...] = ()
    legend: tuple[str, ...] = ()


def goal_layers(goals: Sequence[Goal], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return a dashed line for each target with its label at the end; a target of a single period is a short dash."""
    groups: dict[str, list[Goal]] = {}
    for goal in goals:
        groups.setdefault(goal.text, []).append(goal)
    layers = []
    for text, group in groups.items():
        rows = [{"x": goal.x, "value": goal.value, "text": text} for goal in group]
        base = alt.Chart(frame.data(rows)).encode(x=x, y=y, description=alt.DescriptionValue(text))
        if len(group) > 1:
            layers.append(base.mark_line(strokeDash=_DASH, strokeWidth=1.8, color=frame.TEXT))
        else:
            layers.append(base.mark_tick(orient="horizontal", size=44, thickness=2, color=frame.TEXT))
        label = alt.Chart(frame.data(rows[-1:])).encode(x=x, y=y, text=alt.Text("text:N"))
        layers.append(
            label.mark_text(
                align="right", baseline="bottom", dx=8, dy=-4, fontSize=12, font=frame.FONT, color=frame.TEXT
            )
        )
    return layers


def flag_layers(flags: Sequence[Flag], x: alt.X) -> list[alt.Chart]:
    """Return a vertical rule for each flag, with its numbers above the plot; no layers without flags."""
    if not flags:
        return []
    base = alt.Chart(frame.data([{"x": flag.x, "text": flag.number} for flag in flags])).encode(x=x)
    rule = base.mark_rule(strokeDash=[2, 3], strokeWidth=1.4, color=frame.QUIET).encode(
        description=alt.Description("text:N")
    )
    number = base.mark_text(baseline="bottom", dy=-2, fontSize=12, fontWeight="bold", font=frame.FONT, color=frame.TEXT)
    return [rule, number.encode(y=alt.value(0), text=alt.Text("text:N"))]
