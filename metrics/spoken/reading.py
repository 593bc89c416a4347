"""Read a question in plain words: which metric, of whom, how broken down and when; and which words were not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from data.personal import kinds
from data.texts import Language
from metrics.grammar.period import Each, Period, period_at
from metrics.model.dimensions import Places
from metrics.spoken.lexicon import FAMILIES, LONGEST, Lexicon, Meaning, lexicon, normalised

MOST_LETTERS = 160
"""Letters of a question that are read."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS_OF_YEAR = ("month", "quarter", "through")
"""Parts of a time that lie in a year: a month, a quarter, and from January to the end of a month."""
_ONE_OF = ({"time", "year"}, *map(set, combinations(_PARTS_OF_YEAR, 2)))
"""Parts of a time of which one is said, or there would be two times."""
_OF_A_YEAR = ("year", "to_date")
"""Relative times that name the year of a month or quarter; beside any other there would be two times."""
_PLACES = ("area", "service_point")
_LANGUAGES = ("language", "language_group")
_SPAN = re.compile(r"(\w+)[-–](\w+)")


@dataclass(frozen=True)
class Understood:
    """What was understood of a question, and what was not.

    where: dimensions and codes it is limited to; unknown: words without a meaning here; unclear: words with several;
    twice: parts of a question that were said in two ways, as keys of `FAMILIES` or `metric`, `by`, `each`, `period`; is_personal:
    it has a personal value, and nothing else is told of it.
    """

    metric: str | None = None
    by: str | None = None
    each: Each | None = None
    period: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    is_personal: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every word was understood, in one way, and there is something to answer."""
        says = self.metric or self.by or self.each or self.period or self.where
        return bool(says) and not (self.unknown or self.unclear or self.twice)


@dataclass
class _Found:
    """Meanings by the part of a question that they fill."""

    parts: dict[str, Meaning] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    origin: str = ""
    """A word just read that only a place may follow."""

    def take(self, meaning: Meaning) -> None:
        part = FAMILIES.get(meaning.part, meaning.part)
        if part in _PLACES:
            self.origin = ""
        if self.parts.setdefault(part, meaning) != meaning:
            self.twice.append(part)

    def settle(self) -> None:
        """Take a word that only a place may follow for unknown, unless one has."""
        if self.origin:
            self.unknown.append(self.origin)
        self.origin = ""


def read(text: str, lang: Language, today: date, closed_until: date, places: Places) -> Understood:
    """Return what a question means, by the words of a language.

    today: the day it is asked, from which "last year" is counted as everybody counts it, however far the data reach;
    closed_until: last closed day, to which this year so far goes; places: names of service points by code.

    >>> day, closed = date(2026, 10, 12), date(2026, 9, 30)
    >>> found = read("somalinkieliset Espoossa viime vuonna", "fi", day, closed, {})
    >>> found.where, found.period, found.unknown
    ((('municipality', '049'), ('language', 'so')), '2025', ())
    >>> read("kaikki paitsi somalinkieliset", "fi", day, closed, {}).unknown
    ('kaikki', 'paitsi')
    """
    if kinds(text):
        return Understood(is_personal=True)
    words = normalised(text[:MOST_LETTERS]).split()
    known, found, place, spoken_in = lexicon(lang), _Found(), 0, ""
    if len(text) > MOST_LETTERS:
        found.unknown.append("…")
    while place < len(words):
        for size in range(min(LONGEST, len(words) - place), 0, -1):
            phrase = " ".join(words[place : place + size])
            meanings = _of_time(phrase, known) or known.meanings(phrase, places)
            if meanings is not None:
                break
        else:
            size, meanings = 1, None
        if meanings is None and words[place] in known.origin:
            found.settle()
            found.origin = words[place]
        elif meanings is None:
            found.unknown.append(words[place])
        elif len(meanings) > 1:
            found.unclear.append(phrase)
        elif spoken_in and any(meaning.part in _LANGUAGES for meaning in meanings):
            found.unknown.append(f"{spoken_in} {phrase}")
        else:
            for meaning in meanings:
                found.take(meaning)
            if meanings:
                found.settle()
        spoken_in = phrase if phrase in known.spoken_in else ""
        place += size
    found.settle()
    parts = found.parts
    if any(both <= parts.keys() for both in _ONE_OF) or (
        _code(parts, "time") not in (None, *_OF_A_YEAR) and parts.keys() & set(_PARTS_OF_YEAR)
    ):
        found.twice.append("period")
    return Understood(
        metric=_code(parts, "metric"),
        by=_code(parts, "by"),
        each=_code(parts, "each"),  # type: ignore[arg-type]
        period=_period(parts, today, closed_until),
        where=tuple((parts[name].part, parts[name].code) for name in dict.fromkeys(FAMILIES.values()) if name in parts),
        unknown=tuple(dict.fromkeys(found.unknown)),
        unclear=tuple(dict.fromkeys(found.unclear)),
        twice=tuple(dict.fromkeys(found.twice)),
    )


def _of_time(phrase: str, known: Lexicon) -> tuple[Meaning, ...] | None:
    if _YEAR.fullmatch(phrase):
        return (Meaning("year", phrase),)
    if phrase in known.months:
        return (Meaning("month", str(known.months[phrase])),)
    if (span := _SPAN.fullmatch(phrase)) and span[2] in known.months:
        first, last = known.months.get(span[1] + known.month_word), known.months[span[2]]
        if first is not None and first % 3 == 1 and last == first + 2:
            return (Meaning("quarter", str(last // 3)),)
        if first == 1:
            return (Meaning("through", str(last)),)
    return None


def _code(parts: dict[str, Meaning], name: str) -> str | None:
    return parts[name].code if name in parts else None


def _period(parts: dict[str, Meaning], today: date, closed_until: date) -> str | None:
    """Return the period that is said: a relative one, or a year or a part of one; without a year the last one that has ended."""
    said, ended = _code(parts, "time"), today.replace(day=1) - timedelta(days=1)
    relative = _relative(said, ended, today, closed_until) if said else None
    number = {name: int(parts[name].code) for name in _PARTS_OF_YEAR if name in parts}
    if not number:
        year = _code(parts, "year")
        return year or relative
    part, value = next(iter(number.items()))
    named = Period.parse(relative).year if relative and said in _OF_A_YEAR else None
    year_of = int(parts["year"].code) if "year" in parts else named
    if year_of is None:
        last_month = 3 * value if part == "quarter" else value
        year_of = ended.year if last_month <= ended.month else ended.year - 1
    if part == "through":
        return str(Period(year_of, 0, "year") if value == 12 else Period(year_of, value, "ytd"))
    return str(Period(year_of, value, "month" if part == "month" else "quarter"))


def _relative(said: str, ended: date, today: date, closed_until: date) -> str:
    """Return the period of a relative time. ended: last day of the month before today's.

    This year goes as far as its months are closed; where none is, it is this year all the same, of which there are no figures.
    """
    if said != "to_date":
        return period_at(said, ended)
    return period_at(said, closed_until) if closed_until.year == today.year else str(today.year)
