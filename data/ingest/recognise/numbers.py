"""Numbers in the unit of their field, lengths of time, and the many ways to say yes and no."""

import re
from collections.abc import Sequence

from data.codes import normalise, says_nothing
from data.ingest.recognise import durations, signs, units
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.signs import Signs

_HOURS_MINUTES = re.compile(
    r"(\d{1,2})\s?(?:h|t|tuntia?|tim(?:mar|me)?|hours?)\.?\s?(\d{1,2})\s?(?:min\w*\.?)?", re.IGNORECASE
)

CROSSES = frozenset({"x", "✓", "✔", "☑", "☒", "✅"})
"""Marks that say yes; a word processor ticks its box with ☒."""
YES = CROSSES | {
    "kyllä", "kylla", "k", "kyl", "joo", "juu", "on", "tosi", "ja", "j", "japp", "sant", "yes", "y", "yep", "true", "1",
}  # fmt: skip
NO = frozenset({
    "ei", "e", "ei ole", "en", "epätosi", "nej", "inte", "falskt", "falsk", "no", "n", "nope", "not", "false", "0", "☐", "❌",
})  # fmt: skip
MARKED = YES | {
    "valittu", "on valittu", "rasti", "rastitettu", "ruksi", "ruksattu", "merkitty", "kyllä valittu", "ok", "v", "xx", "xxx",
    "vald", "valt", "valda", "kryss", "kryssad", "ikryssad", "ikryssat", "markerad", "markerat", "bock", "bockad",
    "selected", "chosen", "checked", "ticked", "tick", "cross", "marked", "set", "+", "*", "•", "●", "■", "√", "🗸", "🗹",
}  # fmt: skip
"""What a column of its own for each answer holds where the answer was given."""
UNMARKED = NO | {
    "ei valittu", "ei rastia", "ei rastitettu", "ei merkitty", "ei ruksattu", "valitsematta", "tyhjä",
    "inte vald", "inte valt", "ej vald", "ej valt", "ej", "omarkerad", "omarkerat", "ej markerad", "ej markerat", "ej ikryssad",
    "inte markerad", "inte markerat", "ej kryssad", "not selected", "unselected", "not chosen", "not checked", "unchecked",
    "not ticked", "unticked", "not marked", "unmarked", "none", "blank", "-", "–", "—", "−", "_", ".", "..", "...", "…", "□", "○",
}  # fmt: skip
"""What it holds where it was not; in a field of yes and no some of these say that nobody knows."""
TEXT_OR_EMOJI = "\ufe0e\ufe0f"
"""Ask for a mark to be drawn as text or as a picture; the mark is the same."""


def whole(text: str, field: str, unit: str | None, known: Signs | None = None) -> int | Problem:
    """A whole number of the field's own unit; durations are rounded to it, other numbers must be whole.

    >>> whole("1 h 15 min", "minutes", None), whole("0,08", "minutes", "hours"), whole("4,5", "satisfaction", None)
    (75, 5, Problem(reason='not_whole', params={}))
    """
    if field == "minutes" and (between := durations.span_minutes(text)) is not None:
        return between
    if field == "minutes" and durations.is_clock(text):
        return _rounded(durations.clock_minutes(text, durations.CLOCK_HOURS))
    if field == "minutes" and (match := _HOURS_MINUTES.fullmatch(text)):
        return int(match[1]) * 60 + int(match[2])
    value = amount(text, field, unit, known)
    if isinstance(value, Problem):
        return value
    if field in units.UNITS:
        return _rounded(value)
    return int(value) if value.is_integer() else Problem("not_whole")


def amount(text: str, field: str, unit: str | None, known: Signs | None = None) -> float | Problem:
    """A number in the field's own unit; the unit in the cell goes before that of the column.

    >>> amount("12,5 t€", "euros", None), amount("3", "euros", "thousand_euros"), amount("3 kk", "euros", None)
    (12500.0, 3000.0, Problem(reason='bad_number', params={}))
    """
    said = units.split(text, field)
    if said is None:
        return Problem("bad_number")
    value = signs.number(said[0], known)
    return value if isinstance(value, Problem) else value * units.factor(field, said[1] or unit)


def signs_of(texts: Sequence[str], field: str) -> Signs:
    """What the signs of a column's numbers mean, units left out."""
    return signs.of_column(said[0] for text in texts if (said := units.split(text, field)))


def yes_or_no(text: str) -> bool | Problem | None:
    """Yes and no in three languages, as a mark or as a number; None where the answer is that nobody knows.

    >>> yes_or_no("Kyllä"), yes_or_no("en tiedä"), yes_or_no("ehkä")
    (True, None, Problem(reason='not_yes_or_no', params={}))
    """
    word = normalise(text) or text.strip().rstrip(TEXT_OR_EMOJI)
    if says_nothing(word):
        return None
    return True if word in YES else False if word in NO else Problem("not_yes_or_no")


def _rounded(value: float) -> int:
    """Halves go up, as people round; the tiny term undoes what binary fractions lose (0,075 h × 60 = 4,4999…)."""
    return int(abs(value) + 0.5 + 1e-9) * (-1 if value < 0 else 1)
