"""The names beside a Sankey diagram leave room for its ribbons, however wide it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from data.texts import texts
from pages.charts.sankey import Flow, sankey

FLOWS = (
    Flow("guidance", "kela", "Ohjaus ja neuvonta", "Kela", 170, "170 ohjausta"),
    Flow("guidance", "social", "Ohjaus ja neuvonta", "Hyvinvointialueen sosiaalipalvelut", 105, "105 ohjausta"),
)
LEAST = 140
"""Pixels of the ribbons with which a phone leaves them clear."""


def at(expression: str, width: int) -> int:
    """A bound of a scale at a width of the plot."""
    chosen = re.sub(
        r"\(width < (\d+) \? (.+?) : (.+?)\)", lambda m: m[2] if width < int(m[1]) else m[3], expression
    ).replace("width", str(width))
    first, *rest = chosen.split(" - ")
    return int(first) - sum(map(int, rest))


def scales(found: Any) -> list[tuple[str, str]]:
    """The bounds of every horizontal scale of a chart."""
    if isinstance(found, dict):
        own = (
            [(found["rangeMin"]["expr"], found["rangeMax"]["expr"])]
            if "width" in json.dumps(found.get("rangeMax"))
            else []
        )
        return own + [one for part in found.values() for one in scales(part)]
    return [one for part in found for one in scales(part)] if isinstance(found, list) else []


@pytest.mark.parametrize("width", [300, 390, 519, 520, 535, 600, 779, 820, 900, 1200])
def test_the_ribbons_have_room_at_every_width(width: int) -> None:
    chart = sankey(FLOWS, texts("fi"), sources={}, targets={}, other="Muut reitit", value_title="ohjaukset").to_dict()
    found = scales(chart)
    assert found
    for low, high in found:
        # From a phone on there is room beside the names; below it the names have the smaller share.
        assert at(high, width) - at(low, width) >= min(LEAST, width - 250), width
