"""Age bands from ages, age groups, years and dates of birth. Of a date of birth nothing but the band is left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from data import clock
from data.codes import code_list, normalise, unknown_code
from data.ingest.recognise import dates
from data.ingest.recognise.asking import UNKNOWN, Asking
from data.ingest.recognise.problem import Problem

AGE_BAND = "age_band"
"""The code list."""

OLDEST = 120
"""Years; a greater number is no age."""

AGES, BIRTH_YEARS = "ages", "birth_years"
"""Answers: what numbers of two digits are."""

_UNSURE = Problem("unsure_value")
_BAD_BIRTH = Problem("bad_birth")
_YEAR_IS_SURE = frozenset({"ambiguous_date", "no_day"})
"""Problems with a date that leave no doubt about its year."""
_BOUNDS = (18, 25, 35, 45, 55, 65)
_OF_BIRTH = re.compile(r"\b(synt|född|föd|birth|born|dob\b)")
_LARGEST_GROUP = 9
"""Numbers no greater than this in every row number the groups rather than years: nobody's clients are all children."""

_N = r"(\d{1,3})"
_UNITS = re.compile(
    r"(?<=\d)[ -]*(?:-?vuotia(?:s|at|ita)\b|vuotta\b|vuotiaana\b|ikävuotta\b|v\b\.?|-?åring(?:ar)?\b|år(?:s|iga)?\b|"
    r"years?(?: of age| old)?\b|yrs?\b\.?|y\.?o\.?\b)"
)
_MONTHS = re.compile(rf"{_N} ?(?:kk|kuukaut\w*|mån\w*|months?|mo)\.?")
_SINGLE = re.compile(rf"{_N}(?:[.,]\d+)?")
_RANGE = re.compile(rf"{_N} ?(?:-|\.\.|–|to|till|—) ?{_N}")
_LESS = re.compile(rf"(?:<|alle|under|below|less than|younger than|yngre än|nuorempi kuin|u) ?{_N}")
_AT_MOST = re.compile(
    rf"(?:(?:≤|<=|max\.?|enintään|korkeintaan|up to|at most|upp till|högst|[-–]) ?{_N}|"
    rf"{_N} ?(?:tai|ja|eller|och|or|and) (?:alle|nuoremmat|nuorempi|yngre|under|younger|less))"
)
_MORE = re.compile(rf"(?:>|yli|över|over|above|more than|older than|äldre än|vanhempi kuin) ?{_N}")
_AT_LEAST = re.compile(
    rf"(?:(?:≥|>=|vähintään|minst|at least|från|from|alkaen) ?{_N}|"
    rf"{_N} ?(?:\+|[-–]|alkaen|täyttäne\w*|fyllda|"
    rf"(?:tai|ja|eller|och|or|and) (?:yli|vanhempi|vanhemmat|enemmän|över|äldre|mer|over|older|above|more)))"
)
_SIX_DIGITS = re.compile(r"(\d\d)(\d\d)(\d\d)")
_LAST_YEAR = re.compile(r"(?:.*\D)?((?:19|20)\d\d)(?:\D.*)?|\d{4}((?:19|20)\d\d)")
_MAY_BE_BIRTH = re.compile(r"\d{4,}|\d\D{1,2}\d+\D{1,2}\d")


def band_of(age: int) -> str:
    """The band of an age in whole years.

    >>> band_of(0), band_of(17), band_of(18), band_of(64), band_of(65)
    ('under_18', 'under_18', '18_24', '55_64', '65_over')
    """
    return code_list(AGE_BAND).ids[sum(age >= bound for bound in _BOUNDS)]


def band(text: str) -> str | Problem:
    """The band of an age in years, or of a group of ages when it lies in one band.

    >>> band("34"), band("25–34-vuotiaat"), band("yli 65"), band("<18"), band("3 kk")
    ('25_34', '25_34', '65_over', 'under_18', 'under_18')
    >>> band("18-29").reason, band("<65").reason, band("1985").reason
    ('age_across', 'age_across', 'unknown_code')
    """
    ages = _ages(text)
    if ages is None:
        found = code_list(AGE_BAND).find(text) if text in code_list(AGE_BAND) or not re.search(r"\d", text) else None
        return found or Problem("unknown_code", {"list": AGE_BAND})
    youngest, oldest = (band_of(age) for age in ages)
    return youngest if youngest == oldest else Problem("age_across")


def _ages(text: str) -> tuple[int, int] | None:
    """The youngest and the oldest age that a text means; None when it means none."""
    said = _UNITS.sub("", " ".join(text.casefold().replace("–", "-").replace("—", "-").split())).strip()
    if _MONTHS.fullmatch(said):
        return 0, 0
    if match := _SINGLE.fullmatch(said):
        return (int(match[1]), int(match[1])) if int(match[1]) <= OLDEST else None
    if match := _RANGE.fullmatch(said):
        return (int(match[1]), int(match[2])) if int(match[1]) <= int(match[2]) <= OLDEST else None
    for form, step in ((_LESS, -1), (_AT_MOST, 0)):
        if (match := form.fullmatch(said)) and not (said[0] == "-" and len(said) < 3):  # -1 is no group of ages
            return 0, max(0, _number(match) + step)
    for form, step in ((_MORE, 1), (_AT_LEAST, 0)):
        if match := form.fullmatch(said):
            return _number(match) + step, OLDEST
    return None


def _number(match: re.Match[str]) -> int:
    return int(next(group for group in match.groups() if group))


def tells_birth(header: str) -> bool:
    """The header says that the column is of birth.

    >>> [tells_birth(text) for text in ("Synt.aika", "Födelseår", "Year of birth", "Ikä")]
    [True, True, True, False]
    """
    return _OF_BIRTH.search(normalise(header)) is not None


def are_group_numbers(texts: Sequence[str]) -> bool:
    """Every number of the column is so small that it numbers a group."""
    numbers = [int(text) for text in texts if re.fullmatch(r"\d{1,3}", text.strip())]
    return bool(numbers) and max(numbers) <= _LARGEST_GROUP


def may_be_years(texts: Sequence[str], rows: Sequence[int]) -> bool:
    """Most rows have a number of two digits that would be a pensioner's age: they may be years of birth."""
    numbers = [
        (int(text), count) for text, count in zip(texts, rows, strict=True) if re.fullmatch(r"\d\d", text.strip())
    ]
    return 2 * sum(count for number, count in numbers if number >= _BOUNDS[-1]) > sum(rows)


def births(texts: Sequence[str], *, short_years: bool) -> dict[int, date]:
    """Place of each text that is a year or day of birth → the day, of a year alone its first: then the age is the one reached in
    the year of the row.

    short_years: numbers of two digits are years. Order of day and month unknown: the year alone.

    >>> births(["1987", "12.3.1990", "34"], short_years=False)
    {0: datetime.date(1987, 1, 1), 1: datetime.date(1990, 3, 12)}
    """
    stripped = [text.strip() for text in texts]
    known = dates.days(stripped, dates.order_of(stripped))
    found = {}
    for place, (text, day) in enumerate(zip(stripped, known, strict=True)):
        born = _year(text, short_years=short_years) or (_six(text) if isinstance(day, Problem) else day)
        if born is None and isinstance(day, Problem) and day.reason in _YEAR_IS_SURE:
            born = _only_year(text)
        if born and clock.today().year - OLDEST <= born.year and born <= clock.today():
            found[place] = born
    return found


def told(
    values: Sequence[Any], texts: Sequence[str], rows: Sequence[int], header: str, table: str, asking: Asking
) -> tuple[dict[int, date], list[Any]]:
    """Days of birth by place of their text, and the values with the unknown band there; asks what small and large numbers are.

    values: band or Problem of each text; rows: number of rows of each.
    """
    unknown = unknown_code(AGE_BAND)
    short_years = tells_birth(header)
    result = list(values)
    numbers = [place for place, text in enumerate(texts) if re.fullmatch(r"\d{1,3}", text.strip())]
    if not short_years and are_group_numbers(texts):
        result = [_UNSURE if place in numbers else value for place, value in enumerate(values)]
    elif not short_years and may_be_years(texts, rows):
        counted = sum(rows[place] for place in numbers)
        answer = asking.decide("age_numbers", (UNKNOWN, AGES, BIRTH_YEARS), table=table, about=header, rows=counted)
        short_years = answer == BIRTH_YEARS
        if answer == UNKNOWN:
            result = [unknown if place in numbers else value for place, value in enumerate(values)]
    if short_years:  # whatever else stands in a column of birth is no age
        result = [_BAD_BIRTH if re.search(r"\d", text) else value for text, value in zip(texts, values, strict=True)]
    born = births(texts, short_years=short_years)
    return born, [unknown if place in born else value for place, value in enumerate(result)]


def may_be_birth(text: str) -> bool:
    """A text with a year or with three numbers in it may be somebody's day of birth, however it is written."""
    return _MAY_BE_BIRTH.search(text) is not None


def _year(text: str, *, short_years: bool) -> date | None:
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return date(int(text), 1, 1)
    if short_years and re.fullmatch(r"'?\d\d", text):
        return date(_century(int(text[-2:])), 1, 1)
    return None


def _century(year: int) -> int:
    return 2000 + year if 2000 + year <= clock.today().year else 1900 + year


def _six(text: str) -> date | None:
    """`120387` and `870312`: day first as here, or year first as in Sweden, when only one of them is a day."""
    match = _SIX_DIGITS.fullmatch(text)
    if not match:
        return None
    first, second, third = (int(part) for part in match.groups())
    read = {_day(_century(third), second, first), _day(_century(first), second, third)} - {None}
    return read.pop() if len(read) == 1 else None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _only_year(text: str) -> date | None:
    match = _LAST_YEAR.fullmatch(text)
    return date(int(match[1] or match[2]), 1, 1) if match else None
