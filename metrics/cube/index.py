"""Cells in memory, found by period and codes in a dictionary: what a filter change costs is a few look-ups."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from sys import intern
from typing import Any

import polars as pl

from metrics.gate import EMPTY, Cell

Codes = tuple[str, ...]
Steps = Mapping[str, tuple[tuple[int, Cell], ...]]
"""cause → ((value, everything up to it), …), values growing."""

_SUMS = ("n", "n_key", "u", "u_key", "e", "m")
_CELL_BYTES, _STEP_BYTES, _LIST_BYTES = 430, 420, 500
"""What Python takes for a cell in a dictionary, for a step of a profile, and for a list of steps; a test measures it."""


class CellIndex:
    """The cells of one file by period; a period's dictionary is made when it is first asked for.

    A period with a month that is still open has two sets of cells; `open_too` picks the one that includes it.
    `grown` is told, with the index, by how many bytes a new dictionary has made it larger.
    """

    def __init__(
        self, frame: pl.DataFrame, dimensions: Codes, grown: Callable[["CellIndex", int], None] | None = None
    ) -> None:
        self.dimensions = dimensions
        self.size = int(frame.estimated_size())
        """Bytes."""
        self._frame = frame.sort("period", "open")
        self._grown = grown
        self._cells: dict[tuple[str, bool], Mapping[Codes, Cell]] = {}
        self._steps: dict[tuple[str, bool], Mapping[Codes, Steps]] = {}

    def cells(self, period: str, *, open_too: bool) -> Mapping[Codes, Cell]:
        """Cells that are not empty, by codes in the order of the file's dimensions."""
        key = self._which(period, open_too)
        if key not in self._cells:
            found = {_codes(row[:-6]): _cell(row[-6:]) for row in self._rows(key, (*self.dimensions, *_SUMS))}
            self._add(self._cells, key, found, len(found) * (_CELL_BYTES + 8 * len(self.dimensions)))
        return self._cells[key]

    def steps(self, period: str, *, open_too: bool) -> Mapping[Codes, Steps]:
        """Cumulative cells by codes and cause."""
        key = self._which(period, open_too)
        if key not in self._steps:
            rows = self._rows(key, (*self.dimensions, "cause", "step", *_SUMS))
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

    def _add(self, kept: dict[tuple[str, bool], Any], key: tuple[str, bool], found: object, size: int) -> None:
        """Keep a dictionary, unless another visitor has made the same in the meantime."""
        if kept.setdefault(key, found) is found:
            self.size += size
            if self._grown:
                self._grown(self, size)

    def _which(self, period: str, open_too: bool) -> tuple[str, bool]:
        """The set of cells of a period: most have one for both audiences."""
        return (period, open_too and (period, True) in self._spans)

    @cached_property
    def _spans(self) -> dict[tuple[str, bool], tuple[int, int]]:
        """Where the rows of a period begin, and how many they are."""
        counted = self._frame.group_by("period", "open", maintain_order=True).len().rows()
        spans, start = {}, 0
        for period, is_open, length in counted:
            spans[period, is_open] = start, length
            start += length
        return spans

    def _rows(self, key: tuple[str, bool], columns: Iterable[str]) -> list[tuple[Any, ...]]:
        start, length = self._spans.get(key, (0, 0))
        return self._frame.slice(start, length).select(columns).rows()


class Cells:
    """Cells by (period, codes in the order the question has them)."""

    def __init__(self, files: Mapping[str, CellIndex], dimensions: Codes, *, open_too: bool) -> None:
        self._files = files
        self._open_too = open_too
        self._order = tuple(dimensions.index(name) for name in sorted(dimensions))

    def cell(self, key: Codes) -> Cell:
        """The cell of a key; an empty one when nothing is in it."""
        index = self._files[key[0]]
        return index.cells(key[0], open_too=self._open_too).get(self._codes(key), EMPTY)

    def steps(self, key: Codes) -> Steps:
        """The cumulative cells of a key."""
        index = self._files[key[0]]
        return index.steps(key[0], open_too=self._open_too).get(self._codes(key), {})

    def _codes(self, key: Codes) -> Codes:
        return tuple(key[i + 1] for i in self._order)


def _codes(row: tuple[str, ...]) -> Codes:
    """Each code once in the memory of the process, whatever number of cells has it."""
    return tuple(map(intern, row))


def _cell(row: tuple[int, str, int, str, int, int]) -> Cell:
    n, key_sum, u, unit_sum, e, m = row
    return Cell(n, int(key_sum), u, int(unit_sum), e, m)


def _value(step: tuple[int, Cell]) -> int:
    return step[0]
