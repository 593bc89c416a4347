"""When people enter the cells of visitors: a second implementation in plain Python, person by person and month by month."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from metrics.grammar.period import Period

Row = Mapping[str, Any]
Codes = tuple[str, ...]
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


def entered(rows: Sequence[Row], names: Codes, together: int) -> dict[Codes, list[Entered]]:
    """The rows of each cell, of rows with one code each. together: how many enter at once, at least."""
    found: dict[Codes, list[Entered]] = defaultdict(list)
    if not rows:
        return found
    days = [row["occurred_on"] for row in rows]
    months = [
        period.first_day for period in Period.parse("all").split("month", min(days), max(days)) if period.first_day
    ]
    for identified in (True, False):
        mine = [row for row in rows if (row["client"] > 0) == identified]
        for codes in {tuple(str(row[name]) for name in names) for row in mine}:
            cell = [row for row in mine if tuple(str(row[name]) for name in names) == codes]
            of_codes = [
                [row for row in mine if str(row[name]) == code] for name, code in zip(names, codes, strict=True)
            ]
            counted: dict[int, dict[str, date]] = defaultdict(dict)
            for chain, of in CHAIN.items():
                for _, span in groupby(months, of):
                    own = list(span)
                    parts = [[row for row in part if _month(row) in own] for part in (cell, *of_codes)]
                    for place, month in _in_chain(parts[0], parts[1:], own, together).items():
                        counted[place][chain] = month
            came = _by_month(cell)
            found[codes] += [
                Entered(row, len(came[_month(row)]) >= together, counted[id(row)]) for row in cell
            ]  # fmt: skip
    return found


def _month(row: Row) -> date:
    return _first_day(row["occurred_on"])


@cache
def _first_day(day: date) -> date:
    return day.replace(day=1)


def _by_month(rows: Iterable[Row]) -> Mapping[date, set[int]]:
    found: dict[date, set[int]] = defaultdict(set)
    for row in rows:
        found[_month(row)].add(row["client"])
    return found


def _in_chain(cell: list[Row], of_codes: Sequence[list[Row]], months: list[date], together: int) -> dict[int, date]:
    """By row (its id): the month from which it is counted in one quarter, year or all time."""
    possible = set(months) if len(of_codes) < 2 else _possible(cell, of_codes, months, together)
    new = _first(cell)
    for rows in of_codes if len(of_codes) > 1 else ():
        of_code = _entry(_first(rows), months, months, together)
        new = {client: max(month, of_code[client]) for client, month in new.items() if client in of_code}
    entry = _entry(new, months, possible, together)
    found, waiting = {}, list[Row]()
    for row in cell:
        if row["client"] in entry and _month(row) <= entry[row["client"]]:
            found[id(row)] = entry[row["client"]]
    for month in months:
        waiting += [row for row in cell if _month(row) == month and entry.get(row["client"], month) < month]
        if month in possible and len({row["client"] for row in waiting}) >= together:
            found |= {id(row): month for row in waiting}
            waiting = []
    return found


def _first(rows: Iterable[Row]) -> dict[int, date]:
    found: dict[int, date] = {}
    for row in rows:
        found[row["client"]] = min(_month(row), found.get(row["client"], date.max))
    return found


def _entry(new: Mapping[int, date], months: list[date], possible: Collection[date], together: int) -> dict[int, date]:
    found: dict[int, date] = {}
    waiting: set[int] = set()
    for month in months:
        waiting |= {client for client, since in new.items() if since == month}
        if month in possible and len(waiting) >= together:
            found |= dict.fromkeys(waiting, month)
            waiting = set()
    return found


def _possible(cell: list[Row], of_codes: Sequence[list[Row]], months: list[date], together: int) -> set[date]:
    """The months by which so many have come of each code since the month before in which that was so."""
    found: set[date] = set()
    since = [set[int]() for _ in of_codes]
    came = [_by_month(rows) for rows in of_codes]
    for month in months:
        for people, of_code in zip(since, came, strict=True):
            people |= of_code.get(month, set())
        # A cell that holds everybody of one of its codes is as the figure of that code.
        mine = {id(row) for row in cell if _month(row) <= month}
        is_whole = any(mine and mine == {id(row) for row in rows if _month(row) <= month} for rows in of_codes)
        if is_whole or all(len(people) >= together for people in since):
            found.add(month)
            since = [set[int]() for _ in of_codes]
    return found
