"""Typed values of tables and files: number as shown, decimals, unit, interval, and text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data.texts import Texts
from metrics.gate import COMPARED_FROM, Bound
from metrics.grammar.answer import CurvePoint, Row
from pages.i18n import formats


@dataclass(frozen=True)
class Value:
    """One value as shown. number: rounded as in the text, None for a value that is text only.

    unit: as in the text, empty when the text has none; interval: bounds of a 95 % interval, as shown; short: a shorter
    text of a suppressed value, for small cells; link: the address that it leads to in a table on a page; named: what the
    link is called, before its text.
    """

    text: str
    number: float | None = None
    decimals: int = 0
    unit: str = ""
    interval: tuple[float, float] | None = None
    short: str = ""
    link: str = ""
    named: str = ""


NOTHING = Value("–")
"""The value where there is none."""


def published(row: Row | None, t: Texts, *, unit: bool = False) -> Value:
    """Return the value of a published row; a suppressed one has a text but no number.

    unit: whether counts and times have their unit in the text.
    """
    if row is None:
        return NOTHING
    text = formats.value_text(row, t, unit=unit)
    if row.value is None:
        return Value(text, short=formats.short(row, t.lang))
    number, decimals = formats.rounded(row.value)
    return Value(text, number, decimals, formats.unit_mark(row, t, unit=unit))


def is_enough(row: Row | None) -> bool:
    """Return whether a row has a value based on enough clients to be compared."""
    return row is not None and row.value is not None and (row.n or 0) >= COMPARED_FROM


def told_if_enough(row: Row, t: Texts) -> Value:
    """Return the value of a row, or that it is based on too few clients to be compared."""
    if row.value is None or is_enough(row):
        return published(row, t)
    return Value(t("compare.few", count=COMPARED_FROM))


def known(row: Row, t: Texts) -> Value | None:
    """Return what part of a row's denominator is known; None where nothing can be unknown."""
    if row.known is None:
        return None
    if isinstance(row.known, Bound):
        return Value(formats.bound(row.known, "%", t))
    return percentage(row.known, t)


def percentage(share: float | None, t: Texts) -> Value:
    """Return the value of a percentage, in whole percents."""
    if share is None:
        return NOTHING
    return Value(formats.percent(share, t.lang), float(round(share)), 0, "%")


def counted(number: float | None, t: Texts, decimals: int = 0) -> Value:
    """Return the value of a plain number with the given number of decimals."""
    if number is None:
        return NOTHING
    return Value(formats.number(number, t.lang, decimals), round(number, decimals) + 0.0, decimals)


def with_interval(value: Value, lower: float | None, upper: float | None) -> Value:
    """Return a value with its interval in whole numbers: `31 % (29–34)`; unchanged without bounds or number."""
    if lower is None or upper is None or value.number is None:
        return value
    ends = round(lower), round(upper)
    return replace(value, text=f"{value.text} ({ends[0]}–{ends[1]})", interval=ends)


def step(point: CurvePoint | None, t: Texts) -> Value:
    """Return the value of a curve at a step: `31 % (29–34)`; a dash after the curve's end."""
    if point is None:
        return NOTHING
    return with_interval(percentage(point.value, t), point.lower, point.upper)
