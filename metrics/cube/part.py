"""What of a set of cells one question needs, where nobody has made the set yet: so much is computed at once, and no more.

A part never differs from the whole. Cells of other codes bear upon when people enter a breakdown (`metrics.cube.admission`), so
single codes are computed alone for visitors only where there is one dimension and no condition, or where a month's own people are
counted, who wait for nobody; and never where people stay, since a code's cell holds those who wait to leave it in each month in
which anybody of any code is there. A year does not bear upon another one, but all time takes in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf

from metrics.cube.counting import Counting, CumulativeProfile
from metrics.grammar.period import Period

CodesOf = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class CellPart:
    """Levels of period, the years that they lie in (None: all), and the codes that dimensions are fixed to."""

    levels: tuple[str, ...]
    years: tuple[int, int] | None = None
    codes: CodesOf = ()

    @classmethod
    def of(
        cls, periods: Iterable[Period], dimensions: tuple[str, ...], only: Mapping[str, tuple[str, ...]],
        measure: Counting | CumulativeProfile, *, batched: bool,
    ) -> CellPart:  # fmt: skip
        """Return the part of a measure's cells that periods of one file need.

        only: codes by dimension; batched: cells of visitors.
        """
        asked = tuple(periods)
        levels = {"year" if one.level == "ytd" else one.level for one in asked}
        years = [one.year for one in asked]
        codes = tuple((name, only[name]) for name in sorted(dimensions) if name in only)
        of_some = isinstance(measure, Counting) and measure.of_some
        by_itself = len(dimensions) + of_some <= 1 or (levels == {"month"} and not measure.changes_later)
        apart = not batched or (by_itself and not measure.fact.is_stock)
        return cls(
            tuple(sorted(levels)),
            None if "all" in levels or not years else (min(years), max(years)),
            codes if apart else (),
        )

    def covers(self, other: CellPart) -> bool:
        """Return whether what another part needs is in this one."""
        theirs = dict(other.codes)
        return (
            set(other.levels) <= set(self.levels)
            and all(set(theirs.get(name, ())) <= set(codes) and name in theirs for name, codes in self.codes)
            and self._span[0] <= other._span[0]
            and other._span[1] <= self._span[1]
        )

    def joined(self, other: CellPart) -> CellPart | None:
        """Return this and another part as one, where they are of years one after another and alike besides; else None."""
        if self.years is None or other.years is None or (self.levels, self.codes) != (other.levels, other.codes):
            return None
        if max(self.years[0], other.years[0]) > min(self.years[1], other.years[1]) + 1:
            return None
        return replace(self, years=(min(*self.years, *other.years), max(*self.years, *other.years)))

    @property
    def _span(self) -> tuple[float, float]:
        return self.years or (-inf, inf)

    def condition(self, *, is_stock: bool) -> str:
        """Return the condition on the rows of a fact. is_stock: neighbouring months hold the same people, over new year too."""
        parts = [f"{name}::VARCHAR IN ({', '.join(map(_text, codes))})" for name, codes in self.codes]
        if self.years and not is_stock:
            parts.append(f"month BETWEEN {self.years[0] * 12} AND {self.years[1] * 12 + 11}")
        return " AND ".join(parts) or "true"


def _text(code: str) -> str:
    return "'" + code.replace("'", "''") + "'"
