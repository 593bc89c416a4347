"""Looking cells up: from the cube's frames to `Cell`s by period and codes, for the audience that asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from metrics.cells import Counting, Profile
from metrics.cube import Cube
from metrics.gate import EMPTY, Audience, Cell
from metrics.period import Period

_SUMS = ("n", "n_key", "u", "u_key", "e", "m")

Key = tuple[str, ...]
"""(period, code, code, …), the codes in the order of the dimensions asked for."""

Steps = Mapping[str, tuple[tuple[int, Cell], ...]]
"""cause → ((value, everything up to it), …), values growing."""


@dataclass(frozen=True)
class Lookup:
    """Cells of a cube as one audience may use them: the running month is for the internal one alone."""

    cube: Cube
    audience: Audience

    def counts(
        self, measure: Counting, dimensions: Sequence[str], periods: Iterable[Period], only: Mapping[str, Sequence[str]]
    ) -> dict[Key, Cell]:
        """Cells that are not empty, by key. `only` limits dimensions to codes."""
        found: dict[Key, Cell] = {}
        for to_month, names in _by_file(periods).items():
            frame = self.cube.counts((measure,), tuple(dimensions), to_month)[0]
            for row in self._rows(frame, dimensions, names, only, ("period", *dimensions, *_SUMS)):
                found[row[:-6]] = _cell(row[-6:])
        return found

    def profiles(
        self, measure: Profile, dimensions: Sequence[str], periods: Iterable[Period], only: Mapping[str, Sequence[str]]
    ) -> dict[Key, Steps]:
        """Cumulative cells by key and cause."""
        found: dict[Key, dict[str, list[tuple[int, Cell]]]] = {}
        for to_month, names in _by_file(periods).items():
            frame = self.cube.profile(measure, tuple(dimensions), to_month)
            columns = ("period", *dimensions, "cause", "step", *_SUMS)
            for row in self._rows(frame.sort("step"), dimensions, names, only, columns):
                steps = found.setdefault(row[:-8], {}).setdefault(row[-8], [])
                if steps and steps[-1][0] == row[-7]:
                    steps.pop()
                steps.append((row[-7], _cell(row[-6:])))
        return {key: {cause: tuple(steps) for cause, steps in causes.items()} for key, causes in found.items()}

    def warm(self, measures: Sequence[Counting], dimensions: Sequence[str], periods: Iterable[Period]) -> None:
        """Make all cells that will be asked for in one scan."""
        for to_month in _by_file(periods):
            self.cube.counts(measures, tuple(dimensions), to_month)

    def _rows(
        self,
        frame: pl.DataFrame,
        dimensions: Sequence[str],
        periods: list[str],
        only: Mapping[str, Sequence[str]],
        columns: tuple[str, ...],
    ) -> list[tuple]:  # type: ignore[type-arg]
        keep = pl.col("period").is_in(periods)
        for name in dimensions:
            if name in only:
                keep &= pl.col(name).is_in(list(only[name]))
        rows = frame.filter(keep)
        if self.audience == "protected":
            rows = rows.filter(~pl.col("open"))
        elif rows["open"].any():
            # A period with an open month has two sets of cells: the internal audience sees the one with that month.
            with_open = rows.filter("open")["period"].unique().to_list()
            rows = rows.filter(pl.col("open") | ~pl.col("period").is_in(with_open))
        return rows.select(columns).rows()


def cell_at(steps: Sequence[tuple[int, Cell]], value: int) -> Cell:
    """Everything up to a value: the last step not beyond it."""
    found = EMPTY
    for at, cell in steps:
        if at > value:
            break
        found = cell
    return found


def _cell(row: tuple[int, str, int, str, int, int]) -> Cell:
    n, key_sum, u, unit_sum, e, m = row
    return Cell(n, int(key_sum), u, int(unit_sum), e, m)


def _by_file(periods: Iterable[Period]) -> dict[int | None, list[str]]:
    """Period names by the file they are in: one for the usual levels, one for each month a year-to-date ends in."""
    found: dict[int | None, list[str]] = {}
    for period in periods:
        found.setdefault(period.number if period.level == "ytd" else None, []).append(str(period))
    return found
