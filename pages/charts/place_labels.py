"""Which points of a map have their name beside them, and on which side: as many as fit without lying on each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
FARTHER = 6
"""The first of the ways that are away by `FAR` pixels, with a line from the point: below, above, and the same again.

The name begins at its line, so that names of points side by side fan out; those of the last two begin as `UNDER` and `OVER`.
"""
FAR = (0, 0, 0, 0, 0, 0, 30, 30, 48, 48, 66, 66, 30, 30)
"""By the way of a side."""
BACK, EDGE = 24, 2
_SIDES = (
    RIGHT, LEFT, BELOW * RIGHT, ABOVE * RIGHT, BELOW * LEFT, ABOVE * LEFT,
    *(side * way for way in range(UNDER, len(FAR)) for side in (RIGHT, LEFT)),
)  # fmt: skip
"""In the order of how well a name reads there."""
_CLEAR = 2
"""Pixels on either side of a line to a name that other names leave free."""
_LINE = 15
"""Pixels of a line of text."""
_DOWN = (0, 0, *(1, -1) * 6)
"""By the way of a side: whether the name is below (1) or above (-1) its point."""
CLOSE = _LINE / 2 + 1
"""Pixels from the edge of a point to the middle of a name below or above it."""


_TRIES = 300
"""Places tried for all of the first names together, where they do not fit one after the other."""


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

    def is_within(self, other: _Box) -> bool:
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True)
class _Place:
    """A side of a point on which its name may be. crosses: whether the line to it goes over another point."""

    side: int
    name: _Box
    leader: _Box
    crosses: bool

    def is_free_of(self, others: Iterable[_Place]) -> bool:
        return not any(
            one.meets(other)
            for place in others
            for one in (self.name, self.leader)
            for other in (place.name, place.leader)
        )


def sides(dots: Sequence[Dot], width: float, height: float) -> Mapping[str, int]:
    """Return the side on which each point has its name, or that there is no room; the first points come first.

    width, height: of the plot in pixels.
    """
    marks = {dot.key: _mark(dot) for dot in dots}
    taken: dict[str, _Place] = {}
    first: dict[str, list[_Place]] = {}
    for number, dot in enumerate(dots):
        if len(taken) == MOST:
            break
        offered = _places(dot, [mark for key, mark in marks.items() if key != dot.key], width, height)
        if number < MOST:
            first[dot.key] = offered
        free = [place for place in offered if place.is_free_of(taken.values())]
        if not free and number < MOST:
            taken = _together(first, {}, [_TRIES]) or taken
        if free and dot.key not in taken:
            taken[dot.key] = free[0]
        elif dot.key not in taken:
            # A line under a name, which has a light ground, is better than no name.
            over = (place for place in offered if not any(place.name.meets(one.name) for one in taken.values()))
            taken |= {dot.key: place} if (place := next(over, None)) else {}
    return {dot.key: taken[dot.key].side if dot.key in taken else NOWHERE for dot in dots}


def _places(dot: Dot, others: Sequence[_Box], width: float, height: float) -> list[_Place]:
    """Return where a name fits on the map and lies on no point; those come last whose line goes over one."""
    whole = _Box(-width / 2, -height / 2, width / 2, height / 2)
    found = []
    for side in _SIDES:
        name, leader = _text(dot, side), _leader(dot, side)
        if name.is_within(whole) and not any(name.meets(other) for other in others):
            found.append(_Place(side, name, leader, any(leader.meets(other) for other in others)))
    return sorted(found, key=lambda place: place.crosses)


def _together(
    offered: Mapping[str, list[_Place]], taken: Mapping[str, _Place], tries: list[int]
) -> dict[str, _Place] | None:
    """Return a place for every name such that none lies on another or on its line; None where none has been found.

    The name that has fewest places left comes next. tries: how many places may still be tried.
    """
    if len(taken) == len(offered):
        return dict(taken)
    left = {
        key: [place for place in places if place.is_free_of(taken.values())]
        for key, places in offered.items()
        if key not in taken
    }
    key = min(left, key=lambda one: len(left[one]))
    for place in left[key]:
        tries[0] -= 1
        if tries[0] < 0:
            return None
        if found := _together(offered, {**taken, key: place}, tries):
            return found
    return None


def _mark(dot: Dot) -> _Box:
    return _Box(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius)


def _text(dot: Dot, side: int) -> _Box:
    """Return where a name is; the same as the expressions of `beside`."""
    is_right, long = side > 0, letters.width(len(dot.name))
    way = abs(side)
    begins = (dot.radius + GAP, *[-dot.radius] * 2, *[-dot.radius - BACK] * 2, *[-EDGE] * 6, *[-dot.radius - BACK] * 2)[
        way - 1
    ]
    left = dot.x + begins if is_right else dot.x - begins - long
    y = dot.y + _DOWN[way] * (dot.radius + CLOSE + FAR[way])
    return _Box(left, y - _LINE / 2, left + long, y + _LINE / 2)


def _leader(dot: Dot, side: int) -> _Box:
    """Return where the line to a name is; the same as the expressions of `beside`. Of a name without one, nothing meets it."""
    down = _DOWN[abs(side)]
    edge = dot.y + down * dot.radius
    if abs(side) < FARTHER:
        return _Box(dot.x, edge, dot.x, edge)
    ends = sorted((edge, edge + down * FAR[abs(side)]))
    return _Box(dot.x - _CLEAR, ends[0], dot.x + _CLEAR, ends[1])


def beside(scale: str) -> dict[str, str]:
    """Return the Vega expressions of where a name begins: `across`, east of the middle of its map, and `level`, north; and where
    the line to a name that is far from its point begins and ends, north: `from` and `to`.

    scale: expression of the kilometres of a pixel; `datum.side` is the side, `datum.area` the mark's.
    """
    radius, on = "sqrt(datum.area / PI)", "[abs(datum.side)]"
    begins = [0, f"{radius} + {GAP}", *[f"-{radius}"] * 2, *[f"-{radius} - {BACK}"] * 2, *[-EDGE] * 6]
    begins += [f"-{radius} - {BACK}"] * 2
    across = f"[{', '.join(map(str, begins))}]{on}"
    up, far = f"{[-one for one in _DOWN]}{on}", f"{[*FAR]}{on}"
    return {
        "across": f"datum.east + datum.side / abs(datum.side) * {across} * {scale}",
        "level": f"datum.north + {up} * ({radius} + {CLOSE} + {far}) * {scale}",
        "from": f"datum.north + {up} * {radius} * {scale}",
        "to": f"datum.north + {up} * ({radius} + {far}) * {scale}",
    }
