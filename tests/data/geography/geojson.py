"""GeoJSON of made-up municipal boundaries: a square around the centre of each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from data.geography.centres import centres
from data.geography.lines import Point


def square(code: str, half: float = 5) -> list[list[float]]:
    """A closed ring in metres of ETRS-TM35FIN."""
    x, y = centres()[code]
    corners: list[Point] = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    return [[1000 * (x + east), 1000 * (y + north)] for east, north in corners]


def feature(ring: object, kind: str = "Polygon", /, **properties: object) -> dict[str, Any]:
    return {
        "type": "Feature", "properties": properties,
        "geometry": {"type": kind, "coordinates": [ring] if kind == "Polygon" else ring},
    }  # fmt: skip


def collection(features: Iterable[object]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def squares(*codes: str) -> bytes:
    return collection(feature(square(code), kunta=code, vuosi=2026) for code in codes)
