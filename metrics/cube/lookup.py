"""Looking cells up in the cube for the audience that asks: the running month is for the internal one alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metrics.cube.cube import Cube
from metrics.cube.index import Cells
from metrics.cube.sql import Counting, CumulativeProfile
from metrics.gate import EMPTY, Audience, Cell, is_exact
from metrics.grammar.period import Period

RowKey = tuple[str, ...]
"""(period, code, code, …), the codes in the order of the dimensions asked for."""


@dataclass(frozen=True)
class Lookup:
    """Cells of a cube as one audience may use them."""

    cube: Cube
    audience: Audience

    def counts(self, measure: Counting, dimensions: tuple[str, ...], periods: Iterable[Period]) -> Cells:
        """Cells of a measure."""
        files = {
            str(period): self.cube.counts((measure,), dimensions, to_month)[0]
            for to_month, together in _by_file(periods).items()
            for period in together
        }
        return Cells(files, dimensions, open_too=is_exact(self.audience))

    def profiles(self, measure: CumulativeProfile, dimensions: tuple[str, ...], periods: Iterable[Period]) -> Cells:
        """Cumulative cells of a profile."""
        files = {
            str(period): self.cube.profile(measure, dimensions, to_month)
            for to_month, together in _by_file(periods).items()
            for period in together
        }
        return Cells(files, dimensions, open_too=is_exact(self.audience))

    def warm(self, measures: Sequence[Counting], dimensions: tuple[str, ...], periods: Iterable[Period]) -> None:
        """Make all cells that will be asked for in one scan."""
        for to_month in _by_file(periods):
            self.cube.counts(measures, dimensions, to_month)


def cell_at(steps: Sequence[tuple[int, Cell]], value: int) -> Cell:
    """Everything up to a value: the last step not beyond it."""
    found = EMPTY
    for at, cell in steps:
        if at > value:
            break
        found = cell
    return found


def _by_file(periods: Iterable[Period]) -> dict[int | None, list[Period]]:
    """Periods by the file they are in: one for the usual levels, one for each month a year-to-date ends in."""
    found: dict[int | None, list[Period]] = {}
    for period in periods:
        found.setdefault(period.number if period.level == "ytd" else None, []).append(period)
    return found
