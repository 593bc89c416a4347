"""Targets in words: the value that is aimed at, and how far a published value is from it."""

from __future__ import annotations

from data.texts import Texts
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from pages.i18n import formats


def goal_text(metric: str, value: float, t: Texts) -> str:
    """Return a target of a metric with its unit: "80 %", "3 000 asiakasta"."""
    unit, decimals = definitions()[metric].unit if metric in definitions() else "", 0 if value % 1 == 0 else 1
    if unit == "%":
        return formats.percent(value, t.lang, decimals)
    return f"{formats.number(value, t.lang, decimals)} {formats.after(unit, value, t)}".strip()


def distance_text(row: Row, goal: float, t: Texts) -> str | None:
    """Return how far a value as it is shown is from a target: "2,3 %-yks. alle", "saavutettu"; None for a hidden value.

    It says nothing of chance: the target is no measurement.
    """
    if row.value is None:
        return None
    gap, decimals = formats.rounded(round(formats.rounded(row.value)[0] - goal, 1))
    if not gap:
        return t("goal.reached")
    size = formats.number(abs(gap), t.lang, decimals)
    if row.unit == "%":
        size = t("change.points", change=size)
    elif row.unit in formats.OF_TIME:
        size = f"{size} {t('unit_short.' + row.unit, count=abs(gap))}"
    return t("goal.above" if gap > 0 else "goal.below", distance=size)
