"""Which points of a map have their name beside them, and on which side: as many as fit without lying on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import pi, sqrt

MOST = 12
"""Names on a map: more are not read."""
GAP = 5
"""Pixels between a point and its name."""
RIGHT, LEFT, NOWHERE = 1, -1, 0
"""Sides of a point on which its name may be."""
_LETTER, _LINE = 6.6, 15
"""Pixels of a letter on average, and of a line of text."""


@dataclass(frozen=True)
class Dot:
    """A point of a map. x, y: pixels from its middle, y down; area: square pixels of its mark."""

    key: str
    name: str
    x: float
    y: float
    area: float

    @property
    def radius(self) -> float:
        """Pixels from the middle of the mark to its edge."""
        return sqrt(self.area / pi)


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def sides(dots: Sequence[Dot], width: float, height: float) -> Mapping[str, int]:
    """Return the side on which each point has its name, or that there is no room; the first points come first.

    width, height: of the plot in pixels.
    """
    marks = {dot.key: _mark(dot) for dot in dots}
    placed: list[_Box] = []
    found: dict[str, int] = {}
    for dot in dots:
        found[dot.key] = NOWHERE
        if len(placed) == MOST:
            continue
        for side in (RIGHT, LEFT):
            box = _text(dot, side == RIGHT)
            is_inside = -width / 2 <= box.left and box.right <= width / 2 and abs(dot.y) + _LINE / 2 <= height / 2
            others = (mark for key, mark in marks.items() if key != dot.key)
            if is_inside and not any(box.meets(other) for other in (*placed, *others)):
                placed.append(box)
                found[dot.key] = side
                break
    return found


def _mark(dot: Dot) -> _Box:
    return _Box(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius)


def _text(dot: Dot, is_right: bool) -> _Box:
    begins = dot.radius + GAP
    ends = begins + _LETTER * len(dot.name)
    left, right = (dot.x + begins, dot.x + ends) if is_right else (dot.x - ends, dot.x - begins)
    return _Box(left, dot.y - _LINE / 2, right, dot.y + _LINE / 2)
