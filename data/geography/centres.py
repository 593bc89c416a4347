"""Where each municipality is: its seat or largest place, from GeoNames (CC BY 4.0), on the plane of Finnish maps.

`centres.csv` is made by `making.py`: code of the municipality, degrees, and GeoNames' number of the place.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from data.geography.lines import Point
from data.geography.projection import project

CENTRES = Path(__file__).parent / "centres.csv"


@cache
def centres() -> Mapping[str, Point]:
    """Kilometres east and north of every municipality, by its code."""
    with CENTRES.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: project(float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(lines)}
