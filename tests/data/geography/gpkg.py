"""GeoPackages of made-up municipalities, as GDAL writes them: a table for each layer, geometries as blobs."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Mapping, Sequence
from contextlib import closing

Ring = Sequence[Sequence[float]]


def polygon(*rings: Ring, order: str = "<", kind: int = 3) -> bytes:
    """Well-known binary of an outer ring and holes."""
    size = 2 + (kind // 1000 in (1, 2)) + 2 * (kind // 1000 == 3)
    parts = [struct.pack(f"{order}BII", order == "<", kind, len(rings))]
    for ring in rings:
        parts.append(struct.pack(f"{order}I", len(ring)))
        parts += [struct.pack(f"{order}{size}d", *point, *(7 for _ in range(size - 2))) for point in ring]
    return b"".join(parts)


def several(*polygons: bytes, order: str = "<", kind: int = 6) -> bytes:
    """Well-known binary of several polygons."""
    return struct.pack(f"{order}BII", order == "<", kind, len(polygons)) + b"".join(polygons)


def blob(geometry: bytes, envelope: int = 1) -> bytes:
    """A geometry as a GeoPackage holds it, with an envelope of one of five kinds before it."""
    flags = 1 | envelope << 1
    return struct.pack("<2sBBi", b"GP", 0, flags, 3067) + b"\0" * (0, 32, 48, 48, 64)[envelope] + geometry


def geopackage(rows: Mapping[str, Sequence[tuple[object, object]]], *statements: str) -> bytes:
    """By layer, what tells the municipality (column `kunta`) and the geometry of each row; then further statements."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT)"
        )
        for layer, every in rows.items():
            connection.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON')", (layer,))
            connection.execute(f'CREATE TABLE "{layer}" (fid INTEGER PRIMARY KEY, geom BLOB, kunta, vuosi INTEGER)')
            connection.executemany(
                f'INSERT INTO "{layer}" (geom, kunta, vuosi) VALUES (?, ?, 2026)', [one[::-1] for one in every]
            )
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()
