"""Layers of a chart over time beside its lines: targets as dashed lines, notes as numbered vertical rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from pages.charts import frame
from pages.charts.template import slot

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


def _by_text(goals: Sequence[Goal]) -> list[list[Goal]]:
    groups: dict[str, list[Goal]] = {}
    for goal in goals:
        groups.setdefault(goal.text, []).append(goal)
    return list(groups.values())


def shape_of(goals: Sequence[Goal]) -> tuple[bool, ...]:
    """Return for each target whether it goes over several periods."""
    return tuple(len(group) > 1 for group in _by_text(goals))


def goal_texts(goals: Sequence[Goal]) -> dict[str, str]:
    """Return the values of the slots of `goal_layers`."""
    return {f"goal_{number}": group[0].text for number, group in enumerate(_by_text(goals))}


def goal_rows(goals: Sequence[Goal]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of `goal_layers`; a target has its label at its last period."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, group in enumerate(_by_text(goals)):
        rows = [{"x": goal.x, "value": goal.value, "text": goal.text} for goal in group]
        found |= {f"goal_{number}": rows, f"goal_{number}_label": rows[-1:]}
    return found


def goal_layers(shape: tuple[bool, ...], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return a dashed line for each target with its label at the end; a target of a single period is a short dash."""
    layers = []
    for number, is_line in enumerate(shape):
        name = f"goal_{number}"
        base = alt.Chart(alt.NamedData(name)).encode(x=x, y=y, description=alt.DescriptionValue(slot(name)))
        if is_line:
            layers.append(base.mark_line(strokeDash=_DASH, strokeWidth=1.8, color=frame.TEXT))
        else:
            layers.append(base.mark_tick(orient="horizontal", size=44, thickness=2, color=frame.TEXT))
        label = alt.Chart(alt.NamedData(f"{name}_label")).encode(x=x, y=y, text=alt.Text("text:N"))
        layers.append(
            label.mark_text(
                align="right", baseline="bottom", dx=8, dy=-4, fontSize=12, font=frame.FONT, color=frame.TEXT
            )
        )
    return layers


def flag_rows(flags: Sequence[Flag]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of `flag_layers`; none without flags."""
    return {"flags": [{"x": flag.x, "text": flag.number} for flag in flags]} if flags else {}


def flag_layers(x: alt.X) -> list[alt.Chart]:
    """Return a vertical rule for each flag, with its numbers above the plot."""
    base = alt.Chart(alt.NamedData("flags")).encode(x=x)
    rule = base.mark_rule(strokeDash=[2, 3], strokeWidth=1.4, color=frame.QUIET).encode(
        description=alt.Description("text:N")
    )
    number = base.mark_text(baseline="bottom", dy=-2, fontSize=12, fontWeight="bold", font=frame.FONT, color=frame.TEXT)
    return [rule, number.encode(y=alt.value(0), text=alt.Text("text:N"))]
