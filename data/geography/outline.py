"""The coasts and borders of Finland with Åland, from Natural Earth (public domain), on the plane of Finnish maps.

`outline.json` is made by `making.py`.
"""

import json
from functools import cache, lru_cache
from math import log2
from pathlib import Path

from data.geography.lines import Frame, Point, area, clipped, simplified

OUTLINE = Path(__file__).parent / "outline.json"
UNIT = 0.1
"""Kilometres per unit of the file."""


@cache
def outline() -> tuple[tuple[Point, ...], ...]:
    """Closed rings in kilometres east and north, the mainland first."""
    rings = json.loads(OUTLINE.read_text(encoding="utf-8"))
    return tuple(tuple((round(x * UNIT, 1), round(y * UNIT, 1)) for x, y in ring) for ring in rings)


@lru_cache(maxsize=64)
def land(within: Frame, pixel: float) -> tuple[tuple[Point, ...], ...]:
    """Return the part of the outline within a frame, no more exact than a pixel of so many kilometres shows."""
    rings = (clipped(ring, within) for ring in _coarse(2.0 ** round(log2(pixel / 2))))
    return tuple(tuple(ring) for ring in rings if ring)


@lru_cache(maxsize=16)
def _coarse(tolerance: float) -> tuple[tuple[Point, ...], ...]:
    made = (tuple(simplified(ring, tolerance)) for ring in outline() if area(ring) > tolerance**2)
    return tuple(made)
