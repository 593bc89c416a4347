"""A GeoPackage tells the same boundaries as GeoJSON does; one that is damaged or hostile is refused in words, soon."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.geography import geopackage as reader
from data.geography.boundaries import BoundaryError, read_boundaries
from tests.data.geography.geojson import collection, feature, square
from tests.data.geography.gpkg import blob, geopackage, polygon, several

ESPOO, HELSINKI = square("049"), square("091")
HOLE = square("049", 1)
GOOD = geopackage({"kunta1000k": [("049", blob(several(polygon(ESPOO))))]})


def _wide(columns: int, rows: int) -> bytes:
    """A table that takes thirty times its room once each value is a text of its own."""
    names = [f"c{place}" for place in range(columns)]
    return geopackage(
        {"a": [("049", blob(polygon(ESPOO)))] * rows},
        f"CREATE TABLE v (geom, kunta, {', '.join(names)})",
        f"INSERT INTO v SELECT geom, kunta, {', '.join(['vuosi'] * columns)} FROM a",
        COLUMNS,
    )


COLUMNS = "UPDATE gpkg_geometry_columns SET table_name = 'v'"


@pytest.mark.parametrize(
    "geometry",
    [
        polygon(ESPOO, HOLE), polygon(ESPOO, HOLE, order=">"), several(polygon(ESPOO, HOLE)),
        several(polygon(ESPOO, HOLE, order=">"), order=">"), polygon(ESPOO, HOLE, kind=1003),
        polygon(ESPOO, HOLE, kind=2003), several(polygon(ESPOO, HOLE, kind=3003), kind=3006),
    ],
)  # fmt: skip
@pytest.mark.parametrize("envelope", range(5))
def test_it_tells_what_geojson_does(geometry: bytes, envelope: int) -> None:
    made = geopackage({'kunta "1000k"'.replace('"', ""): [("049", blob(geometry, envelope))]})
    assert read_boundaries(made) == read_boundaries(collection([feature(ESPOO, kunta="049")]))


def test_parts_of_a_municipality_lie_in_one_or_several_rows() -> None:
    both = several(polygon(ESPOO), polygon(HELSINKI))
    one = geopackage({"a": [("049", blob(both))]})
    two = geopackage({"a": [(49, blob(polygon(ESPOO))), ("Espoo", blob(polygon(HELSINKI)))]})
    assert read_boundaries(one) == read_boundaries(two)
    assert len(read_boundaries(one)["049"]) == 2


def test_the_layer_of_the_most_municipalities_is_taken() -> None:
    made = geopackage(
        {
            "maakunta": [("Uusimaa", blob(polygon(ESPOO)))],
            "kunta": [("049", blob(polygon(ESPOO))), ("091", blob(polygon(HELSINKI)))],
            "helsinki": [("091", blob(polygon(HELSINKI)))],
            "pisteet": [("049", blob(b"\x01\x01\x00\x00\x00" + b"\0" * 16)), ("091", None), ("092", "text")],
        }
    )
    assert list(read_boundaries(made)) == ["049", "091"]


@pytest.mark.parametrize("empty", [polygon(), polygon([]), several(polygon()), several()])
def test_the_empty_area_of_a_municipality_is_left_out(empty: bytes) -> None:
    made = geopackage({"a": [("049", blob(empty)), ("091", blob(polygon(HELSINKI)))]})
    assert list(read_boundaries(made)) == ["091"]


def test_a_file_whose_log_another_program_left_switched_on_is_read() -> None:
    assert read_boundaries(GOOD[:18] + b"\2\2" + GOOD[20:]) == read_boundaries(GOOD)


def test_names_are_found_in_capitals_and_small_letters() -> None:
    other = "UPDATE gpkg_geometry_columns SET table_name = 'KUNTA1000K', column_name = 'Geom'"
    made = geopackage({"kunta1000k": [(49.0, blob(polygon(ESPOO)))]}, other)
    assert read_boundaries(made) == read_boundaries(GOOD)


def test_a_layer_named_often_is_read_once() -> None:
    often = "INSERT INTO gpkg_geometry_columns SELECT one.* FROM gpkg_geometry_columns one, a, a b, a c"
    made = geopackage({"a": [("049", blob(polygon(ESPOO)))] * 40}, often)
    assert len(read_boundaries(made)["049"]) == 40


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (GOOD[:5000], "format"),
        (b"SQLite format 3\x00", "format"),
        (b"SQLite format 3\x00" + b"\xff" * 5000, "format"),
        (geopackage({}), "format"),
        (geopackage({"a": []}), "format"),
        (geopackage({"a": [("049", b"XX" + blob(polygon(ESPOO))[2:])]}), "format"),
        (geopackage({"a": [("049", blob(polygon(ESPOO))[:-9])]}), "format"),
        (geopackage({"a": [("049", b"GP")]}), "format"),
        (geopackage({"a": [("049", blob(b"\x01\x03\x00\x00\x00\x01\x00\x00\x00\xff\xff\xff\xff"))]}), "format"),
        (geopackage({"a": [("049", blob(b"\x01\x06\x00\x00\x00\xff\xff\xff\xff" * 5000))]}), "format"),
        (geopackage({"a": [("049", blob(polygon(ESPOO)))]}, "DROP TABLE gpkg_geometry_columns"), "format"),
        (geopackage({"a": [("x", blob(polygon(ESPOO)))]}), "codes"),
        (geopackage({"a": [("049", blob(polygon([(2.3, 48.8), (2.4, 48.8), (2.4, 48.9)])))]}), "plane"),
        (geopackage({"a": [("049", blob(polygon(ESPOO)))]}, "CREATE VIEW v AS SELECT * FROM a", COLUMNS), "format"),
        (
            geopackage(
                {"a": [("049", blob(polygon(ESPOO)))]},
                "CREATE TABLE room AS SELECT zeroblob(20000000)",
                "CREATE TABLE v (geom, kunta AS (printf('%.*c', 19000000, 'x')))",
                "INSERT INTO v (geom) WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 500) "
                "SELECT geom FROM a, c",
                COLUMNS,
            ),
            "codes",
        ),
        (
            geopackage(
                {"a": [("049", blob(polygon(ESPOO)))] * 2000},
                "DROP TABLE gpkg_geometry_columns",
                "CREATE VIEW gpkg_geometry_columns AS SELECT 'a' table_name, 'geom' column_name FROM a, a b, a c",
            ),
            "format",
        ),
        (_wide(1900, 1200), "format"),
        (geopackage({"a": [("049", blob(polygon(ESPOO, *[[]] * 1_000_001)))]}), "format"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    began = time.process_time()
    with pytest.raises(BoundaryError) as raised:
        read_boundaries(content)
    assert raised.value.reason == reason
    assert time.process_time() - began < 5


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_any_damage_is_refused_or_harmless(place: int, written: bytes) -> None:
    damaged = GOOD[:place] + written + GOOD[place + len(written) :]
    with suppress(BoundaryError):
        assert all(len(code) == 3 for code in read_boundaries(damaged))


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_SECONDS", -1)
    with pytest.raises(BoundaryError) as raised:
        read_boundaries(GOOD)
    assert raised.value.reason == "format"
