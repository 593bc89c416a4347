"""Days, months and hours as people and programs write them: Finnish, ISO, with slashes, Excel serial numbers."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from babel.dates import get_month_names

from data.codes import normalise
from data.ingest.recognise.problem import Problem

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DOTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?:[ T].*)?")
_COMPACT = re.compile(r"(19\d\d|20\d\d)(\d\d)(\d\d)")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T].*)?")
_YEAR_SLASHES = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T].*)?")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s?[/.\-]\s?(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})\s?[-/.M]\s?(\d{1,2})")
_NAMED_MONTH = re.compile(r"([^\W\d]+)\s+(\d{4})")
_HOUR = re.compile(r"(?:klo|kl)?\s?(\d{1,2})(?:[.:](\d\d)(?::\d\d)?)?(?:\s?-.*)?", re.IGNORECASE)

_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(18_264, 73_051)
"""Excel's numbers of 1950–2099; others are no dates we know of."""


def days(texts: Sequence[str]) -> list[date | Problem]:
    """The day each text means. Whether `05/03/2026` is March or May is told by the other texts of the column, if at all.

    >>> days(["05/03/2026", "25/03/2026"])[0], days(["05/03/2026"])[0].reason
    (datetime.date(2026, 3, 5), 'ambiguous_date')
    """
    slashes = [match for text in texts if (match := _SLASHES.fullmatch(text))]
    day_first = any(int(match[1]) > 12 for match in slashes)
    month_first = any(int(match[2]) > 12 for match in slashes)
    order = "day" if day_first and not month_first else "month" if month_first and not day_first else None
    return [_day(text, order) for text in texts]


def month(text: str) -> date | Problem:
    """The first day of the month a text means: `9/2024`, `2025-04`, `syyskuu 2024`, or a whole date.

    >>> month("9/2024")
    datetime.date(2024, 9, 1)
    """
    if match := _MONTH_YEAR.fullmatch(text):
        return _date(int(match[2]), int(match[1]), 1, "bad_month")
    if match := _YEAR_MONTH.fullmatch(text):
        return _date(int(match[1]), int(match[2]), 1, "bad_month")
    if match := _NAMED_MONTH.fullmatch(text):
        number = _month_names().get(normalise(match[1]))
        return _date(int(match[2]), number, 1, "bad_month") if number else Problem("bad_month")
    day = _day(text, None)
    return Problem("bad_month") if isinstance(day, Problem) else day.replace(day=1)


def hour(text: str) -> int | Problem:
    """The hour of a clock time: `14`, `14.30`, `klo 9:15`, `14:00:00`."""
    match = _HOUR.fullmatch(text)
    return int(match[1]) if match else Problem("bad_time")


def _day(text: str, order: str | None) -> date | Problem:
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text) or _YEAR_SLASHES.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DOTS.fullmatch(text):
        return _date(_whole_year(match[3]), int(match[2]), int(match[1]))
    if match := _SLASHES.fullmatch(text):
        return _slashes(int(match[1]), int(match[2]), int(match[3]), order)
    if (match := _SERIAL.fullmatch(text)) and int(match[1]) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(match[1]))
    return Problem("bad_date")


def _slashes(first: int, second: int, year: int, order: str | None) -> date | Problem:
    if first > 12 or first == second or (order == "day" and second <= 12):
        return _date(year, second, first)
    if second > 12 or order == "month":
        return _date(year, first, second)
    return Problem("ambiguous_date")


def _date(year: int, month: int, day: int, reason: str = "bad_date") -> date | Problem:
    try:
        return date(year, month, day)
    except ValueError:
        return Problem(reason)


def _whole_year(text: str) -> int:
    """`5.3.26` is this century unless that lies ahead by more than a year."""
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if 2000 + year <= date.today().year + 1 else 1900 + year


@cache
def _month_names() -> dict[str, int]:
    names: dict[str, int] = {}
    for lang in ("fi", "sv", "en"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names("wide", context, lang).items():
                names[normalise(name)] = number
    return names
