"""Parts of sets of cells that a reader of this process counts just now: whoever needs what lies in one waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from metrics.cube.index import CellIndex
from metrics.cube.part import CellPart


class CountedPart:
    """A part that one reader counts. index: its cells, once they are there."""

    def __init__(self, part: CellPart) -> None:
        self.part = part
        self.index: CellIndex | None = None
        self._ended = threading.Event()

    def end(self) -> None:
        """Let those who wait go on."""
        self._ended.set()

    def wait(self) -> CellIndex | None:
        """Return the cells when whoever counts them has ended; None where that failed, or was stopped."""
        self._ended.wait()
        return self.index


class Underway:
    """What is counted just now, by the file of its whole set.

    Nobody waits while others wait for what is theirs to count, so that no two can wait for each other.
    """

    def __init__(self) -> None:
        self._now: dict[Path, list[CountedPart]] = {}
        self._lock = threading.Lock()
        """Held while a list is read or changed, never while anything is counted."""

    @contextmanager
    def claimed(
        self, wholes: Iterable[Path], part: CellPart
    ) -> Iterator[tuple[dict[Path, CountedPart], dict[Path, CountedPart]]]:
        """Yield what is this reader's to count until the block ends, and what others count, to be waited for after it."""
        mine: dict[Path, CountedPart] = {}
        others: dict[Path, CountedPart] = {}
        with self._lock:
            for whole in wholes:
                other = next((one for one in self._now.get(whole, ()) if one.part.covers(part)), None)
                if other:
                    others[whole] = other
                else:
                    mine[whole] = CountedPart(part)
                    self._now.setdefault(whole, []).append(mine[whole])
        try:
            yield mine, others
        finally:
            with self._lock:
                for whole, one in mine.items():
                    self._now[whole].remove(one)
                    if not self._now[whole]:
                        del self._now[whole]
            for one in mine.values():
                one.end()
