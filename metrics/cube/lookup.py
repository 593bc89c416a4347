"""Look-up of cells for an audience; open months are included only for the internal one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from metrics.audience import Audience, is_exact
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.cube import Cube
from metrics.cube.index import CellIndex, Cells
from metrics.cube.part import CellPart
from metrics.gate import EMPTY, Cell
from metrics.grammar.period import Period

RowKey = tuple[str, ...]
"""A key (period, code, code, …), with the codes in the order of the question's dimensions."""


@dataclass(frozen=True)
class SetOfCells:
    """Cells of whatever measures that one scan of a fact counts. Fields: as of `Cube.counts`."""

    dimensions: tuple[str, ...]
    to_month: int | None
    part: CellPart | None
    batched: bool

    def count(self, cube: Cube, measures: Sequence[Counting]) -> None:
        """Compute those of some measures that are not there. Raises StoreError."""
        cube.counts(measures, self.dimensions, self.to_month, batched=self.batched, part=self.part)

    def lacking_of(self, cube: Cube, measures: Sequence[Counting]) -> list[Counting]:
        """Return those of some measures that are not there."""
        return cube.lacking_of(measures, self.dimensions, self.to_month, self.part, batched=self.batched)

    def joined(self, other: SetOfCells) -> SetOfCells | None:
        """Return this and another set as one, where they are parts of one set in years one after another; else None."""
        if self == other:
            return self
        if self.part is None or other.part is None or replace(self, part=None) != replace(other, part=None):
            return None
        part = self.part.joined(other.part)
        return replace(self, part=part) if part else None


@dataclass(frozen=True)
class Lookup:
    """The cells of a cube that one audience may use. only: by dimension, the codes that are asked for, where not all are."""

    cube: Cube
    audience: Audience
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def counts(self, measure: Counting, dimensions: tuple[str, ...], periods: Iterable[Period]) -> Cells:
        """Return the cells of a measure for the periods. Raises StoreError."""
        files: dict[str, CellIndex] = {}
        for to_month, together in _by_file(periods).items():
            part = self._part(together, dimensions, measure)
            index = self.cube.counts((measure,), dimensions, to_month, batched=self._batched, part=part)[0]
            files |= {str(period): index for period in together}
        return Cells(files, dimensions, open_too=is_exact(self.audience))

    def profiles(self, measure: CumulativeProfile, dimensions: tuple[str, ...], periods: Iterable[Period]) -> Cells:
        """Return the cumulative cells of a profile for the periods. Raises StoreError."""
        files: dict[str, CellIndex] = {}
        for to_month, together in _by_file(periods).items():
            part = self._part(together, dimensions, measure)
            index = self.cube.profile(measure, dimensions, to_month, batched=self._batched, part=part)
            files |= {str(period): index for period in together}
        return Cells(files, dimensions, open_too=is_exact(self.audience))

    def warm(self, measures: Sequence[Counting], dimensions: tuple[str, ...], periods: Iterable[Period]) -> None:
        """Compute all cells needed by the measures in one scan, before they are looked up one by one. Raises StoreError."""
        for cells, together in self.needed(measures, dimensions, periods).items():
            cells.count(self.cube, together)

    def needed(
        self, measures: Sequence[Counting], dimensions: tuple[str, ...], periods: Iterable[Period]
    ) -> dict[SetOfCells, list[Counting]]:
        """Return the sets of cells that the periods need, and of which measures."""
        found: dict[SetOfCells, list[Counting]] = {}
        for to_month, together in _by_file(periods).items():
            for measure in measures:
                part = self._part(together, dimensions, measure)
                cells = SetOfCells(tuple(sorted(dimensions)), to_month, part, self._batched)
                found.setdefault(cells, []).append(measure)
        return found

    def _part(
        self, periods: Sequence[Period], dimensions: tuple[str, ...], measure: Counting | CumulativeProfile
    ) -> CellPart:
        return CellPart.of(periods, dimensions, self.only, measure, batched=self._batched)

    @property
    def _batched(self) -> bool:
        return not is_exact(self.audience)


def cell_at(steps: Sequence[tuple[int, Cell]], value: int) -> Cell:
    """Return the cell of everything up to a value: that of the last step not above it."""
    after = bisect_right(steps, value, key=itemgetter(0))
    return steps[after - 1][1] if after else EMPTY


def _by_file(periods: Iterable[Period]) -> dict[int | None, list[Period]]:
    """Return the periods by file: None for months, quarters, years and all time, else the month a year-to-date ends in."""
    found: dict[int | None, list[Period]] = {}
    for period in periods:
        found.setdefault(period.number if period.level == "ytd" else None, []).append(period)
    return found
