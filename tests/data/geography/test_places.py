"""Where municipalities are: every one has a centre, which is where people know it to be, on land."""

from __future__ import annotations

import json
from itertools import pairwise
from math import hypot
from pathlib import Path

import pytest

from data.codes.municipalities import municipalities
from data.geography import making
from data.geography.centres import centres
from data.geography.lines import Point, clipped
from data.geography.outline import outline
from data.geography.projection import project

KNOWN = {
    "091": (60.17, 24.94),  # Helsinki
    "049": (60.21, 24.66),  # Espoo
    "092": (60.29, 25.04),  # Vantaa
    "235": (60.21, 24.73),  # Kauniainen
    "853": (60.45, 22.27),  # Turku
    "837": (61.50, 23.77),  # Tampere
    "564": (65.01, 25.47),  # Oulu
    "698": (66.50, 25.73),  # Rovaniemi
    "890": (69.91, 27.03),  # Utsjoki
    "167": (62.60, 29.76),  # Joensuu
    "478": (60.10, 19.94),  # Maarianhamina
    "318": (59.92, 20.91),  # Kökar
    "785": (64.56, 26.83),  # Vaala
}
"""Degrees as atlases have them."""


def test_every_municipality_has_a_centre_and_nothing_else() -> None:
    assert set(centres()) == set(municipalities())


@pytest.mark.parametrize("code", KNOWN)
def test_a_centre_is_where_atlases_have_it(code: str) -> None:
    known = project(*KNOWN[code])
    found = centres()[code]
    assert hypot(found[0] - known[0], found[1] - known[1]) < 4


def test_every_centre_is_on_land_or_at_its_shore() -> None:
    rings = outline()
    # The outermost islands are too small for the outline.
    at_sea = [
        municipalities()[code].fi
        for code, at in centres().items()
        if not any(is_within(at, ring) for ring in rings) and min(beside(at, ring) for ring in rings) > 8
    ]
    assert at_sea == []


def is_within(at: Point, ring: tuple[Point, ...]) -> bool:
    """Whether a ray to the east meets the ring an odd number of times."""
    met = False
    for (x, y), (other_x, other_y) in pairwise([*ring, ring[0]]):
        if (y > at[1]) != (other_y > at[1]) and at[0] < x + (at[1] - y) / (other_y - y) * (other_x - x):
            met = not met
    return met


def beside(at: Point, ring: tuple[Point, ...]) -> float:
    return min(hypot(at[0] - x, at[1] - y) for x, y in ring)


def test_the_plane_is_that_of_finnish_maps() -> None:
    # The worked example of JHS 197.
    assert project(60.3851068722, 19.84813676944) == (106.26, 6715.71)


def test_a_ring_outside_of_a_frame_leaves_nothing() -> None:
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    assert clipped(square, (2, 2, 3, 3)) == []
    assert clipped(square, (-1, -1, 3, 3)) == square
    assert set(clipped(square, (0.5, 0.5, 3, 3))) == {(0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0)}


def place(name: str, region: str, people: int, number: int = 1, also: str = "") -> dict[str, object]:
    return {
        "name": name, "alternatenames": [also], "admin1code": region, "countrycode": "AX" if region == "211" else "FI",
        "population": people, "latitude": 60.0, "longitude": 25.0, "geonameid": number,
    }  # fmt: skip


def test_of_places_of_one_name_the_one_in_the_region_with_most_people_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {code: municipalities()[code] for code in ("035", "091", "082", "785")}
    monkeypatch.setattr(making, "municipalities", lambda: few)
    known = [
        place("Brändö", "01", 9000, 1), place("Brändö", "211", 400, 2), place("Parola", "05", 0, 3),
        place("Helsinki", "01", 600_000, 4), place("Helsinki", "01", 10, 5), place("Vaala", "02", 900, 6),
        place("Vaala", "18", 1, 633096),
    ]  # fmt: skip
    assert {code: found["geonameid"] for code, found in making.centres(known).items()} == {
        "035": 2, "091": 4, "082": 3, "785": 633096,
    }  # fmt: skip
    with pytest.raises(ValueError, match="082 Hattula"):
        making.centres([one for one in known if one["name"] != "Parola"])


def test_what_is_made_of_the_packages_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "municipalities", lambda: {"091": municipalities()["091"]})
    monkeypatch.setattr(making, "CENTRES", tmp_path / "centres.csv")
    monkeypatch.setattr(making, "OUTLINE", tmp_path / "outline.json")
    atlas = {
        "transform": {"scale": [1, 1], "translate": [24, 60]},
        "arcs": [[[0, 0], [2, 0]], [[0, 0], [0, 2], [2, -2]]],
        "objects": {"countries": {"geometries": [
            {"id": "246", "type": "Polygon", "arcs": [[0, -2]]}, {"id": "752", "type": "Polygon", "arcs": [[0]]},
        ]}},
    }  # fmt: skip
    cities, countries = tmp_path / "cities.json", tmp_path / "countries.json"
    cities.write_text(json.dumps({"4": place("Helsinki", "01", 9, 4)}))
    countries.write_text(json.dumps(atlas))
    making.main(cities, countries)
    assert (tmp_path / "centres.csv").read_text() == "code,latitude,longitude,geoname\n091,60.0000,25.0000,4\n"
    (ring,) = json.loads((tmp_path / "outline.json").read_text())
    corners = {tuple(round(10 * side) for side in project(*at)) for at in ((60, 24), (60, 26), (62, 24))}
    assert {tuple(point) for point in ring} == corners
