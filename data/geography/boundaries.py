"""Boundaries of municipalities from a file: GeoJSON or GeoPackage of Statistics Finland or Paikkatietoikkuna, in degrees or in
ETRS-TM35FIN.

Only the outer lines of known municipalities are kept, with their codes; nothing else of the file. A municipality within another
(Kauniainen) lies on it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, ClassVar

from data.codes import code_list
from data.codes.municipalities import UNKNOWN
from data.geography import geopackage
from data.geography.centres import centres
from data.geography.lines import Point, area, simplified
from data.geography.projection import project
from data.refusal import Refusal

MOST_BYTES = 60_000_000
TOLERANCE = 0.05
"""Kilometres by which a line may be straightened: less than a pixel of a map of a city."""
_APART = 0.02
"""Kilometres between points; those nearer to the one before are left out first."""
_LEAST_AREA, _UNIT_AREA = 0.05, 0.0001
"""Square kilometres of an island that is kept; of what is an area at all."""
_NEAR = 20.0
"""Kilometres that a municipality's seat may lie outside of it, or of the part that a file has."""

_Feature = Mapping[str, Any]
Rings = tuple[tuple[Point, ...], ...]


class BoundaryError(Refusal, ValueError):
    """A file is not one of boundaries of municipalities.

    `reason`: size, format (neither GeoJSON nor GeoPackage of areas), codes (no property tells the municipality), plane
    (coordinates of neither kind, or of another place than these municipalities are in).
    """

    family: ClassVar[str] = "boundaries"


def read_boundaries(content: bytes) -> dict[str, Rings]:
    """Return the closed rings of each municipality in the file, in kilometres east and north. Raises BoundaryError."""
    if len(content) > MOST_BYTES:
        raise BoundaryError("size", most=MOST_BYTES // 1_000_000)
    try:
        layers = (
            geopackage.layers(content) if content.startswith(geopackage.MAGIC) else [json.loads(content)["features"]]
        )
        areas = [[one for one in layer if _rings(one)] for layer in layers]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BoundaryError("format") from None
    features, named = _municipalities([layer for layer in areas if layer])
    found: dict[str, list[tuple[Point, ...]]] = {}
    for feature, code in zip(features, named, strict=True):
        if code:
            found.setdefault(code, []).extend(_on_plane(ring) for ring in _rings(feature))
    kept = {code: rings for code in sorted(found) if (rings := _kept(found[code]))}
    if not kept:
        raise BoundaryError("format")
    if 2 * sum(_is_around(rings, centres()[code]) for code, rings in kept.items()) < len(kept):
        raise BoundaryError("plane")
    return kept


def _municipalities(layers: Sequence[Sequence[_Feature]]) -> tuple[Sequence[_Feature], list[str | None]]:
    """The layer of the most municipalities, and that of each of its features. Raises BoundaryError."""
    if not layers:
        raise BoundaryError("format")
    told = [(layer, codes) for layer in layers if (codes := _codes(layer))]
    if not told:
        raise BoundaryError("codes")
    return max(told, key=lambda one: len({code for code in one[1] if code}))


def _rings(feature: Mapping[str, Any]) -> list[Any]:
    """The outer rings of a feature, nothing where it is no area or empty. Raises KeyError or TypeError for what is no feature."""
    geometry = feature["geometry"]
    match geometry and geometry["type"]:
        case "Polygon":
            polygons = [geometry["coordinates"]]
        case "MultiPolygon":
            polygons = geometry["coordinates"]
        case _:
            return []
    return [polygon[0] for polygon in polygons if polygon and polygon[0]]


def _codes(features: Sequence[_Feature]) -> list[str | None]:
    """The municipality of each feature, by the property that tells most different ones; nothing where none tells it."""
    properties = [found if isinstance(found := one.get("properties"), dict) else {} for one in features]
    names = dict.fromkeys(name for one in properties for name in one)
    if len(names) * len(features) > geopackage.MOST_VALUES:
        raise BoundaryError("format")
    told = [[_code(one.get(name)) for one in properties] for name in names]
    # A number of something else is now and then a code too; most areas of the right property are municipalities.
    right = [codes for codes in told if 2 * sum(code is not None for code in codes) > len(features)]
    return max(right, key=lambda codes: len({code for code in codes if code}), default=[])


def _code(value: object) -> str | None:
    """The municipality that a property names: by its number, whatever kind of number it is, or by its name."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = code_list("municipality").find(str(value).strip()) if isinstance(value, int | str) else None
    return None if found == UNKNOWN else found


def _on_plane(ring: Any) -> tuple[Point, ...]:
    """A ring in kilometres. Raises BoundaryError."""
    try:
        points = [(float(point[0]), float(point[1])) for point in ring]
    except (TypeError, ValueError, LookupError, OverflowError):
        raise BoundaryError("format") from None
    if len(points) < 3 or not all(isfinite(x) and isfinite(y) for x, y in points):
        raise BoundaryError("format")
    if all(15 < x < 35 and 55 < y < 75 for x, y in points):
        points = [project(y, x) for x, y in points]
    elif all(0 < x < 1_000_000 and 6_000_000 < y < 8_000_000 for x, y in points):
        points = [(x / 1000, y / 1000) for x, y in points]
    else:
        raise BoundaryError("plane")
    return tuple(simplified(list(_thinned(points)), TOLERANCE))


def _thinned(points: Sequence[Point]) -> Iterator[Point]:
    """The points but those beside the one before; a ring's last is its first."""
    before = None
    for x, y in points[:-1] if points[0] == points[-1] else points:
        if before is None or abs(x - before[0]) + abs(y - before[1]) > _APART:
            before = (x, y)
            yield before


def _kept(rings: Sequence[tuple[Point, ...]]) -> Rings:
    ordered = sorted(rings, key=area, reverse=True)
    return tuple(ring for place, ring in enumerate(ordered) if area(ring) >= (_LEAST_AREA if place else _UNIT_AREA))


def _is_around(rings: Rings, centre: Point) -> bool:
    """Return whether areas reach a place or nearly so. Planes of other zones, with the same numbers, are farther off."""
    return all(
        min(point[axis] for ring in rings for point in ring) - _NEAR
        < centre[axis]
        < max(point[axis] for ring in rings for point in ring) + _NEAR
        for axis in (0, 1)
    )
