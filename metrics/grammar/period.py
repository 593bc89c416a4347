"""Registered periods: month, quarter, year, year to date, all time. No others can be asked for."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self, get_args

Level = Literal["month", "quarter", "year", "ytd", "all"]
Each = Literal["month", "quarter", "year"]
Relative = Literal["month", "quarter", "to_date", "year"]
"""Periods relative to the last closed day: the last month or quarter, the year so far, the last whole year."""
RELATIVE: tuple[Relative, ...] = get_args(Relative)

_FORMS = re.compile(
    r"(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|ytd-(?P<ytd>0[1-9]|1[0-2])|(?P<month>0[1-9]|1[0-2])))?"
)


class PeriodError(ValueError):
    """Raised when a text is no registered period, or a period has none of the kind asked for."""


@dataclass(frozen=True, order=True)
class Period:
    """One registered period. `number` is the month or quarter, 0 where the level has none; `all` has year 0."""

    year: int
    number: int
    level: Level

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the period of `2025`, `2025-Q3`, `2025-03`, `2025-ytd-09` or `all`. Raises PeriodError for any other text.

        >>> str(Period.parse("2025-Q3"))
        '2025-Q3'
        """
        if text == "all":
            return cls(0, 0, "all")
        form = _FORMS.fullmatch(text)
        if form is None:
            raise PeriodError(text)
        year = int(form["year"])
        for level in ("quarter", "ytd", "month"):
            if form[level]:
                return cls(year, int(form[level]), level)
        return cls(year, 0, "year")

    def __str__(self) -> str:
        match self.level:
            case "all":
                return "all"
            case "year":
                return str(self.year)
            case "quarter":
                return f"{self.year}-Q{self.number}"
            case "ytd":
                return f"{self.year}-ytd-{self.number:02d}"
            case "month":
                return f"{self.year}-{self.number:02d}"

    @property
    def first_day(self) -> date | None:
        """First day, None for `all`."""
        if self.level == "all":
            return None
        month = {"month": self.number, "quarter": 3 * self.number - 2}.get(self.level, 1)
        return date(self.year, month, 1)

    @property
    def last_day(self) -> date | None:
        """Last day, None for `all`."""
        if self.level == "all":
            return None
        month = {"year": 12, "quarter": 3 * self.number}.get(self.level, self.number)
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    def has_ended(self, closed_until: date) -> bool:
        """Return whether the whole period lies within the closed months; true of `all`.

        A period that has not ended is not compared, since the year before would be longer, and not drawn over time,
        since a part of a period looks like a fall.

        >>> [Period.parse(text).has_ended(date(2026, 9, 30)) for text in ("2026-09", "2026-Q4", "2026", "2026-ytd-09", "all")]
        [True, False, False, True, True]
        """
        last = self.last_day
        return last is None or last <= closed_until

    def is_open(self, closed_until: date) -> bool:
        """Return whether the period is for the internal audience only: no day of it lies in a closed month, or its name says the
        month up to which it counts, and that month is not closed.

        >>> [Period.parse(text).is_open(date(2026, 8, 31)) for text in ("2026-09", "2026-ytd-09", "2026-Q3", "2026", "all")]
        [True, True, False, False, False]
        """
        first = self.first_day
        if first is None:
            return False
        return first > closed_until or (self.level == "ytd" and not self.has_ended(closed_until))

    def last_closed(self, closed_until: date) -> Self:
        """Return the last period of the same kind that lies within the closed months.

        >>> [str(Period.parse(text).last_closed(date(2026, 8, 31))) for text in ("2026-09", "2026-ytd-09", "2026-Q3", "2027")]
        ['2026-08', '2026-ytd-08', '2026-Q2', '2025']
        """
        if self.level == "ytd":
            return type(self)(closed_until.year, closed_until.month, "ytd")
        return type(self).parse(period_at(self.level, closed_until))

    def year_before(self) -> Self:
        """Return the same period a year earlier. Raises PeriodError for `all`."""
        if self.level == "all":
            raise PeriodError("all")
        return type(self)(self.year - 1, self.number, self.level)

    def month_before(self) -> Self:
        """Return the month before a month. Raises PeriodError for other periods.

        >>> str(Period.parse("2026-01").month_before())
        '2025-12'
        """
        if self.level != "month":
            raise PeriodError(str(self))
        return type(self)(self.year - (self.number == 1), (self.number - 2) % 12 + 1, "month")

    def split(self, each: Each, first: date, last: date) -> tuple[Self, ...]:
        """Return the periods of a finer level within this one, from the one containing `first` to the one containing `last`.

        Raises PeriodError when `each` is not finer than this period.
        """
        finer = {"all": 4, "year": 3, "ytd": 3, "quarter": 2, "month": 1}[self.level]
        if {"year": 3, "quarter": 2, "month": 1}[each] >= finer:
            raise PeriodError(f"{self} / {each}")
        start, end = max(self.first_day or first, first), min(self.last_day or last, last)
        if each == "year":
            return tuple(type(self)(year, 0, "year") for year in range(start.year, end.year + 1))
        size = {"month": 1, "quarter": 3}[each]
        span = range((start.year * 12 + start.month - 1) // size, (end.year * 12 + end.month - 1) // size + 1)
        return tuple(type(self)(i * size // 12, i % (12 // size) + 1, each) for i in span)

    def label(self, lang: str) -> str:
        """Return the name of the period in a language.

        >>> Period.parse("2026-03").label("fi"), Period.parse("2026-ytd-09").label("sv")
        ('maaliskuu 2026', 'januari–september 2026')
        """
        match self.level:
            case "all":
                return {"fi": "koko aika", "sv": "hela tiden", "en": "all time"}[lang]
            case "year":
                return str(self.year)
        # Not above: to load it takes longer than to answer what is asked of all time.
        from babel.dates import format_date, get_month_names

        months = get_month_names("wide", context="stand-alone", locale=lang)
        match self.level:
            case "quarter":
                first = date(self.year, 3 * self.number - 2, 1)
                return {"fi": f"{self.number}. neljännes {self.year}", "sv": f"kvartal {self.number} {self.year}"}.get(
                    lang, format_date(first, "QQQ y", locale=lang)
                )
            case "month":
                return f"{months[self.number]} {self.year}"
            case "ytd":
                return months_label(date(self.year, 1, 1), date(self.year, self.number, 1), lang)

    def short_label(self, lang: str) -> str:
        """Return the name of the period for axes: `maalis 2026`, `mars 2026`, `Mar 2026`."""
        if self.level != "month":
            return self.label(lang)
        from babel.dates import get_month_names

        name: str = get_month_names("abbreviated", context="stand-alone", locale=lang)[self.number]
        return f"{name.removesuffix('.')} {self.year}"


def months_label(first: date, last: date, lang: str) -> str:
    """Return the name of the months from one day's to another's in a language.

    >>> months_label(date(2026, 4, 1), date(2026, 6, 1), "fi"), months_label(date(2025, 12, 1), date(2026, 1, 1), "en")
    ('huhti–kesäkuu 2026', 'December 2025 – January 2026')
    >>> months_label(date(2026, 4, 1), date(2026, 4, 30), "sv")
    'april 2026'
    """
    # As above: on use.
    from babel.dates import get_month_names

    months = get_month_names("wide", context="stand-alone", locale=lang)
    begin, end = (f"{months[day.month]} {day.year}" for day in (first, last))
    if begin == end:
        return end
    if first.year != last.year:
        return f"{begin} – {end}"
    return f"{months[first.month].removesuffix('kuu') if lang == 'fi' else months[first.month]}–{end}"


def is_period(text: str) -> bool:
    """Return whether a text names a registered period."""
    try:
        Period.parse(text)
    except PeriodError:
        return False
    return True


def period_at(period: str, closed_until: date) -> str:
    """Return the registered period of a relative one; other texts are returned unchanged.

    closed_until: last closed day.

    >>> period_at("month", date(2026, 9, 30)), period_at("to_date", date(2026, 9, 30)), period_at("year", date(2026, 9, 30))
    ('2026-09', '2026-ytd-09', '2025')
    """
    year, month = closed_until.year, closed_until.month
    if period == "month":
        return str(Period(year, month, "month"))
    if period == "quarter":
        quarter = month // 3
        return str(Period(year, quarter, "quarter") if quarter else Period(year - 1, 4, "quarter"))
    if period == "to_date":
        return str(Period(year, 0, "year") if month == 12 else Period(year, month, "ytd"))
    if period == "year":
        return str(Period(year if month == 12 else year - 1, 0, "year"))
    return period


def default_period(closed_until: date) -> Period:
    """Return the period that pages open with, and whose cells are precomputed: the year so far.

    closed_until: last closed day.

    >>> str(default_period(date(2026, 9, 30))), str(default_period(date(2026, 12, 31)))
    ('2026-ytd-09', '2026')
    """
    return Period.parse(period_at("to_date", closed_until))


def registered(first: date, last: date) -> tuple[Period, ...]:
    """Return every period that overlaps the days of the data: all, then years, years to date, quarters, months, newest first."""
    whole = Period(0, 0, "all")
    months = whole.split("month", first, last)[::-1]
    years = whole.split("year", first, last)[::-1]
    to_date = tuple(Period(m.year, m.number, "ytd") for m in months)
    return (whole, *years, *to_date, *whole.split("quarter", first, last)[::-1], *months)
