"""Boundaries from files: in degrees or metres, told by number or name; what is no file of municipalities is said."""

from __future__ import annotations

import json
import time

import pytest

from data.codes.municipalities import municipalities
from data.geography import boundaries
from data.geography.boundaries import BoundaryError, read_boundaries
from data.geography.centres import centres
from data.geography.lines import area
from tests.data.geography.geojson import collection, feature, square, squares

DEGREES = [[24.0, 60.0], [24.2, 60.0], [24.2, 60.1], [24.0, 60.1], [24.0, 60.0]]


def test_metres_of_the_finnish_plane_are_kilometres() -> None:
    found = read_boundaries(squares("091", "049"))
    assert list(found) == ["049", "091"]
    x, y = centres()["091"]
    assert {(round(east - x), round(north - y)) for east, north in found["091"][0]} == {
        (-5, -5),
        (5, -5),
        (5, 5),
        (-5, 5),
    }


def test_degrees_are_laid_on_the_plane() -> None:
    (ring,) = read_boundaries(collection([feature(DEGREES, kunta="257")]))["257"]
    assert len(ring) == 4
    assert area(ring) == pytest.approx(11.15 * 11.14, rel=0.01)


@pytest.mark.parametrize(
    "properties",
    [
        {"kunta": "049"}, {"kunta": 49}, {"natcode": "49"}, {"KUNTA": "KU049"}, {"nimi": "Espoo"}, {"namn": "Esbo"},
        {"kunta": 49.0}, {"maakunta": "05", "kunta": "049"}, {"fid": 91.5, "kunta": "049", "tyhjä": None},
    ],
)  # fmt: skip
def test_a_municipality_is_told_by_number_or_name(properties: dict[str, object]) -> None:
    assert list(read_boundaries(collection([feature(square("049"), **properties)]))) == ["049"]


def test_the_property_that_tells_most_municipalities_is_taken() -> None:
    every = list(municipalities())
    regions = [municipalities()[code].region for code in every]
    made = collection(
        feature(square(code), maakunta=region, kunta=code, vuosi=2026)
        for code, region in zip(every, regions, strict=True)
    )
    assert list(read_boundaries(made)) == every


def test_parts_belong_together_and_holes_and_skerries_are_left_out() -> None:
    hole, skerry = square("235", 1), square("091", 0.05)
    made = collection(
        [
            feature([[square("049"), hole], [square("091", 2)], [skerry]], "MultiPolygon", kunta="049"),
            feature(square("092"), kunta="049"),
            feature(square("235"), kunta="ulkomaat"),
            {"type": "Feature", "properties": {"kunta": "091"}, "geometry": {"type": "Point", "coordinates": [24, 60]}},
            {"type": "Feature", "properties": {"kunta": "091"}, "geometry": None},
        ]
    )
    found = read_boundaries(made)
    assert [round(area(ring)) for ring in found["049"]] == [100, 100, 16]
    assert list(found) == ["049"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04", "format"),
        (b"[" * 100_000, "format"),
        (b'{"features": 3}', "format"),
        (b'{"features": [3]}', "format"),
        (b'{"features": []}', "format"),
        (collection([feature([[1]], kunta="049")]), "format"),
        (collection([feature([["x", "y"]] * 4, kunta="049")]), "format"),
        (collection([feature(3, kunta="049")]), "format"),
        (collection([feature([[24.0, 60.0]], kunta="049")]), "format"),
        (collection([feature([[float("nan"), 1], [1, 1], [1, 2]], kunta="049")]), "format"),
        (collection([feature(square("049"))]), "codes"),
        (collection([feature(square("049"), nimi="Atlantis")]), "codes"),
        (collection([feature(square("049"), kunta=one) for one in ("049", "x", "y", "z")]), "codes"),
        (collection([feature([[2.3, 48.8], [2.4, 48.8], [2.4, 48.9]], kunta="049")]), "plane"),
        (collection([feature([[60.0, 24.0], [60.1, 24.0], [60.1, 24.1]], kunta="049")]), "plane"),
        (collection([feature([[x + 110_000, y] for x, y in square("049")], kunta="049")]), "plane"),
        (collection([feature([], kunta="049")]), "format"),
        (collection([feature([[]], "MultiPolygon", kunta="049")]), "format"),
        (collection([feature([square("049")[0]] * 5, kunta="049")]), "format"),
        (collection([feature([{"0": 1}] * 4, kunta="049")]), "format"),
        (collection([feature([[10**400, 1]] * 4, kunta="049")]), "format"),
        (collection([feature(square("049")) | {"properties": one} for one in (["049"], "049", 49, [], None)]), "codes"),
        (collection(feature(square("049"), **{f"a{place}": 49}) for place in range(2000)), "format"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_municipalities_is_said(content: bytes, reason: str) -> None:
    with pytest.raises(BoundaryError) as raised:
        read_boundaries(content)
    assert raised.value.reason == reason


def test_a_file_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "MOST_BYTES", 10)
    with pytest.raises(BoundaryError) as raised:
        read_boundaries(json.dumps({"features": []}).encode())
    assert raised.value.reason == "size"


def test_the_empty_area_of_a_municipality_is_left_out() -> None:
    every = [feature(square("091"), kunta="091"), feature([], kunta="049"), feature([[]], "MultiPolygon", kunta="092")]
    assert list(read_boundaries(collection(every))) == ["091"]


def test_one_municipality_elsewhere_does_not_move_the_others() -> None:
    every = [feature(square(one), kunta=one) for one in ("091", "049", "092")]
    assert list(read_boundaries(collection([*every, feature(square("698"), kunta="235")]))) == [
        "049",
        "091",
        "092",
        "235",
    ]


def test_a_line_that_was_drawn_to_take_long_does_not() -> None:
    x, y = square("049")[0]
    ring = [[x + place * 2, y + (-1) ** place * place * 3] for place in range(10_000)]
    began = time.process_time()
    assert list(read_boundaries(collection([feature(ring, kunta="049")]))) == ["049"]
    assert time.process_time() - began < 5
