"""Lengths of time: whether a column's numbers are minutes, hours or parts of a day, and what its clocks count.

The header's unit tells, else the size and the fractions of the numbers; where neither does, the question stays open.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from data.ingest.recognise.asking import UNKNOWN
from data.ingest.recognise.dates import of_half_day
from data.ingest.recognise.problem import Problem

MINUTES, HOURS, DAYS = "minutes", "hours", "day_fractions"
CLOCK_HOURS, CLOCK_MINUTES = "clock_hours", "clock_minutes"
"""`1:15` read as an hour and a quarter, or as a minute and a quarter."""

_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?(?:\s?(h|t|tuntia?|tim|min)\.?)?", re.IGNORECASE)
_KLO = r"(?:(?:klo|kl|kello)\.? ?)?"
_HALF = r"(?: ?[ap]\.?m\.?)?"
_TIME = re.compile(rf"{_KLO}(\d{{1,2}})(?:[.:]([0-5]\d)(?:[.:][0-5]\d)?)?({_HALF})", re.IGNORECASE)
_ONE_END = rf"{_KLO}\d{{1,2}}(?:[.:][0-5]\d){{0,2}}{_HALF}"
_SPAN = re.compile(
    rf"(?:(?P<from>\d{{4}}-\d\d-\d\d) |.*\d{{4}},? )?(?P<first>{_ONE_END}) ?(?:[-–—]|to|till|asti) ?"
    rf"(?:(?P<until>\d{{4}}-\d\d-\d\d) )?(?P<last>{_ONE_END})",
    re.IGNORECASE,
)
_IS_CLOCK = re.compile(r"\d[.:]\d\d|\bkl", re.IGNORECASE)
_MOST_MINUTES = 12 * 60
"""Two times further apart are not those of one visit."""
_SOME, _MANY = 0.2, 0.9
"""Shares of rows: what is more than a slip of the pen, and what is as good as all."""
_LONGEST = 24
_LONG_VISIT = 8
"""Hours that nearly no visit takes."""


@dataclass(frozen=True)
class UnitEvidence:
    """What the column tells: `decided`, or the answers that it leaves open (the safe one first)."""

    decided: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Amount:
    """A number without a unit in so many rows, written with so many decimals."""

    value: float
    decimals: int
    rows: int

    def is_whole(self, per_unit: int) -> bool:
        """A whole number of minutes, if the unit has `per_unit` of them, as exactly as the decimals can tell."""
        value = self.value * per_unit
        return abs(value - round(value)) <= 0.02 + 0.5 * per_unit * float(10**-self.decimals)


def unit_of(amounts: Sequence[Amount], stated: str | None) -> UnitEvidence:
    """What the numbers of a column count; stated: `minutes` or `hours` if the header says so."""
    numbers = [amount for amount in amounts if amount.value > 0]
    if not numbers:
        return UnitEvidence(stated or MINUTES)
    if _are_day_fractions(numbers, _MANY if stated else 0.5):
        return UnitEvidence(DAYS) if stated is None else UnitEvidence(options=(DAYS, stated, UNKNOWN))
    if stated != MINUTES and _look_like_clocks(numbers):
        return UnitEvidence(options=(HOURS, CLOCK_HOURS, *((MINUTES,) if stated is None else ()), UNKNOWN))
    if stated == HOURS:
        is_odd = _share(numbers, lambda one: one.value > _LONG_VISIT) > _SOME
        return UnitEvidence(options=(UNKNOWN, HOURS, MINUTES)) if is_odd else UnitEvidence(HOURS)
    if stated == MINUTES:
        is_odd = _share(numbers, lambda one: one.value < _LONG_VISIT and not one.value.is_integer()) > _SOME
        return UnitEvidence(options=(UNKNOWN, MINUTES, HOURS, DAYS)) if is_odd else UnitEvidence(MINUTES)
    return UnitEvidence(MINUTES) if _are_minutes(numbers) else UnitEvidence(options=_open(numbers))


def clock_of(clocks: Sequence[tuple[str, int]], stated: str | None) -> UnitEvidence:
    """What `1:15` counts in a column of (text, rows); three parts with seconds in them are hours, minutes and seconds."""
    read = [(match, rows) for text, rows in clocks if (match := _CLOCK.fullmatch(text))]
    unsure = [(int(match[1]), int(match[2]), rows) for match, rows in read if not _tells(match)]
    total = sum(rows for *_, rows in unsure)
    if not unsure or stated == HOURS:
        return UnitEvidence(CLOCK_HOURS)
    beyond_day = sum(rows for first, _, rows in unsure if first > _LONGEST)
    if beyond_day > _SOME * total:
        return UnitEvidence(CLOCK_MINUTES)
    long = sum(rows for first, _, rows in unsure if first >= 4)
    round_ = sum(rows for _, second, rows in unsure if second % 5 == 0)
    if stated is None and not beyond_day and long <= (1 - _MANY) * total and round_ >= (1 - _SOME) * total:
        return UnitEvidence(CLOCK_HOURS)
    return UnitEvidence(options=(UNKNOWN, CLOCK_HOURS, CLOCK_MINUTES))


def is_clock(text: str) -> bool:
    """Two or three numbers with colons between them."""
    return _CLOCK.fullmatch(text) is not None


def clock_minutes(text: str, kind: str) -> float:
    """Minutes of a clock.

    >>> clock_minutes("1:15", CLOCK_HOURS), clock_minutes("1:15", CLOCK_MINUTES), clock_minutes("00:03:30", CLOCK_MINUTES)
    (75.0, 1.25, 3.5)
    """
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError("no clock")
    first, second, third = (int(part or 0) for part in match.groups()[:3])
    if kind == CLOCK_HOURS or _tells(match):
        return first * 60 + second + third / 60
    return first + second / 60


def clock_minute(text: str) -> int | None:
    """The minute of the day that a time is.

    >>> clock_minute("klo 9.45"), clock_minute("1:15 PM"), clock_minute("25:00"), clock_minute("3.4.2025")
    (585, 795, None, None)
    """
    match = _TIME.fullmatch(text.strip())
    if match is None or int(match[1]) > 23:
        return None
    return of_half_day(int(match[1]), match[3].strip()) * 60 + int(match[2] or 0)


def span_minutes(text: str) -> int | Problem | None:
    """Minutes between two times in one cell; None when it holds no such two. Where both are the same nobody has written the end.

    >>> span_minutes("klo 9.00–9.45"), span_minutes("3.4.2025 9:30 - 10"), span_minutes("5-10"), span_minutes("30")
    (45, 30, None, None)
    >>> span_minutes("10.00-9.00"), span_minutes("7.00-21.00")
    (Problem(reason='negative', params={}), Problem(reason='too_large_value', params={'most': 720}))
    """
    match = _SPAN.fullmatch(text)
    if match is None or not _IS_CLOCK.search(text):
        return None
    first, last = clock_minute(match["first"]), clock_minute(match["last"])
    if first is None or last is None:
        return Problem("bad_time")
    minutes = last - first
    if match["from"] and match["until"]:
        minutes += (date.fromisoformat(match["until"]) - date.fromisoformat(match["from"])).days * 24 * 60
    if minutes <= 0:
        return Problem("negative")
    return minutes if minutes <= _MOST_MINUTES else Problem("too_large_value", {"most": _MOST_MINUTES})


def point_minutes(value: float) -> int:
    """Minutes of `1.15` read as a clock: an hour and a quarter."""
    return int(value) * 60 + round(value % 1 * 100)


def _tells(match: re.Match[str]) -> bool:
    """Seconds other than zero after hours and minutes, or a unit: a spreadsheet makes 3:25:00 of any 3:25."""
    return bool(int(match[3] or 0)) or (match[4] is not None and match[4].lower() != "min")


def _share(numbers: Sequence[Amount], holds: Callable[[Amount], bool]) -> float:
    return sum(one.rows for one in numbers if holds(one)) / sum(one.rows for one in numbers)


def _are_day_fractions(numbers: Sequence[Amount], chance: float) -> bool:
    """Parts of a day with many decimals, whole minutes as such and not as hours: 0.03125 is 45 minutes.

    chance: the share of them that may be whole minutes as hours too.
    """
    long = [one for one in numbers if one.decimals >= 4]
    if max(one.value for one in numbers) >= 0.5 or _share(numbers, lambda one: one.decimals >= 4) < 0.5:
        return False
    of_day = _share(long, lambda one: one.is_whole(1440))
    of_hour = _share(long, lambda one: one.is_whole(60))
    return of_day >= _MANY and of_hour < chance


def _look_like_clocks(numbers: Sequence[Amount]) -> bool:
    """0.10, 0.45, 1.15: minutes after a point for the colon, or hundredths of hours.

    Two decimals, never over 59, some of which no five minutes are as hundredths of an hour.
    """
    hundredths = {round(one.value % 1 * 100) for one in numbers}
    fives = {round(number * 100 / 12) for number in range(12)}
    return all(one.decimals in (0, 2) for one in numbers) and max(hundredths) < 60 and not hundredths <= fives


def _are_minutes(numbers: Sequence[Amount]) -> bool:
    """Too long for hours, or round as people round minutes; nothing that looks like hours among them."""
    wholes = all(one.value.is_integer() for one in numbers)
    most = max(one.value for one in numbers)
    if wholes and most >= 10 and all(one.value % 5 == 0 for one in numbers):
        return True
    few_small = _share(numbers, lambda one: one.value < 5) <= _SOME
    return most > _LONGEST and few_small and not any(one.value < 5 and not one.value.is_integer() for one in numbers)


def _open(numbers: Sequence[Amount]) -> tuple[str, ...]:
    most = max(one.value for one in numbers)
    quarters = all((one.value * 4).is_integer() for one in numbers)
    if quarters and most <= 12 and not all(one.value.is_integer() for one in numbers):
        return (HOURS, MINUTES, UNKNOWN)
    return (UNKNOWN, MINUTES, HOURS, *((DAYS,) if most < 1 else ()))
