"""Hours of the day as people and programs write them: clock times, whole moments, Excel's parts of a day."""

import re
from collections.abc import Sequence

from data.ingest.recognise.date_order import Order
from data.ingest.recognise.dates import moment, of_half_day, order_of
from data.ingest.recognise.problem import Problem

_HOUR = re.compile(
    r"(?:(?:klo|kl|kello)\.? ?)?(\d{1,2})(?:[.:]\d\d(?::\d\d)?)?(?: ?([ap])\.?m\.?)?(?: ?[-–] ?\d{1,2}(?:[.:]\d\d)?)?",
    re.IGNORECASE,
)
_HOUR_MINUTE = re.compile(r"([01]\d|2[0-3])[0-5]\d")
_BARE = re.compile(r"(?:\d|[01]\d|2[0-3])[0-5]\d")
"""A column of nothing else: `900`, `1415`."""
_DAY_FRACTION = re.compile(r"0?[.,]\d+|0|1[.,]0+")


def hours(texts: Sequence[str]) -> list[int | Problem]:
    """The hour of each clock time: `14`, `14.30`, `klo 9:15`, `2 pm`, a whole moment, or Excel's part of a day.

    >>> hours(["14.30", "2 pm"]), hours(["0.5", "0.604166667"]), hours(["900", "1415"])
    ([14, 14], [12, 14], [9, 14])
    """
    fractions = [text for text in texts if _DAY_FRACTION.fullmatch(text)]
    # 0.25 alone is a quarter past midnight or six o'clock; what has other than two decimals is no time.
    if fractions and len(fractions) == len(texts):
        if any(len(text.replace(",", ".").partition(".")[2]) not in (0, 2) for text in fractions):
            return [int(float(text.replace(",", ".")) * 24 + 1e-4) for text in texts]
        return [Problem("bad_time")] * len(texts)
    if all(_BARE.fullmatch(text) for text in texts):
        return [int(text[:-2]) for text in texts]
    order = order_of(texts)
    return [_hour(text, order) for text in texts]


def _hour(text: str, order: Order) -> int | Problem:
    if match := _HOUR.fullmatch(text):
        return of_half_day(int(match[1]), match[2])
    if match := _HOUR_MINUTE.fullmatch(text):
        return int(match[1])
    found = moment(text, order)
    return found.hour if found else Problem("bad_time")
