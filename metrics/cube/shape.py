"""Which cells are computed: their dimensions, levels of period, audience, and of whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from metrics.cube.part import CellPart

LEVELS = ("month", "quarter", "year", "all")
_LABEL = {
    "month": "(month // 12)::VARCHAR || '-' || lpad((month % 12 + 1)::VARCHAR, 2, '0')",
    "quarter": "(month // 12)::VARCHAR || '-Q' || (month % 12 // 3 + 1)::VARCHAR",
    "year": "(month // 12)::VARCHAR",
    "all": "'all'",
}


@dataclass(frozen=True)
class Slice:
    """Some of several parts of the clients, by their keys; an anonymous visitor lies in one by its own. numbers: from 0."""

    numbers: tuple[int, ...]
    of: int

    @property
    def condition(self) -> str:
        """The condition on rows of a fact."""
        return f"abs(client) % {self.of} IN ({', '.join(map(str, self.numbers)) or 'NULL'})"


@dataclass(frozen=True)
class Shape:
    """The set of cells to compute: broken down by `dimensions`, at all levels or, with `to_month`, for the year to that month.

    closed: the last closed month (year × 12 + month − 1); has_open: there are later ones, which give periods that include them a
    second cell, marked open; batch: the smallest number of clients admitted at once (`metrics.cube.admission`), 0: all count in
    their own month; part: what of it is needed, None for all; slice: which clients are counted, None for all.
    """

    dimensions: tuple[str, ...]
    closed: int
    has_open: bool = False
    to_month: int | None = None
    batch: int = 0
    part: CellPart | None = field(default=None, repr=False)
    slice: Slice | None = field(default=None, repr=False)

    def label(self, level: str) -> str:
        """Return the SQL expression of a period's name."""
        if self.to_month is None:
            return _LABEL[level]
        return f"{_LABEL['year']} || '-ytd-{self.to_month:02d}'"

    @property
    def still(self) -> dict[str, int]:
        """By dimension, the last month of the last whole year: after it, no code changes in visitors' breakdowns."""
        return dict.fromkeys(self.dimensions, (self.closed + 1) // 12 * 12 - 1) if self.batch else {}

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels to compute, finest first."""
        every = LEVELS if self.to_month is None else ("year",)
        return every if self.part is None else tuple(level for level in every if level in self.part.levels)
