"""Cells in memory, indexed by period and codes, so that a filter change costs a few dictionary look-ups."""

from collections.abc import Callable, Mapping
from sys import intern
from typing import Any

from metrics.cube.packed import Key, PackedCells
from metrics.gate import EMPTY, Cell

Codes = tuple[str, ...]
Steps = Mapping[str, tuple[tuple[int, Cell], ...]]
"""By cause, pairs of a value and the cell of everything up to it, in ascending order."""

_SUMS = ("n", "n_key", "u", "u_key", "e", "m")
_CELL_BYTES, _STEP_BYTES, _LIST_BYTES = 430, 420, 500
"""Approximate memory of a cell in a dictionary, of a step of a profile, and of a list of steps; a test measures it."""


class CellIndex:
    """The cells of one file by period; a period's dictionary is built on first use.

    A period that includes an open month has two sets of cells; `open_too` selects the one that includes it. `grown` is
    called with the index and the bytes that a new dictionary has added.
    """

    def __init__(
        self, packed: PackedCells, dimensions: Codes, grown: Callable[["CellIndex", int], None] | None = None
    ) -> None:
        self.dimensions = dimensions
        self.size = packed.size
        """Bytes."""
        self._packed = packed
        self._grown = grown
        self._cells: dict[Key, Mapping[Codes, Cell]] = {}
        self._steps: dict[Key, Mapping[Codes, Steps]] = {}

    def cells(self, period: str, *, open_too: bool) -> Mapping[Codes, Cell]:
        """Return the cells that are not empty, by codes in the order of the file's dimensions."""
        key = self._which(period, open_too)
        if key not in self._cells:
            found = {_codes(row[:-6]): _cell(row[-6:]) for row in self._packed.rows(key, (*self.dimensions, *_SUMS))}
            self._add(self._cells, key, found, len(found) * (_CELL_BYTES + 8 * len(self.dimensions)))
        return self._cells[key]

    def steps(self, period: str, *, open_too: bool) -> Mapping[Codes, Steps]:
        """Return the cumulative cells by codes and cause."""
        key = self._which(period, open_too)
        if key not in self._steps:
            rows = self._packed.rows(key, (*self.dimensions, "cause", "step", *_SUMS))
            lists: dict[Codes, dict[str, list[tuple[int, Cell]]]] = {}
            for row in rows:
                by_cause = lists.setdefault(_codes(row[:-8]), {})
                by_cause.setdefault(intern(row[-8]), []).append((row[-7], _cell(row[-6:])))
            found = {
                codes: {cause: tuple(sorted(steps, key=_value)) for cause, steps in causes.items()}
                for codes, causes in lists.items()
            }
            self._add(self._steps, key, found, len(rows) * _STEP_BYTES + len(found) * _LIST_BYTES)
        return self._steps[key]

    def _add(self, kept: dict[Key, Any], key: Key, found: object, size: int) -> None:
        """Keep a dictionary, unless another thread has built the same in the meantime."""
        if kept.setdefault(key, found) is found:
            self.size += size
            if self._grown:
                self._grown(self, size)

    def _which(self, period: str, open_too: bool) -> Key:
        """Return the key of a period's set of cells; most periods have one set for both audiences."""
        return (period, open_too and (period, True) in self._packed.periods)


class Cells:
    """Cells by (period, code, code, …), with the codes in the order of the question's dimensions."""

    def __init__(self, files: Mapping[str, CellIndex], dimensions: Codes, *, open_too: bool) -> None:
        self._files = files
        self._open_too = open_too
        self._order = tuple(dimensions.index(name) for name in sorted(dimensions))

    def cell(self, key: Codes) -> Cell:
        """Return the cell of a key; an empty cell when it has no events."""
        index = self._files[key[0]]
        return index.cells(key[0], open_too=self._open_too).get(self._codes(key), EMPTY)

    def steps(self, key: Codes) -> Steps:
        """Return the cumulative cells of a key, by cause."""
        index = self._files[key[0]]
        return index.steps(key[0], open_too=self._open_too).get(self._codes(key), {})

    def _codes(self, key: Codes) -> Codes:
        return tuple(key[i + 1] for i in self._order)


def _codes(row: tuple[str, ...]) -> Codes:
    """Return the codes interned, so that each is in memory once."""
    return tuple(map(intern, row))


def _cell(row: tuple[int, str, int, str, int, int]) -> Cell:
    n, key_sum, u, unit_sum, e, m = row
    return Cell(n, int(key_sum), u, int(unit_sum), e, m)


def _value(step: tuple[int, Cell]) -> int:
    return step[0]
