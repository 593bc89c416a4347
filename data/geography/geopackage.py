"""Areas of a GeoPackage, as features of GeoJSON: an SQLite database with a table for each layer, geometries as blobs.

Source: OGC GeoPackage 1.3 (binary geometries: 2.1.3) and OGC Simple Features 1.2.1 (well-known binary). Only what tables hold is
read, no columns that a file computes by itself, and what a file was made to make large or long is given up. Holes are left out.
"""

import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from data.geography.lines import Point

MAGIC = b"SQLite format 3\x00"
"""What every GeoPackage begins with."""
MOST_VALUES, _MOST_PARTS = 2_000_000, 1_000_000
"""Values beside geometries, and rings of geometries, that a file of municipalities has far fewer of."""
_SECONDS, _STEPS = 10, 1_000
"""Of the processor, until a file that was made to take for ever is given up; SQLite's steps between two looks at the time."""
_LONGEST_TEXT = 100
"""Letters of a text that may name a municipality."""
_ENVELOPES = (0, 32, 48, 48, 64)
_POLYGON, _MULTIPOLYGON = 3, 6
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
_TABLE = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE"
_WITHOUT_LOG = b"\1\1"
"""In place 18: the file is read without the log beside it, which other programs leave switched on (and empty) in it."""


def layers(content: bytes) -> list[list[dict[str, Any]]]:
    """Return the areas of each layer: features with `properties` and a `geometry` of the type MultiPolygon. Raises ValueError."""
    until = time.thread_time() + _SECONDS
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.set_progress_handler(lambda: time.thread_time() > until, _STEPS)
            connection.deserialize(content[:18] + _WITHOUT_LOG + content[20:])
            connection.set_authorizer(_authorised)
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            return _File(connection, len(content), until).layers()
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


def _authorised(action: int, what: str | None, *_: str | None) -> int:
    is_allowed = action in _ALLOWED or (action == sqlite3.SQLITE_PRAGMA and what == "table_xinfo")
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


class _File:
    """A file that is read, with what is left of all it may hold: rows may share pages, and so hold more than it is large."""

    def __init__(self, connection: sqlite3.Connection, size: int, until: float) -> None:
        self._connection, self._until = connection, until
        self._values, self._parts, self._points = MOST_VALUES, _MOST_PARTS, size // 16

    def layers(self) -> list[list[dict[str, Any]]]:
        told = {(row["table_name"], row["column_name"]): None for row in self._rows("gpkg_geometry_columns")}
        return [list(self._areas(table, column.lower())) for table, column in told if table and column]

    def _areas(self, table: str, column: str) -> Iterator[dict[str, Any]]:
        for values in self._rows(table):
            blob = values.pop(column)
            if polygons := self._polygons(blob) if isinstance(blob, bytes) else []:
                self._values -= len(values)
                kept = {name: value for name, value in values.items() if _may_name(value)}
                yield {"properties": kept, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}
            if self._values < 0 or time.thread_time() > self._until:
                raise ValueError("too much")

    def _rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table by the names of its columns in small letters; none of what is no table, or not there."""
        made = self._connection.execute(_TABLE, (table,)).fetchone()
        if made is None or not made[0].upper().startswith("CREATE TABLE"):
            return
        columns = self._connection.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
        names = [name for _, name, *_, is_computed in columns if not is_computed]
        asked = ", ".join(map(_quoted, names))
        for row in self._connection.execute(f"SELECT {asked} FROM {_quoted(table)}"):
            yield dict(zip(map(str.lower, names), row, strict=True))

    def _polygons(self, blob: bytes) -> list[list[list[Point]]]:
        """The polygons of a geometry, nothing of other kinds or of an empty one."""
        if blob[:2] != b"GP":
            raise ValueError("no geometry")
        reader = _Reader(blob, 8 + _ENVELOPES[blob[3] >> 1 & 7], self._parts)
        polygons = reader.polygons()
        self._parts = reader.parts
        self._points -= sum(len(ring) for polygon in polygons for ring in polygon)
        if self._points < 0:
            raise ValueError("too much")
        return polygons


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _may_name(value: object) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and len(value) <= _LONGEST_TEXT)


class _Reader:
    """Well-known binary, from a place on. parts: how many rings and polygons more it may have."""

    def __init__(self, blob: bytes, at: int, parts: int) -> None:
        self._blob, self._at, self._order = blob, at, "<"
        self.parts = parts

    def polygons(self) -> list[list[list[Point]]]:
        """Each with its outer ring alone; none of what is empty."""
        kind, size = self._head()
        if kind == _POLYGON:
            rings = [self._ring(size, is_kept=not place) for place in range(self._count())]
            return [[rings[0]]] if rings and rings[0] else []
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

    def _ring(self, size: int, *, is_kept: bool) -> list[Point]:
        count = self._count()
        begin, self._at = self._at, self._at + 8 * size * count
        if self._at > len(self._blob):
            raise ValueError("cut short")
        if not is_kept:
            return []
        numbers = struct.unpack(f"{self._order}{size * count}d", self._blob[begin : self._at])
        return list(zip(numbers[::size], numbers[1::size], strict=True))

    def _count(self) -> int:
        self.parts -= 1
        if self.parts < 0:
            raise ValueError("too much")
        (found,) = struct.unpack_from(f"{self._order}I", self._blob, self._at)
        self._at += 4
        return int(found)
