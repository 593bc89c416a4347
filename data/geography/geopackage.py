"""Areas of a GeoPackage, as features of GeoJSON: an SQLite database with a table for each layer, geometries as blobs.

Source: OGC GeoPackage 1.3 (binary geometries: 2.1.3) and OGC Simple Features 1.2.1 (well-known binary). Only tables are
read; what a file computes by itself is neither let become large nor take long.
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from typing import Any

MAGIC = b"SQLite format 3\x00"
"""What every GeoPackage begins with."""
_STEPS, _MOST_STEPS = 10_000, 5_000
"""SQLite's steps between two looks, and how many looks until a file that was made to take for ever is given up."""
_ENVELOPES = (0, 32, 48, 48, 64)
_POLYGON, _MULTIPOLYGON = 3, 6
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
_GEOMETRIES = "SELECT table_name, column_name FROM gpkg_geometry_columns"
_TABLE = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"


def layers(content: bytes) -> list[list[dict[str, Any]]]:
    """Return the areas of each layer: features with `properties` and a `geometry` of the type MultiPolygon. Raises ValueError."""
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(content)
            # Columns may be computed, which no authorizer sees.
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, len(content))
            connection.set_authorizer(
                lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
            )
            looks = iter(range(_MOST_STEPS))
            connection.set_progress_handler(lambda: next(looks, None) is None, _STEPS)
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            tables = connection.execute(_GEOMETRIES).fetchall()
            return [list(_areas(connection, table, column)) for table, column in tables]
    except (
        sqlite3.Error,
        struct.error,
        LookupError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise ValueError("no GeoPackage") from error


def _areas(connection: sqlite3.Connection, table: str, column: str) -> Iterator[dict[str, Any]]:
    made = connection.execute(_TABLE, (table,)).fetchone()
    if made is None or made[0].upper().startswith("CREATE VIRTUAL"):
        return
    rows = connection.execute(f'SELECT * FROM "{table.replace(chr(34), chr(34) * 2)}"')
    names = [told[0] for told in rows.description]
    for row in rows:
        values = dict(zip(names, row, strict=True))
        blob = values.pop(column)
        if polygons := _polygons(blob) if isinstance(blob, bytes) else []:
            yield {"properties": values, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def _polygons(blob: bytes) -> list[list[list[tuple[float, float]]]]:
    """The polygons of a geometry, nothing of other kinds or of an empty one."""
    if blob[:2] != b"GP":
        raise ValueError("no geometry")
    envelope = _ENVELOPES[blob[3] >> 1 & 7]
    return _Reader(blob, 8 + envelope).polygons()


class _Reader:
    """Well-known binary, from a place on."""

    def __init__(self, blob: bytes, at: int) -> None:
        self._blob, self._at, self._order = blob, at, "<"

    def polygons(self) -> list[list[list[tuple[float, float]]]]:
        kind, size = self._head()
        if kind == _POLYGON:
            return [self._rings(size)]
        return [one for _ in range(self._count()) for one in self.polygons()] if kind == _MULTIPOLYGON else []

    def _head(self) -> tuple[int, int]:
        """The kind of a geometry, and how many numbers its points have: two, and one each for height and measure."""
        self._order = "<" if self._blob[self._at] else ">"
        self._at += 1
        kind = self._count()
        # ISO adds thousands, and other writers set high bits.
        more = (0, 1, 1, 2)[kind % 0x1000_0000 // 1000 % 4] + (kind >> 31) + (kind >> 30 & 1)
        self._at += 4 * (kind >> 29 & 1)
        return kind % 0x1000_0000 % 1000, 2 + more

    def _rings(self, size: int) -> list[list[tuple[float, float]]]:
        return [self._ring(size) for _ in range(self._count())]

    def _ring(self, size: int) -> list[tuple[float, float]]:
        count = self._count()
        end = self._at + 8 * size * count
        numbers = struct.unpack(f"{self._order}{size * count}d", self._blob[self._at : end])
        self._at = end
        return list(zip(numbers[::size], numbers[1::size], strict=True))

    def _count(self) -> int:
        (found,) = struct.unpack_from(f"{self._order}I", self._blob, self._at)
        self._at += 4
        return int(found)
