"""When people enter the cells of visitors: a second implementation in plain Python, person by person and month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, TypeVar

from metrics.gate import enough_from
from metrics.grammar.period import Period

Row = Mapping[str, Any]
Codes = tuple[str, ...]
T = TypeVar("T")
CHAIN: Mapping[str, Callable[[date], Any]] = {
    "quarter": lambda month: (month.year, (month.month - 1) // 3),
    "year": lambda month: month.year,
    "all": lambda _month: 0,
}
"""Periods that grow month by month: what the months of one have in common."""


@dataclass(frozen=True)
class Entered:
    """A row in a cell: from which month it is counted in each chain, and whether its month's own cell holds its people."""

    row: Row
    in_month: bool
    counted: Mapping[str, date] = field(default_factory=dict)

    def within(self, period: Period) -> bool:
        """Whether a period's cell holds the row."""
        day, last = self.row["occurred_on"], period.last_day or date.max
        if not (period.first_day or day) <= day <= last:
            return False
        if period.level == "month":
            return self.in_month
        chain = "year" if period.level == "ytd" else period.level
        return chain in self.counted and self.counted[chain] <= last


def entered(
    rows: Sequence[Row], names: Codes, together: int, met: Callable[[Row], bool] | None = None
) -> dict[Codes, list[Entered]]:
    """The rows of each cell, of rows with one code each. together: how many enter at once, at least.

    met: a condition; then the rows that meet it, from when they are counted as such.
    """
    found: dict[Codes, list[Entered]] = defaultdict(list)
    if not rows:
        return found
    days = [row["occurred_on"] for row in rows]
    months = [
        period.first_day for period in Period.parse("all").split("month", min(days), max(days)) if period.first_day
    ]
    for identified in (True, False):
        mine = [
            Visit(
                row,
                _first_day(row["occurred_on"]),
                frozenset((name, str(row[name])) for name in names),
                not met or met(row),
            )
            for row in rows
            if (row["client"] > 0) == identified
        ]
        counted: dict[int, dict[str, date]] = defaultdict(dict)
        for chain, of in CHAIN.items():
            for _, span in groupby(months, of):
                own = list(span)
                here = Span([one for one in mine if one.month in own], own, together)
                for place in {one.place for one in here.visits}:
                    for number, month in here.counted(place).items():
                        counted[number][chain] = month
                if met:
                    late = [
                        replace(one, month=counted[id(one.row)].pop(chain))
                        for one in here.visits if chain in counted[id(one.row)]
                    ]  # fmt: skip
                    after = Span(late, own, together, here)
                    for place in {one.place for one in late}:
                        for number, month in after.counted(place, met=True).items():
                            counted[number][chain] = month
        came = defaultdict(set)
        for one in mine:
            came[one.place, one.month].add(one.row["client"])
        for one in mine:
            if one.met:
                many = len(came[one.place, one.month]) >= together
                found[tuple(str(one.row[name]) for name in names)].append(Entered(one.row, many, counted[id(one.row)]))
    return found


@cache
def _first_day(day: date) -> date:
    return day.replace(day=1)


Place = frozenset[tuple[str, str]]


def _kept(of: Callable[[Span, Place, bool], T]) -> Callable[[Span, Place, bool], T]:
    """Keep what is found of a figure with its span."""

    def kept(self: Span, place: Place, met: bool) -> T:
        key = of.__name__, place, met
        if key not in self.found:
            self.found[key] = of(self, place, met)
        found: T = self.found[key]
        return found

    return kept


@dataclass(frozen=True)
class Visit:
    """A row, the month that it is of, its codes, and whether it meets the condition."""

    row: Row
    month: date
    place: Place
    met: bool


@dataclass(eq=False)
class Span:
    """One quarter, year or all time. before: the same visits as they came, where these are of the months they are counted in."""

    visits: list[Visit]
    months: list[date]
    together: int
    before: Span | None = None
    found: dict[tuple[str, Place, bool], Any] = field(default_factory=dict)

    def counted(self, place: Place, *, met: bool = False) -> dict[int, date]:
        """By row (its id): the month from which it is counted in a cell."""
        entry, possible = self.entry(place, met), self.possible(place, met)
        found, waiting, mine = {}, list[Visit](), self._at(place, met)
        for one in mine:
            if one.month <= entry.get(one.row["client"], date.min):
                found[id(one.row)] = entry[one.row["client"]]
        for month in self.months:
            waiting += [one for one in mine if one.month == month and entry.get(one.row["client"], month) < month]
            if month in possible and len({one.row["client"] for one in waiting}) >= self.together:
                found |= {id(one.row): month for one in waiting}
                waiting = []
        return found

    @_kept
    def entry(self, place: Place, met: bool) -> dict[int, date]:
        """By client, the month of entering a figure."""
        new: dict[int, date] = {}
        for one in self._at(place, met):
            new[one.row["client"]] = min(one.month, new.get(one.row["client"], date.max))
        for wider in self._wider(place, met) if not self.before else ():
            earlier = self.entry(*wider)
            new = {client: max(month, earlier[client]) for client, month in new.items() if client in earlier}
        found, waiting = dict[int, date](), set[int]()
        for month in self.months:
            waiting |= {client for client, since in new.items() if since == month}
            if month in self.possible(place, met) and len(waiting) >= self.together:
                found |= dict.fromkeys(waiting, month)
                waiting = set()
        return found

    @_kept
    def possible(self, place: Place, met: bool) -> set[date]:
        """The months by which so many have come to each wider figure since the month before in which that was so."""
        wider = self._wider(place, met)
        if self.before and not met:
            return self.before.possible(place, met)
        if not wider:
            return set(self.months)
        found, since = set[date](), [set[int]() for _ in wider]
        for month in self.months:
            rows = [{id(one.row) for one in self._at(*figure) if one.month <= month} for figure in wider]
            mine = {id(one.row) for one in self._at(place, met) if one.month <= month}
            for people, figure in zip(since, wider, strict=True):
                people |= {one.row["client"] for one in self._at(*figure) if one.month == month}
            # A cell that holds everybody of a wider figure is as that figure.
            whole = [figure for figure, all_of in zip(wider, rows, strict=True) if mine and mine == all_of]
            if any(month in self.possible(*figure) for figure in whole) or all(
                len(one) >= enough_from(self.together) for one in since
            ):
                found.add(month)
                since = [set[int]() for _ in wider]
        return found

    def _wider(self, place: Place, met: bool) -> list[tuple[Place, bool]]:
        """The figures of one code fewer, of which the condition is one."""
        fewer = [(place - {one}, met) for one in place] if met or len(place) > 1 else []
        return [*fewer, (place, False)] if met and place else fewer

    @_kept
    def _at(self, place: Place, met: bool) -> list[Visit]:
        return [one for one in self.visits if place <= one.place and (one.met or not met)]
