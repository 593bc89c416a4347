"""Which part of the land a map shows: the places it is of, with as much around them as its own shape needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from data.geography.boundaries import Rings
from data.geography.centres import centres
from data.geography.lines import Frame, Point
from data.texts import Texts
from metrics.grammar.answer import Row
from pages.charts import frame
from pages.charts.place_layers import WIDTHS
from pages.view.points import DataPoint
from pages.view.values import published

LEAST = 2
"""Places with a value that make a map: of one there is nothing to compare."""
MARGIN = 30
"""Pixels around the middles of the places."""
HEIGHTS = (250, 480)
"""Pixels of the lowest and the highest plot."""
FARTHEST = 4
"""How far from its middle a wide plot can show the land, by the larger of its spans."""
LEAST_SPAN = 24.0
"""Kilometres that a map shows at least, both ways."""
BESIDE = 0.8
"""How far from the middle of a map are those beside the ones that it is laid around, by their span, of which half is 0.5."""


@dataclass(frozen=True)
class Spot:
    """A place with its value. at: kilometres east and north; people: their published number, None where it is not told."""

    point: DataPoint
    at: Point
    people: float | None
    people_text: str


@dataclass(frozen=True)
class Window:
    """What a map must show: its middle and its spans in kilometres."""

    x: float
    y: float
    across: float
    up: float

    @property
    def frame(self) -> Frame:
        """What a plot of any shape can show of the plane."""
        far = FARTHEST * max(self.across, self.up)
        return self.x - far, self.y - far, self.x + far, self.y + far

    @property
    def height(self) -> int:
        """Return how many pixels high a plot is that shows it on a narrow screen without much land beside it."""
        return round(min(HEIGHTS[1], max(HEIGHTS[0], frame.NARROW * self.up / self.across)))

    def pixel(self, width: float, height: float) -> float:
        """Return kilometres of a pixel of a plot."""
        room = 2 * MARGIN
        return max(self.across / (width - room), self.up / (height - room))

    def scale(self, width: str, height: str) -> str:
        """Return the same as a Vega expression."""
        room = 2 * MARGIN
        return f"max({self.across} / ({width} - {room}), {self.up} / ({height} - {room}))"

    def pixels(self, at: Point, width: float, height: float) -> Point:
        """Return where a place is from the middle of a plot, y down."""
        scale = self.pixel(width, height)
        return (at[0] - self.x) / scale, (self.y - at[1]) / scale


def spots(points: Sequence[DataPoint], clients: Sequence[Row], t: Texts) -> list[Spot]:
    """Return municipalities (`DataPoint.x`) where they are, with their published numbers of clients."""
    at, people = centres(), {row.codes["municipality"]: row for row in clients}
    return [
        Spot(point, at[point.x], row.value if row else None, published(row, t).text)
        for point in points
        if point.x in at
        for row in (people.get(point.x),)
    ]


def near(places: Sequence[Spot], around: Collection[str]) -> list[Spot]:
    """Return the places that belong on a map laid around some of them: those, others beside them, and others on the land that a
    wide plot shows with them; all when around none.
    """
    if not around:
        return list(places)
    window = window_of([place for place in places if place.point.x in around])
    width, height = WIDTHS[-1], window.height
    scale, room = window.pixel(width, height), 2 * MARGIN
    across = max(BESIDE * window.across, (width - room) / 2 * scale)
    up = max(BESIDE * window.up, (height - room) / 2 * scale)
    return [place for place in places if abs(place.at[0] - window.x) <= across and abs(place.at[1] - window.y) <= up]


def window_of(places: Sequence[Spot], areas: Mapping[str, Rings] | None = None) -> Window:
    """Return what a map of places must show, with their areas if it has them."""
    at = [place.at for place in places]
    at += [point for place in places for ring in (areas or {}).get(place.point.x, ()) for point in ring]
    across, up = ([one[axis] for one in at] for axis in (0, 1))
    spans = (max(max(side) - min(side), LEAST_SPAN) for side in (across, up))
    return Window((max(across) + min(across)) / 2, (max(up) + min(up)) / 2, *spans)
