"""Which parts of sets of cells are in memory: a question whose part lies in one of them needs no count of its own."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from metrics.cube.part import CellPart

_MOST = 4096
"""Sets of cells."""
_MOST_PARTS = 32
"""Of one set."""


class HeldParts:
    """Parts by the file of their whole set, each with the place that it has in memory. Thread-safe."""

    def __init__(self) -> None:
        self._parts: OrderedDict[Path, OrderedDict[CellPart, Path]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, whole: Path, part: CellPart, place: Path) -> None:
        """Keep in mind that a part is in memory."""
        with self._lock:
            parts = self._parts.setdefault(whole, OrderedDict())
            self._parts.move_to_end(whole)
            parts[part] = place
            parts.move_to_end(part)
            while len(parts) > _MOST_PARTS:
                parts.popitem(last=False)
            while len(self._parts) > _MOST:
                self._parts.popitem(last=False)

    def with_all_of(self, whole: Path, part: CellPart) -> Iterator[Path]:
        """Yield the places of parts in which another one lies, the latest first."""
        with self._lock:
            held = list(self._parts.get(whole, {}).items())
        yield from (place for one, place in reversed(held) if one.covers(part))
