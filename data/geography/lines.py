"""Lines on a plane: area of a ring, fewer points for the same line, and the part of a ring within a frame."""

from collections.abc import Callable, Sequence
from math import hypot

Point = tuple[float, float]
Frame = tuple[float, float, float, float]
"""Least x and y, largest x and y."""
_DEEPEST = 40
"""Times that a line is parted at its farthest point; that of a coast is some thirty times."""


def area(ring: Sequence[Point]) -> float:
    """Return the area of a closed ring, whichever way round it goes.

    >>> area([(0, 0), (2, 0), (2, 1), (0, 1)])
    2.0
    """
    turned = zip(ring, [*ring[1:], *ring[:1]], strict=True)
    return abs(sum(x * other_y - other_x * y for (x, y), (other_x, other_y) in turned)) / 2


def simplified(ring: Sequence[Point], tolerance: float) -> list[Point]:
    """Return a closed ring with as few of its points as keep it within the tolerance (Douglas and Peucker).

    >>> simplified([(0, 0), (1, 0.01), (2, 0), (2, 2), (0, 2)], 0.1)
    [(0, 0), (2, 0), (2, 2), (0, 2)]
    """
    if len(ring) < 5:
        return list(ring)
    far = max(range(len(ring)), key=lambda place: _apart(ring[0], ring[place]))
    there = _straightened([*ring[: far + 1]], tolerance)
    back = _straightened([*ring[far:], ring[0]], tolerance)
    found = [*there[:-1], *back[:-1]]
    return found if len(found) >= 3 else list(ring)


def _straightened(line: Sequence[Point], tolerance: float) -> list[Point]:
    kept, waiting = {0, len(line) - 1}, [(0, len(line) - 1, 0)]
    while waiting:
        first, last, depth = waiting.pop()
        far, distance = _farthest(line, first, last)
        if distance > tolerance:
            # A line may be drawn so that each part is but a point shorter than the one before: then halves are quicker.
            far = far if depth < _DEEPEST else (first + last) // 2
            kept.add(far)
            waiting += [(first, far, depth + 1), (far, last, depth + 1)]
    return [line[place] for place in sorted(kept)]


def _farthest(line: Sequence[Point], first: int, last: int) -> tuple[int, float]:
    """Return which point between two others is farthest from their line, and how far it is; 0 where none is between."""
    (x, y), (end_x, end_y) = line[first], line[last]
    east, north = end_x - x, end_y - y
    length = hypot(east, north)
    far, most = first, 0.0
    for place in range(first + 1, last):
        at_x, at_y = line[place]
        distance = abs(east * (y - at_y) - (x - at_x) * north) / length if length else hypot(at_x - x, at_y - y)
        if distance > most:
            far, most = place, distance
    return far, most


def _apart(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def clipped(ring: Sequence[Point], frame: Frame) -> list[Point]:
    """Return the part of a closed ring within a frame, closed along its edges (Sutherland and Hodgman); empty if none is.

    >>> clipped([(-1, 0), (1, 0), (1, 1), (-1, 1)], (0, -5, 5, 5))
    [(0, 0.0), (1, 0), (1, 1), (0, 1.0)]
    """
    left, low, right, high = frame
    edges: tuple[tuple[int, float, Callable[[float], bool]], ...] = (
        (0, left, lambda x: x >= left), (0, right, lambda x: x <= right),
        (1, low, lambda y: y >= low), (1, high, lambda y: y <= high),
    )  # fmt: skip
    found = list(ring)
    for axis, at, is_inside in edges:
        found = _cut(found, axis, at, is_inside)
    return found


def _cut(ring: Sequence[Point], axis: int, at: float, is_inside: Callable[[float], bool]) -> list[Point]:
    found: list[Point] = []
    for before, point in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        if is_inside(before[axis]) != is_inside(point[axis]):
            part = (at - before[axis]) / (point[axis] - before[axis])
            other = before[1 - axis] + part * (point[1 - axis] - before[1 - axis])
            found.append((at, other) if axis == 0 else (other, at))
        if is_inside(point[axis]):
            found.append(point)
    return found
