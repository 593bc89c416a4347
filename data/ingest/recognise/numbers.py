"""Numbers with a decimal comma or point, durations with a unit, and the many ways to say yes and no."""

import re

from data.codes import normalise
from data.ingest.recognise.problem import Problem

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d.,]+)\s*([^\W\d]+)\.?")
_HOURS_MINUTES = re.compile(
    r"(\d{1,2})\s*(?:h|t|tuntia?|tim(?:mar|me)?|hours?|:)\s*(\d{1,2})\s*(?:min\w*)?", re.IGNORECASE
)
_BLANKS = re.compile(r"[\s\u00a0\u202f]+")

_MULTIPLIER = {("minutes", "hours"): 60, ("months_unemployed", "years"): 12}
_UNIT_WORDS = {
    "min": "minutes", "minuuttia": "minutes", "minuter": "minutes", "minutes": "minutes",
    "h": "hours", "t": "hours", "tuntia": "hours", "tunti": "hours", "timmar": "hours", "hours": "hours",
    "kk": "months", "mån": "months", "months": "months",
    "v": "years", "vuotta": "years", "år": "years", "years": "years",
    "eur": "euros", "euroa": "euros", "euro": "euros", "htv": "person_years",
}  # fmt: skip
_OWN_UNIT = {"minutes": "minutes", "months_unemployed": "months"}

CROSSES = frozenset({"x", "✓", "✔", "☑"})
YES = CROSSES | {"kyllä", "k", "ja", "j", "yes", "y", "true", "tosi", "sant", "1", "on", "joo"}
NO = frozenset({"ei", "e", "nej", "no", "n", "false", "epätosi", "falskt", "0"})


def number(text: str) -> float | Problem:
    """A number: `1 234,5`, `1234.5`, `−2`; of two kinds of sign the last is the decimal one.

    >>> number("1 234,5")
    1234.5
    """
    compact = _BLANKS.sub("", text).replace("−", "-").replace("–", "-").removesuffix("€")
    if "," in compact and "." in compact:
        thousands = "." if compact.rfind(",") > compact.rfind(".") else ","
        compact = compact.replace(thousands, "")
    compact = compact.replace(",", ".")
    return float(compact) if _NUMBER.fullmatch(compact) else Problem("bad_number")


def whole(text: str, field: str, unit: str | None) -> int | Problem:
    """A whole number of the field's own unit; durations are rounded to it, other numbers must be whole.

    >>> whole("1 h 15 min", "minutes", None), whole("0,08", "minutes", "hours"), whole("4,5", "satisfaction", None)
    (75, 5, Problem(reason='not_whole', params={}))
    """
    if field == "minutes" and (match := _HOURS_MINUTES.fullmatch(text)):
        return int(match[1]) * 60 + int(match[2])
    said = _WITH_UNIT.fullmatch(text)
    if said:
        text, unit = said[1], _UNIT_WORDS.get(normalise(said[2]), "other")
        if unit != _OWN_UNIT.get(field) and (field, unit) not in _MULTIPLIER:
            return Problem("bad_number")
    value = number(text)
    if isinstance(value, Problem):
        return value
    if field in _OWN_UNIT:
        return _rounded(value * _MULTIPLIER.get((field, unit or ""), 1))
    return int(value) if value.is_integer() else Problem("not_whole")


def yes_or_no(text: str) -> bool | Problem:
    """Yes and no in three languages, as a mark or as a number."""
    word = normalise(text) or text.strip()
    return True if word in YES else False if word in NO else Problem("not_yes_or_no")


def _rounded(value: float) -> int:
    """Halves go up, as people round; the tiny term undoes what binary fractions lose (0,075 h × 60 = 4,4999…)."""
    return int(abs(value) + 0.5 + 1e-9) * (-1 if value < 0 else 1)
