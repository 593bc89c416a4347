"""Cells in memory, found by period and codes in a dictionary: what a filter change costs is a few look-ups."""

from collections.abc import Mapping
from functools import cached_property

import polars as pl

from metrics.gate import EMPTY, Cell

Codes = tuple[str, ...]
Steps = Mapping[str, tuple[tuple[int, Cell], ...]]
"""cause → ((value, everything up to it), …), values growing."""

_SUMS = ("n", "n_key", "u", "u_key", "e", "m")


class CellIndex:
    """The cells of one file by period; a period's dictionary is made when it is first asked for.

    A period with a month that is still open has two sets of cells; `open_too` picks the one that includes it.
    """

    def __init__(self, frame: pl.DataFrame, dimensions: tuple[str, ...]) -> None:
        self.frame = frame
        self.dimensions = dimensions
        self._cells: dict[tuple[str, bool], Mapping[Codes, Cell]] = {}
        self._steps: dict[tuple[str, bool], Mapping[Codes, Steps]] = {}

    def cells(self, period: str, *, open_too: bool) -> Mapping[Codes, Cell]:
        """Cells that are not empty, by codes in the order of the file's dimensions."""
        key = (period, open_too)
        if key not in self._cells:
            rows = self._rows(period, open_too, (*self.dimensions, *_SUMS))
            self._cells[key] = {row[:-6]: _cell(row[-6:]) for row in rows}
        return self._cells[key]

    def steps(self, period: str, *, open_too: bool) -> Mapping[Codes, Steps]:
        """Cumulative cells by codes and cause."""
        key = (period, open_too)
        if key not in self._steps:
            found: dict[Codes, dict[str, list[tuple[int, Cell]]]] = {}
            for row in self._rows(period, open_too, (*self.dimensions, "cause", "step", *_SUMS)):
                found.setdefault(row[:-8], {}).setdefault(row[-8], []).append((row[-7], _cell(row[-6:])))
            self._steps[key] = {
                codes: {cause: tuple(sorted(steps, key=_value)) for cause, steps in causes.items()}
                for codes, causes in found.items()
            }
        return self._steps[key]

    @cached_property
    def _parts(self) -> dict[tuple[object, ...], pl.DataFrame]:
        return self.frame.partition_by("period", "open", as_dict=True)

    def _rows(self, period: str, open_too: bool, columns: tuple[str, ...]) -> list[tuple]:  # type: ignore[type-arg]
        part = self._parts.get((period, True)) if open_too else None
        if part is None:
            part = self._parts.get((period, False))
        return [] if part is None else part.select(columns).rows()


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


def _cell(row: tuple[int, str, int, str, int, int]) -> Cell:
    n, key_sum, u, unit_sum, e, m = row
    return Cell(n, int(key_sum), u, int(unit_sum), e, m)


def _value(step: tuple[int, Cell]) -> int:
    return step[0]
