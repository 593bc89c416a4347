"""Units as people write them, in cells (`30 minuuttia`, `2 tim`, `12 t€`) and in headers (`Kesto (h)`): one list for both."""

import re
from collections.abc import Mapping
from functools import cache

from data.codes import normalise

_WORDS = {
    "minutes": "min|mins|minuutti|minuutit|minuuttia|minuuttina|minuutteina|minut|minuter|minute|minutes",
    "hours": "h|hr|hrs|t|tunti|tunnit|tuntia|tuntina|tunteina|tim|timme|timmar|hour|hours",
    "months": "kk|kuukausi|kuukaudet|kuukautta|kuukausina|kuukausia|mån|månad|månader|month|months|mo|mos",
    "years": "v|vuosi|vuodet|vuotta|vuosina|vuosia|år|year|years|yr|yrs",
    "days": "pv|pvä|päivä|päivät|päivää|päivinä|päiviä|d|dag|dagar|dgr|day|days",
    "euros": "e|eur|euro|euros|eurot|euroa|euroina",
    "thousand_euros": "teur|keur|t eur|k eur|1000 eur|1 000 eur|t euroa|1000 euroa|1 000 euroa|tuhat euroa|tuhatta euroa|"
    "tuhansina euroina|tusen euro|1000 euro|thousand euros|thousands of euros|1000 euros",
    "million_euros": "meur|m eur|mn eur|milj|milj eur|milj euroa|miljoonaa|miljoonaa euroa|miljoona euroa|miljoonat eurot|"
    "miljoonina euroina|mneur|mn euro|miljoner euro|million euro|million euros|millions of euros|millions",
    "person_years": "htv|htv2|henkilötyövuosi|henkilötyövuotta|henkilötyövuosina|årsverke|årsverken|person year|person years|fte",
}
"""Unit → ways to write it, abbreviations and inflected forms of three languages; a dot after them does not matter."""

UNITS: Mapping[str, Mapping[str, float]] = {
    "minutes": {"minutes": 1, "hours": 60},
    "months_unemployed": {"months": 1, "years": 12},
    "training_days": {"days": 1},
    "euros": {"euros": 1, "thousand_euros": 1000, "million_euros": 1_000_000},
    "person_years": {"person_years": 1},
}
"""Units a field may be given in, and how many of its own unit one of them is; the first is the field's own."""

_UNWRITTEN = {"day_fractions": 1440}
"""Units that nobody writes: a spreadsheet keeps 45 minutes as 0.03125 of a day."""

_STEMS = {
    "minutes": "minuut|minut", "hours": "tunti|tunte|timm|timma|hour", "euros": "euro", "months": "kuukau|månad|month",
    "years": "vuosi|vuode|vuot|år|year", "days": "päiv|dag|day",
}  # fmt: skip
"""Unit → beginnings of the words that hold it in longer ones: `Tuntimäärä`."""

# Over single blanks, so that a long row of them costs no more than its length.
_CELL = re.compile(r"(?P<number>[+−–-]?\d[\d .,'’]*?) ?(?P<unit>(?:1 ?000 ?)?[^\W\d][\w ]*)\.?")

_BARE = re.compile(r"[\d.,]+")


def spelled(text: str) -> str:
    """A text with the euro sign as a word and single blanks between words.

    >>> spelled("12 500  €"), spelled("Kulut (t€)")
    ('12 500 eur', 'Kulut (t eur )')
    """
    return " ".join(text.replace("€", " eur ").split())


def split(text: str, field: str) -> tuple[str, str | None] | None:
    """The number of a cell and the unit beside it (None: it stands alone); None when the unit is none of the field's.

    >>> split("2 tim", "minutes"), split("12,5 t€", "euros"), split("30", "minutes"), split("3 kk", "minutes")
    (('2', 'hours'), ('12,5', 'thousand_euros'), ('30', None), None)
    """
    if _BARE.fullmatch(text):
        return text, None
    plain = spelled(text)
    if field == "euros" and (before := re.fullmatch(r"eur (.+)", plain)):
        plain = f"{before[1]} eur"  # the sign goes first in English
    cell = _CELL.fullmatch(plain)
    if cell is None:
        return text, None
    unit = _by_word(field).get(normalise(cell["unit"]))
    return (cell["number"], unit) if unit else None


def in_header(header: str, field: str) -> str | None:
    """The unit a header states beside the field's name; None when it is the field's own, or none or several are stated.

    >>> in_header("Kesto (h)", "minutes"), in_header("Kulut, 1 000 €", "euros"), in_header("Kesto (min)", "minutes")
    ('hours', 'thousand_euros', None)
    """
    unit = _in_words(header, field)
    return None if unit is None or unit == next(iter(UNITS[field])) else unit


def stated(header: str, field: str) -> str | None:
    """As `in_header`, but the field's own unit is told too, and a unit inside a longer word.

    >>> stated("Kesto (min)", "minutes"), stated("Tuntimäärä", "minutes"), stated("Kesto", "minutes")
    ('minutes', 'hours', None)
    """
    if unit := _in_words(header, field):
        return unit
    text = normalise(header)
    found = {unit for unit in UNITS.get(field, {}) for stem in _STEMS.get(unit, "").split("|") if stem and stem in text}
    return found.pop() if len(found) == 1 else None


def _in_words(header: str, field: str) -> str | None:
    text = f" {normalise(spelled(header))} "
    found = [word for word in _by_word(field) if f" {word} " in text]
    # Of ways to write a unit that stand inside one another the longest counts: "1000 eur" says no euros.
    said = {_by_word(field)[word] for word in found if not any(word != other and word in other for other in found)}
    return said.pop() if len(said) == 1 else None


def without(form: str, field: str) -> str:
    """A normalised header without the unit at its end: `kesto h` → `kesto`."""
    endings = _longest_first(field)
    if not form.endswith(endings):  # most headers, for all endings at once
        return form
    return next(form.removesuffix(ending) for ending in endings if form.endswith(ending))


def factor(field: str, unit: str | None) -> float:
    """How many of the field's own unit one `unit` is; 1 for the own one and for a field that has none."""
    return UNITS.get(field, {}).get(unit or "", _UNWRITTEN.get(unit or "", 1))


@cache
def _longest_first(field: str) -> tuple[str, ...]:
    return tuple(f" {word}" for word in sorted(_by_word(field), key=len, reverse=True))


@cache
def _by_word(field: str) -> Mapping[str, str]:
    return {normalise(word): unit for unit in UNITS.get(field, {}) for word in _WORDS[unit].split("|")}
