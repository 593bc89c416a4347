"""Published texts as typed numbers: the number as it is shown, its decimals and its unit, read from the text itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"[-−+±]?\d(?:[\d\u00a0\u202f., ]*\d)?")
_INTERVAL = re.compile(r"\s*\((?P<lower>\d+)–(?P<upper>\d+)\)$")


@dataclass(frozen=True)
class Typed:
    """One value. number: None when there is none, then `text` stands; interval: the ends of a 95 % interval."""

    text: str
    number: float | None = None
    decimals: int = 0
    unit: str = ""
    interval: tuple[int, int] | None = None


def typed(text: str, number: float | None) -> Typed:
    """A value as it is shown: rounded like its text, which is the one truth. number: tells group marks from decimal ones.

    >>> typed("31 % (29–34)", 30.5)
    Typed(text='31 % (29–34)', number=31.0, decimals=0, unit='%', interval=(29, 34))
    >>> typed("1,234", 1234.0).number, typed("1,234", 1.2341).number
    (1234.0, 1.234)
    """
    said = _NUMBER.match(text)
    if number is None or said is None:
        return Typed(text)
    rest = text[said.end() :]
    ends = _INTERVAL.search(rest)
    unit = (rest[: ends.start()] if ends else rest).strip()
    interval = (int(ends["lower"]), int(ends["upper"])) if ends else None
    digits = float(re.sub(r"\D", "", said[0])) * (-1 if said[0][0] in "−-" else 1)
    tail = re.search(r"[.,](\d+)$", said[0])
    # With and without its last mark taken for a decimal one.
    readings = [(digits / 10**places, places) for places in {0, len(tail[1]) if tail else 0}]
    shown, decimals = min(readings, key=lambda reading: abs(reading[0] - number))
    return Typed(text, shown + 0.0, decimals, unit, interval)
