"""What a column called by a word for time holds: hours of the day, lengths of visits, or whole moments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import polars as pl

from data.ingest.recognise import content
from data.ingest.recognise.dates import days, moment, order_of
from data.ingest.recognise.problem import Problem

HOUR, LENGTH, DAY, MOMENT = "hour", "minutes", "day", "moment"
"""What it may be: an hour of the day, a length, a day, a day with its time."""

_NEARLY_ALL = 0.9
_OPEN_FROM, _OPEN_UNTIL = 6, 21
"""Hours in which offices may begin to serve; a length of visit is hardly ever written as one of them."""
_LONGEST = 4
"""Hours that nearly no visit takes."""

_CLOCK = re.compile(r"(\d{1,2})[:.]([0-5]\d)(?:[:.]\d\d)?")
_SAID = re.compile(
    r"(?:klo|kl|kello|klockan)\.? ?\d.*|\d{1,2}(?:[:.]\d\d){0,2} ?[ap]\.?m\.?|\d{1,2}[:.]\d\d ?[-–] ?\d{1,2}[:.]\d\d",
    re.IGNORECASE,
)
_WITH_UNIT = re.compile(
    r"\d{1,4}(?:[.,:]\d{1,2})? ?(?:h|t|tim|tun|min|hour)[^\W\d]{0,8}\.?(?: ?\d{1,2} ?(?:min|m)[^\W\d]{0,8}\.?)?",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:0\d|[6-9]|1\d|2[0-3])[0-5]\d")
"""`0900`, `900`, `1415`: no visit takes so many minutes."""
_WHOLE = re.compile(r"\d{1,3}")
_DECIMAL = re.compile(r"\d{1,2}[.,]\d+")


def told(cells: pl.Series) -> str | None:
    """What the values of a column tell, None when they may be of several: `9:15` and `14:00` are hours of the day,
    `75` and `30 min` lengths; `10`, `15` and `20` may be either.

    >>> told(pl.Series(["9:15", "14:00"])), told(pl.Series(["75", "15"])), told(pl.Series(["10", "15"])), told(pl.Series(["0,5"]))
    ('hour', 'minutes', None, 'minutes')
    """
    counts = dict(cells.drop_nulls().head(content.GLIMPSED_ROWS).value_counts().iter_rows())
    if not counts:
        return None
    if _share(counts, lambda text: _SAID.fullmatch(text) or _BARE.fullmatch(text)) >= _NEARLY_ALL:
        return HOUR
    if _share(counts, _WITH_UNIT.fullmatch) >= _NEARLY_ALL:
        return LENGTH
    order = order_of(list(counts))
    if _share(counts, lambda text: moment(text, order)) >= _NEARLY_ALL:
        return MOMENT
    clocks = {text: int(match[1]) for text in counts if (match := _CLOCK.fullmatch(text))}
    if _share(counts, clocks.__contains__) >= _NEARLY_ALL:
        return _of_hours(counts, clocks)
    read = dict(zip(counts, days(list(counts), order), strict=True))
    if _share(counts, lambda text: not isinstance(read[text], Problem)) >= _NEARLY_ALL:
        return DAY
    wholes = {text: int(text) for text in counts if _WHOLE.fullmatch(text)}
    if _share(counts, wholes.__contains__) >= _NEARLY_ALL:
        return _of_wholes(counts, wholes)
    decimals = {
        text: float(text.replace(",", ".")) for text in counts if _DECIMAL.fullmatch(text) or _WHOLE.fullmatch(text)
    }
    if _share(counts, decimals.__contains__) >= _NEARLY_ALL:
        return _of_decimals(decimals)
    return None


def _of_hours(counts: Mapping[str, int], clocks: Mapping[str, int]) -> str | None:
    """`9:15` is an hour of the day, `1:15` a length."""
    if _share(counts, lambda text: _OPEN_FROM <= clocks.get(text, -1) <= _OPEN_UNTIL) >= _NEARLY_ALL:
        return HOUR
    is_short = _share(counts, lambda text: clocks.get(text, 24) < _LONGEST) >= _NEARLY_ALL
    return LENGTH if is_short and all(":" in text for text in clocks) else None


def _of_wholes(counts: Mapping[str, int], wholes: Mapping[str, int]) -> str | None:
    """No day has more than 24 hours; lengths are rounded to five minutes, hours of opening are not."""
    if _share(counts, lambda text: wholes.get(text, 0) > 23) >= 1 - _NEARLY_ALL:
        return LENGTH
    of_opening = _share(counts, lambda text: _OPEN_FROM <= wholes.get(text, -1) <= _OPEN_UNTIL) >= _NEARLY_ALL
    rounded = _share(counts, lambda text: wholes.get(text, 1) % 5 == 0)
    return HOUR if of_opening and len(wholes) >= 3 and rounded <= 0.5 and max(wholes.values()) <= 23 else None


def _of_decimals(decimals: Mapping[str, float]) -> str | None:
    """Parts of a day from a spreadsheet (`0,395833`), or hours and quarters of them (`1,5`)."""
    parts = [value for text, value in decimals.items() if len(text) >= 6]
    if len(parts) > len(decimals) / 2 and max(decimals.values()) < 1:
        least, most = min(decimals.values()), max(decimals.values())
        return HOUR if least >= _OPEN_FROM / 24 else LENGTH if most <= _LONGEST / 24 else None
    quarters = all((value * 4).is_integer() for value in decimals.values())
    return LENGTH if quarters and max(decimals.values()) <= 8 and min(decimals.values()) < _LONGEST else None


def _share(counts: Mapping[str, int], holds: Callable[[str], object]) -> float:
    return sum(rows for text, rows in counts.items() if holds(text)) / sum(counts.values())
