"""Where the figures of a slide stand: the same on the screen, in small, on paper and in PowerPoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from pages.downloads.handout.sheet import Panel

GAP = 0.03
"""Room between two figures, as a part of the width or of the height."""
CHART = 0.66
"""Part of the width that a chart takes beside big numbers, which stand below each other."""


@dataclass(frozen=True)
class PanelBox:
    """The place of a figure, as parts of the width and height that all figures of a slide have."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0


def boxes(panels: Sequence[Panel]) -> tuple[PanelBox, ...]:
    """Return the place of each figure, in their order.

    Charts stand beside each other, and so do up to three numbers; four numbers stand in two rows.
    """
    charts = [panel.chart is not None for panel in panels]
    numbers = charts.count(False)
    if numbers in (0, len(panels)):
        rows = (2, 2) if numbers == 4 else (len(panels),)
        return tuple(chain.from_iterable(_row(count, at, len(rows)) for at, count in enumerate(rows)))
    below = iter(_parts(numbers))
    beside = 1 - CHART - GAP
    return tuple(
        PanelBox(0, 0, CHART, 1) if is_chart else PanelBox(CHART + GAP, *_down(next(below), beside))
        for is_chart in charts
    )


def _row(count: int, at: int, rows: int) -> list[PanelBox]:
    top, height = _parts(rows)[at]
    return [PanelBox(left, top, width, height) for left, width in _parts(count)]


def _down(part: tuple[float, float], width: float) -> tuple[float, float, float]:
    top, height = part
    return top, width, height


def _parts(count: int) -> list[tuple[float, float]]:
    """Return the beginnings and lengths of equal parts with gaps between them.

    >>> [(round(begin, 3), round(length, 3)) for begin, length in _parts(2)]
    [(0.0, 0.485), (0.515, 0.485)]
    """
    length = (1 - GAP * (count - 1)) / count
    return [(at * (length + GAP), length) for at in range(count)]
