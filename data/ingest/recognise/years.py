"""Days written without a year (`3.4.`, `03/04`, `3. huhtikuuta`): the year is what the file says of itself, if it says one; else
it is asked. No row gets a year by guessing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from data import clock
from data.ingest.readers import Sheet
from data.ingest.recognise import headers
from data.ingest.recognise.asking import REJECT, Asking
from data.ingest.recognise.dates import is_weekday, month_number
from data.model.records import TABLES

Period = tuple[date, date]
"""First and last day."""

_YEARS_OFFERED = 4
_WORD = r"[^\W\d_]{3,14}"
_DAY = re.compile(
    r"(?P<before>(?:[^\W\d_]{2,12}\.?,? )?)"
    r"(?P<written>(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.?|(?P<first>\d{1,2})/(?P<second>\d{1,2})"
    rf"|(?P<named>\d{{1,2}})(?:\.|:e)? ?(?P<name>{_WORD})\.?|(?P<name_first>{_WORD})\.? (?P<named_last>\d{{1,2}}))"
    r"(?P<rest>(?:,? (?:(?:klo|kl|kello)\.? ?)?\d{1,2}(?:[.:]\d\d)?(?: ?[-–] ?\d{1,2}[.:]\d\d)?)?)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?!\d)")
_SPAN = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})? ?[-–—] ?(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
_ONE_DAY = re.compile(
    r"\d{1,2}[._-] ?\d{1,2}[._-] ?(?:19|20)\d\d|(?:19|20)\d\d([-_.]?)\d\d\1\d\d(?:[T_ -]?\d{4,6})?(?!\d)"
)
"""A whole day, which says as often when the file was made as what it is about."""
_TENTH = re.compile(r"\d{1,2}\.1")


@dataclass(frozen=True)
class _Day:
    """A day without a year, and how it is written with one."""

    day: int
    month: int | None
    """None where the order of day and month is open."""
    text: str

    def in_year(self, year: int) -> date | None:
        """The day of a year; None where there is none."""
        return _date(year, self.month, self.day) if self.month else None


def with_years(sheet: Sheet, covers: Period | None, asking: Asking) -> Sheet:
    """The sheet with the year of the days of its records. covers: the period that the whole import is said to cover."""
    for place, header in enumerate(sheet.header):
        if not _is_day(header):
            continue
        column = f"c{place}"
        found = {text: day for text in sheet.texts(column).drop_nulls().unique() if (day := _read(text))}
        if not found or _may_be_numbers(sheet, found):
            continue
        periods = [covers] if covers else _periods_said(sheet, header)
        dated = _dated(found, periods) or _answered(sheet, column, found, periods, asking)
        if dated:
            rows = sheet.rows.with_columns(pl.col(column).replace(dated))
            sheet = replace(sheet, rows=rows, notes=(*sheet.notes, f"year_added:{header}"))
    return sheet


def _is_day(header: str) -> bool:
    """The header names the day of the records of some table, and not another one, which may be of another year."""
    for table, model in TABLES.items():
        named = headers.field_of(table, header)
        if model.day and ((named and named[0] == model.day) or model.day in headers.meanings(table, header)):
            return True
    return False


def _read(text: str) -> _Day | None:
    """The day of a text without a year.

    >>> _read("3.4."), _read("ti 3. huhtikuuta klo 9").text, _read("03/04").text, _read("3.4.2025")
    (_Day(day=3, month=4, text='3.4.{year}'), 'ti 3. huhtikuuta {year} klo 9', '03/04/{year}', None)
    """
    match = _DAY.fullmatch(text)
    if match is None or (match["before"] and not is_weekday(match["before"].strip(" .,"))):
        return None
    if match["first"]:
        parts = {int(match["first"]), int(match["second"])}
        if not parts <= set(range(1, 32)) or min(parts) > 12:
            return None
        return _Day(int(match["first"]), None, f"{match['before']}{match['written']}/{{year}}{match['rest']}")
    name = match["name"] or match["name_first"]
    month = month_number(name) if name else int(match["month"])
    day = int(match["day"] or match["named"] or match["named_last"])
    if month is None or _date(2024, month, day) is None:
        return None
    written = f"{day}.{month}.{{year}}" if match["day"] else f"{match['written']} {{year}}"
    return _Day(day, month, match["before"] + written + match["rest"])


def _may_be_numbers(sheet: Sheet, found: Iterable[str]) -> bool:
    """A spreadsheet shows 3.1 for the number 3.10: the 3rd of January or of October."""
    bare = [text for text in found if re.fullmatch(r"\d{1,2}\.\d{1,2}", text)]
    tenths = any(_TENTH.fullmatch(text) for text in bare)
    return sheet.name is not None and tenths and not any(text.endswith(".10") for text in bare)


def _periods_said(sheet: Sheet, header: str) -> list[Period]:
    """The years, and first and last days, that stand above the rows, else in the name of the sheet, else in that of the file; all
    of them where one says what another does not hold.
    """
    levels = [
        found
        for texts in (
            [*(text for _, text in sheet.titles), header],
            [sheet.name or ""],
            [sheet.file.rpartition(".")[0]],
        )
        if (found := _periods_in(texts))
    ]
    if all(_years(levels[0]) & _years(other) for other in levels[1:]):
        return levels[0] if levels else []
    return list(dict.fromkeys(period for found in levels for period in found))


def _years(periods: Iterable[Period]) -> set[int]:
    return {year for first, last in periods for year in (first.year, last.year)}


def _periods_in(texts: Iterable[str]) -> list[Period]:
    said: list[Period] = []
    for text in texts:
        for span in _SPAN.finditer(text):
            last = _date(int(span[6]), int(span[5]), int(span[4]))
            first = _date(int(span[3] or span[6]), int(span[2]), int(span[1]))
            said += [(first, last)] if first and last and first <= last else []
        bare = _ONE_DAY.sub(" ", _SPAN.sub(" ", text))
        years = [int(year) for year in _YEAR.findall(bare)]
        said += [(date(year, 1, 1), date(year, 12, 31)) for year in years]
    return list(dict.fromkeys(said))


def _dated(found: dict[str, _Day], periods: Sequence[Period]) -> dict[str, str]:
    """The texts with their years, if what is said leaves one for each of them; days to come are no records."""
    years = _years(periods)
    if len(years) == 1:
        year = years.pop()
        days = [one.in_year(year) for one in found.values()]
        is_past = all(day is None or day <= clock.today() for day in days)
        return {text: one.text.format(year=year) for text, one in found.items()} if is_past else {}
    if len(periods) != 1:
        return {}
    first, last = periods[0]
    dated = {}
    for text, one in found.items():
        fitting = [year for year in sorted(years) if (day := one.in_year(year)) and first <= day <= last]
        if len(fitting) != 1:
            return {}
        dated[text] = one.text.format(year=fitting[0])
    return dated


def _answered(
    sheet: Sheet, column: str, found: dict[str, _Day], periods: Sequence[Period], asking: Asking
) -> dict[str, str]:  # fmt: skip
    now = clock.today().year
    said = {str(year) for year in _years(periods)}
    options = sorted(said or {str(now - back) for back in range(_YEARS_OFFERED)}, reverse=True)
    answer = asking.decide(
        "year", (REJECT, *options), about=sheet.header[int(column[1:])], lasting=False,
        rows=int(sheet.rows[column].is_in(list(found)).sum()),
    )  # fmt: skip
    return {} if answer == REJECT else {text: one.text.format(year=answer) for text, one in found.items()}


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
