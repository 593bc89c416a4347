"""Day, month and year in numbers between two signs: in what order they stand is decided by all the dates of a column.

`05/03/2025` may be March or May; `25/03/2025` in another cell tells, if none contradicts it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from data import clock
from data.ingest.recognise.problem import Problem

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "day_first", "month_first", "year_first"

_PARTS = re.compile(r"(\d{1,2})(?:(\.)\s?|([/\-])|())(\d{1,2})(?:\2\s?|\3|\4)(\d{4}|\d{2})", re.ASCII)
_RUN_TOGETHER = re.compile(r"\d{4}(?:19|20)\d\d", re.ASCII)
_SLIPS = 0.1
"""Share of dotted dates that can only be read month first, up to which they are slips of the pen: people here write day first."""


@dataclass(frozen=True)
class Order:
    """By sign: the order the column tells, None where it leaves it open; signs whose cells are all clear are left out.

    open: the orders that the question has to choose from; rows of the question: `unsure`, texts that depend on the answer.
    """

    of_sign: Mapping[str, str | None] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    open: tuple[str, ...] = ()

    def with_answer(self, order: str) -> "Order":
        """Open signs read in an order."""
        return Order({sign: known or order for sign, known in self.of_sign.items()})


@dataclass(frozen=True)
class _Cell:
    sign: str
    days: Mapping[str, date]
    """The day in every order in which it is one."""

    @property
    def is_clear(self) -> bool:
        return len(set(self.days.values())) == 1


def order(texts: Sequence[str]) -> Order:
    """The order of the parts of a column's dates, sign by sign.

    >>> order(["05/03/2025", "25/03/2025"]).of_sign, order(["05/03/2025"]).of_sign
    ({'/': 'day_first'}, {'/': None})
    """
    by_sign: dict[str, dict[str, _Cell]] = {}
    for text in texts:
        cell = _cell(text)
        if cell and cell.days:
            by_sign.setdefault(cell.sign, {})[text] = cell
    of_sign: dict[str, str | None] = {}
    unsure: set[str] = set()
    possible: set[str] = set()
    for sign, cells in by_sign.items():
        orders = {order for cell in cells.values() for order in cell.days}
        fitting = {order for order in orders if all(order in cell.days for cell in cells.values())}
        if sign == "." and _day_first_share(cells) >= 1 - _SLIPS:
            of_sign[sign] = DAY_FIRST
        elif len(fitting) == 1 and sign != ".":
            of_sign[sign] = fitting.pop()
        else:
            open_ = {text for text, cell in cells.items() if not cell.is_clear}
            if open_:
                of_sign[sign] = None
                unsure |= open_
                possible |= {order for text in open_ for order in cells[text].days}
    listed = tuple(name for name in (DAY_FIRST, MONTH_FIRST, YEAR_FIRST) if name in possible)
    return Order(of_sign, frozenset(unsure), listed)


def day(text: str, known: Order) -> date | Problem | None:
    """The day of a text, or the Problem with it; None when it is not of this kind.

    A text that is a day in one order only is that day, except that dots go day first unless the column says otherwise.
    """
    cell = _cell(text)
    if cell is None:
        return None
    if not cell.days:
        return Problem("bad_date")
    order = known.of_sign.get(cell.sign)
    if order and order in cell.days:
        return cell.days[order]
    if cell.sign == "." and order == DAY_FIRST:
        return Problem("bad_date")
    return next(iter(cell.days.values())) if cell.is_clear else Problem("ambiguous_date")


@lru_cache(maxsize=40_000)  # a century of days; times make a column's texts many more than its days
def _cell(text: str) -> _Cell | None:
    match = _PARTS.fullmatch(text)
    if match is None or (not (match[2] or match[3]) and not _RUN_TOGETHER.fullmatch(text)):
        return None
    first, second, last = match[1], match[5], match[6]
    sign = match[2] or match[3] or ""
    written = {DAY_FIRST: (last, second, first), MONTH_FIRST: (last, first, second)}
    if sign == "-" and {len(first), len(second), len(last)} == {2}:
        written[YEAR_FIRST] = (first, second, last)
    days = {}
    for name, (year, month, number) in written.items():
        found = _date(whole_year(year), int(month), int(number))
        if found and (name != YEAR_FIRST or found.year >= 2000):
            days[name] = found
    return _Cell(sign, days)


def _day_first_share(cells: Mapping[str, _Cell]) -> float:
    return sum(DAY_FIRST in cell.days for cell in cells.values()) / len(cells)


def whole_year(text: str) -> int:
    """A year written with two digits is the latest of its kind that is not after the next one."""
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if 2000 + year <= clock.today().year + 1 else 1900 + year


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
