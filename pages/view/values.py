"""Published values as tables and files hold them: the number as it is shown, its decimals, unit and interval, and their text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data.texts import Texts
from metrics.grammar.answer import CurvePoint, Row
from pages.i18n import formats


@dataclass(frozen=True)
class Value:
    """One value. number: rounded as it is shown, None when there is none, then `text` is all there is to say.

    unit: as it stands in the text, empty when the text has none; interval: ends of a 95 % interval, as they are shown;
    short: of a hidden value where there is little room.
    """

    text: str
    number: float | None = None
    decimals: int = 0
    unit: str = ""
    interval: tuple[float, float] | None = None
    short: str = ""


NOTHING = Value("–")
"""There is no such value."""


def published(row: Row | None, t: Texts, *, unit: bool = False) -> Value:
    """A published row. A hidden one has its text alone; with `unit`, counts and times name theirs."""
    if row is None:
        return NOTHING
    text = formats.value_text(row, t, unit=unit)
    if row.hidden or row.value is None:
        return Value(text, short=formats.short(row, t.lang))
    number, decimals = formats.rounded(row.value)
    return Value(text, number, decimals, formats.unit_mark(row, t, unit=unit))


def counted(number: float | None, t: Texts, decimals: int = 0) -> Value:
    """A plain number with so many decimals."""
    if number is None:
        return NOTHING
    return Value(formats.number(number, t.lang, decimals), round(number, decimals) + 0.0, decimals)


def with_interval(value: Value, lower: float | None, upper: float | None) -> Value:
    """A value with its interval in whole numbers: `31 % (29–34)`; without bounds as it is."""
    if lower is None or upper is None or value.number is None:
        return value
    ends = round(lower), round(upper)
    return replace(value, text=f"{value.text} ({ends[0]}–{ends[1]})", interval=ends)


def step(point: CurvePoint | None, t: Texts) -> Value:
    """A step of a curve: `31 % (29–34)`; a dash where the curve has ended."""
    if point is None:
        return NOTHING
    share = Value(formats.percent(point.value, t.lang), float(round(point.value)), 0, "%")
    return with_interval(share, point.lower, point.upper)
