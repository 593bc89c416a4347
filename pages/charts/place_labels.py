"""Which points of a map have their name beside them, and on which side: as many as fit without lying on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import pi, sqrt

from pages.view import letters

MOST = 12
"""Names on a map: more are not read."""
GAP = 5
"""Pixels between a point and its name."""
RIGHT, LEFT, NOWHERE = 1, -1, 0
"""Sides of a point on which its name may be."""
BELOW, ABOVE = 2, 3
"""Times a side: below or above the point, from its edge to that side."""
UNDER, OVER = 4, 5
"""The same, begun `BACK` pixels before the edge: for a point between the end of the map and another one."""
DEEP, HIGH = 6, 7
"""The same `FAR` pixels farther away, with a line from the point to the name."""
BACK, FAR = 24, 30
_SIDES = (
    RIGHT, LEFT, BELOW * RIGHT, ABOVE * RIGHT, BELOW * LEFT, ABOVE * LEFT,
    *(side * way for way in (UNDER, OVER, DEEP, HIGH) for side in (RIGHT, LEFT)),
)  # fmt: skip
"""In the order of how well a name reads there."""
_LINE = 15
"""Pixels of a line of text."""
_DOWN = (0, 0, 1, -1, 1, -1, 1, -1)
"""By the way of a side: whether the name is below (1) or above (-1) its point."""
CLOSE = _LINE / 2 + 1
"""Pixels from the edge of a point to the middle of a name below or above it."""


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
        for side in _SIDES:
            box = _text(dot, side)
            is_inside = (
                -width / 2 <= box.left
                and box.right <= width / 2
                and -height / 2 <= box.top
                and box.bottom <= height / 2
            )
            others = (mark for key, mark in marks.items() if key != dot.key)
            if is_inside and not any(box.meets(other) for other in (*placed, *others)):
                placed.append(box)
                found[dot.key] = side
                break
    return found


def _mark(dot: Dot) -> _Box:
    return _Box(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius)


def _text(dot: Dot, side: int) -> _Box:
    """Return where a name is; the same as the expressions of `beside`."""
    is_right, long = side > 0, letters.width(len(dot.name))
    way = abs(side)
    begins = dot.radius + GAP if way == RIGHT else -dot.radius - (BACK if way >= UNDER else 0)
    left = dot.x + begins if is_right else dot.x - begins - long
    y = dot.y + _DOWN[way] * (dot.radius + CLOSE + (FAR if way >= DEEP else 0))
    return _Box(left, y - _LINE / 2, left + long, y + _LINE / 2)


def beside(scale: str) -> dict[str, str]:
    """Return the Vega expressions of where a name begins: `across`, east of the middle of its map, and `level`, north; and where
    the line to a name that is far from its point begins and ends, north: `from` and `to`.

    scale: expression of the kilometres of a pixel; `datum.side` is the side, `datum.area` the mark's.
    """
    radius, on = "sqrt(datum.area / PI)", "[abs(datum.side)]"
    begins = [0, f"{radius} + {GAP}", *[f"-{radius}"] * 2, *[f"-{radius} - {BACK}"] * 4]
    across = f"[{', '.join(map(str, begins))}]{on}"
    up, far = f"{[-one for one in _DOWN]}{on}", f"{[0] * DEEP + [FAR] * 2}{on}"
    return {
        "across": f"datum.east + datum.side / abs(datum.side) * {across} * {scale}",
        "level": f"datum.north + {up} * ({radius} + {CLOSE} + {far}) * {scale}",
        "from": f"datum.north + {up} * {radius} * {scale}",
        "to": f"datum.north + {up} * ({radius} + {far}) * {scale}",
    }
