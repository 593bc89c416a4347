"""When people enter the cells of visitors: a second implementation in plain Python, person by person and month by month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.grammar.period import Period

Row = Mapping[str, Any]
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Entered:
    """A row in a cell: the first day of the month in which it is counted, and whether its own month was a small one."""

    row: Row
    month: date
    waited: bool

    def within(self, period: Period) -> bool:
        """Whether a period's cell holds the row."""
        if self.waited and period.level == "month":
            return False
        return (period.first_day or self.month) <= self.month <= (period.last_day or self.month)


def entered(rows: Sequence[Row], names: Codes, together: int) -> dict[Codes, list[Entered]]:
    """The rows of each cell that have entered it, of rows with one code each. together: how many enter at once, at least."""
    found: dict[Codes, list[Entered]] = defaultdict(list)
    if not rows:
        return found
    days = [row["occurred_on"] for row in rows]
    months = [period.first_day for period in Period.parse("all").split("month", min(days), max(days))]
    for identified in (True, False):
        mine = [row for row in rows if (row["client"] > 0) == identified]
        for codes in {tuple(str(row[name]) for name in names) for row in mine}:
            cell = [row for row in mine if tuple(str(row[name]) for name in names) == codes]
            of_codes = [
                by_month(row for row in mine if str(row[name]) == code) for name, code in zip(names, codes, strict=True)
            ]
            found[codes] += _in_cell(cell, [month for month in months if month], of_codes, together)
    return found


def by_month(rows: Iterable[Row]) -> dict[date, set[int]]:
    """Who came, by the first day of the month."""
    found: dict[date, set[int]] = defaultdict(set)
    for row in rows:
        found[row["occurred_on"].replace(day=1)].add(row["client"])
    return found


def _in_cell(
    cell: Iterable[Row], months: Iterable[date], of_codes: Sequence[Mapping[date, set[int]]], together: int
) -> list[Entered]:
    rows = list(cell)
    came = by_month(rows)
    since_last = [set[int]() for _ in of_codes]
    waiting: list[Row] = []
    found: list[Entered] = []
    for month in months:
        now = [row for row in rows if row["occurred_on"].replace(day=1) == month]
        if len(came.get(month, ())) >= together:
            found += [Entered(row, month, waited=False) for row in now]
        else:
            waiting += now
        for people, of_code in zip(since_last, of_codes, strict=True):
            people |= of_code.get(month, set())
        if all(len(people) >= together for people in since_last):
            since_last = [set[int]() for _ in of_codes]
            if len({row["client"] for row in waiting}) >= together:
                found += [Entered(row, month, waited=True) for row in waiting]
                waiting = []
    return found
