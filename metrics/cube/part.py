"""What of a set of cells one question needs, where nobody has made the set yet: so much is computed at once, and no more.

A part never differs from the whole. Cells of other codes bear upon when people enter a breakdown (`metrics.cube.settling`), so
single codes are computed alone for visitors only where there is one dimension, and no condition. A year does not bear upon
another one, but all time takes in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
        cls, periods: Iterable[Period], dimensions: tuple[str, ...], only: Mapping[str, tuple[str, ...]], *, settled: bool,
        of_some: bool,
    ) -> CellPart:  # fmt: skip
        """Return the part that periods of one file need.

        only: codes by dimension; settled: cells of visitors; of_some: there is a condition.
        """
        asked = tuple(periods)
        levels = {"year" if one.level == "ytd" else one.level for one in asked}
        years = [one.year for one in asked]
        codes = tuple((name, only[name]) for name in sorted(dimensions) if name in only)
        return cls(
            tuple(sorted(levels)),
            None if "all" in levels or not years else (min(years), max(years)),
            () if settled and len(dimensions) + of_some > 1 else codes,
        )

    def condition(self, *, stays: bool) -> str:
        """Return the condition on the rows of a fact. stays: neighbouring months hold the same people, also over the new year."""
        parts = [f"{name}::VARCHAR IN ({', '.join(map(_text, codes))})" for name, codes in self.codes]
        if self.years and not stays:
            parts.append(f"month BETWEEN {self.years[0] * 12} AND {self.years[1] * 12 + 11}")
        return " AND ".join(parts) or "true"


def _text(code: str) -> str:
    return "'" + code.replace("'", "''") + "'"
