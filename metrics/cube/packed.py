"""Cells of one set as bytes, the same in a file and in memory; each period by itself, so that a question unpacks its own.

A page or a command needs the cells of a few periods of a few sets. These are read without a library of data frames: to load it
takes longer than to answer a short command.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import accumulate, pairwise
from sys import intern
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

_PERIOD_BYTES = 260
"""Approximate memory of what tells where a period lies; a test measures it."""

Key = tuple[str, bool]
"""A period, and whether its cells include open months."""


class PackedCells:
    """Cells of one set by period. content: as `packed` makes it. Raises ValueError or TypeError where it is in another form."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        end = content.index(b"\n")
        names, periods, lengths = json.loads(content[:end])
        if end + 1 + sum(lengths) != len(content):
            raise ValueError("not as many bytes as its periods take")
        self.columns: tuple[str, ...] = tuple(names)
        """What a cell has besides its period."""
        places = pairwise(accumulate(lengths, initial=end + 1))
        self._places: dict[Key, tuple[int, int]] = {
            (intern(period), is_open): place for (period, is_open), place in zip(periods, places, strict=True)
        }

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.content) + len(self._places) * _PERIOD_BYTES

    @property
    def periods(self) -> Collection[Key]:
        """What there are cells of."""
        return self._places.keys()

    def rows(self, key: Key, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return some columns of a period's cells, by row; none where it has no cells."""
        if key not in self._places:
            return []
        start, end = self._places[key]
        found = dict(zip(self.columns, json.loads(zlib.decompress(self.content[start:end])), strict=True))
        return list(zip(*(found[name] for name in columns), strict=True))


def packed(frame: pl.DataFrame) -> PackedCells:
    """Return the cells of a frame with a `period` and whether it is `open`.

    The first line tells the other columns, the periods, and how many bytes each takes; then these follow, as compressed lists.
    """
    frame = frame.sort("period", "open")
    names = [name for name in frame.columns if name not in ("period", "open")]
    columns = [frame.get_column(name).to_list() for name in names]
    counted = Counter(zip(frame.get_column("period").to_list(), frame.get_column("open").to_list(), strict=True))
    ends = list(accumulate(counted.values(), initial=0))
    # Lightly: to compress as well as can be takes longer, and saves a tenth.
    periods = [
        zlib.compress(_json([column[start:end] for column in columns]), level=1) for start, end in pairwise(ends)
    ]
    head = _json([names, list(counted), [len(period) for period in periods]])
    return PackedCells(b"\n".join((head, b"".join(periods))))


def _json(told: object) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()
