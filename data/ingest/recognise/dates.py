"""Days and months as people and programs write them: Finnish, ISO, with slashes, by name, Excel serial numbers.

A moment with its distance from UTC is the day and month it was in Helsinki.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

from babel.dates import get_day_names, get_month_names

from data.clock import FINLAND
from data.codes import normalise
from data.ingest.recognise import date_order
from data.ingest.recognise.date_order import Order, whole_year
from data.ingest.recognise.problem import Problem

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_NAMED = (
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|:e)?[ .\-/]{0,2}(?P<name>[^\W\d_]{3,14})[ .,\-/]{1,2}(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<name>[^\W\d_]{3,14})[ .\-/]{1,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?,?[ \-/](?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<year>\d{4})[ .\-/](?P<name>[^\W\d_]{3,14})[ .\-/](?P<day>\d{1,2})"),
)  # fmt: skip
_MONTHS = (
    re.compile(r"(?P<month>\d{1,2})\s?[/.\-]\s?(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})\s?[-/.M]\s?(?P<month>\d{1,2})"),
    re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)"),
    re.compile(r"(?P<name>[^\W\d_]{3,14})(?:[ .,\-/]{1,2}|[ -]')(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<year>\d{4})[ .\-/](?P<name>[^\W\d_]{3,14})\.?"),
)
_SHORT_MONTH = re.compile(r"(\d{1,2})([/\-])(\d{2})")
_WORD_BEFORE = re.compile(r"([^\W\d_]{2,12})\.?,? (?=\w)")
_IN_NUMBERS = re.compile(r"(\d{1,2}\. ?\d{1,2}\. ?(?:\d{4}|\d{2})|[\d/.-]{6,})(?:,? |,|T)\s*(.*)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d\d)-?([1-7])")
_WEEK = re.compile(
    r"(?:(?:19|20)\d\d[ /-]?)?(?:w|vko|viikko|vk|v\.|vecka|week|q|kvartaali|kvartal|quarter)\.? ?"
    r"\d{1,2}(?:[ ./-]{1,2}(?:19|20)\d\d)?",
    re.IGNORECASE,
)
"""A week or quarter, with or without its year."""
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?")
"""What most programs write: the day is its first ten letters."""
_MAY_HAVE_ZONE = re.compile(r"\d ?(?:z|utc|gmt|[+-]\d\d)", re.IGNORECASE)
_TIME = re.compile(
    r"(?:klo|kl|kello|at)?\.? ?(?P<hour>\d{1,2})[.:]?(?P<minute>[0-5]\d)(?:[.:]?(?P<second>[0-5]\d)(?:[.,]\d+)?)?"
    r" ?(?P<half>[ap]\.?m\.?)? ?(?P<zone>z|utc|gmt|[+-]\d\d(?::?\d\d)?)?(?: ?\[[^\]]*\])?",
    re.IGNORECASE,
)
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(18_264, 73_051)
"""Excel's numbers of 1950–2099; others are no dates we know of."""


def days(texts: Sequence[str], order: Order | None = None) -> list[date | Problem]:
    """The day each text means; `order` of day and month as the column tells unless it is given.

    >>> days(["05/03/2026", "25/03/2026"])[0], days(["05/03/2026"])[0].reason
    (datetime.date(2026, 3, 5), 'ambiguous_date')
    """
    order = order or order_of(texts)
    serials = are_serials(texts)
    return [_iso_day(text) if _PLAIN.fullmatch(text) else _day(text, order, serials=serials) for text in texts]


def order_of(texts: Sequence[str]) -> Order:
    """The order of day and month in the numbers of a column, times left out."""
    return date_order.order(list({_parted(text)[0]: None for text in texts if not _PLAIN.fullmatch(text)}))


def unsure_texts(texts: Sequence[str], order: Order) -> list[int]:
    """Places of the texts whose day depends on an open order."""
    return [place for place, text in enumerate(texts) if order.unsure and _parted(text)[0] in order.unsure]


def are_serials(texts: Sequence[str]) -> bool:
    """Most texts are Excel's numbers of days; a single one among dates is a slip of the pen."""
    return sum(_serial(text) is not None for text in texts) * 2 > len(texts)


def has_zone(texts: Sequence[str]) -> bool:
    """Some text is a moment with its distance from UTC."""
    return any(
        match["zone"]
        for text in texts
        if not _PLAIN.fullmatch(text) and _MAY_HAVE_ZONE.search(text) and (match := _time(_parted(text)[1]))
    )


def months(texts: Sequence[str], order: Order | None = None, *, year_first: bool | None = None) -> list[date | Problem]:
    """The first day of the month each text means: `9/2024`, `2025-04`, `syyskuu 2024`, `9/24`, or a whole date.

    year_first: whether `9/12` is December 2009, where the column does not tell.

    >>> months(["9/2024"]), months(["9/12", "10/24"])[0]
    ([datetime.date(2024, 9, 1)], datetime.date(2012, 9, 1))
    """
    order = order or order_of(texts)
    serials = are_serials(texts)
    known = short_months_are_year_first(texts)
    known = year_first if known is None else known
    return [_month(text, order, serials=serials, year_first=known) for text in texts]


def short_months_are_year_first(texts: Sequence[str]) -> bool | None:
    """Whether the year goes first in `24/9`; None where no text or each of two contradicting ones tells."""
    read = [(int(match[1]), int(match[3])) for text in texts if (match := _SHORT_MONTH.fullmatch(text))]
    month_first = any(second > 12 for _, second in read)
    year_first = any(first > 12 for first, _ in read)
    return None if month_first == year_first else year_first


def unsure_short_months(texts: Sequence[str]) -> list[int]:
    """Places of the texts like `9/12`, which may be of 2012 or of 2009."""
    return [
        place
        for place, text in enumerate(texts)
        if (match := _SHORT_MONTH.fullmatch(text))
        and len(match[1]) == 2
        and int(match[1]) <= 12
        and int(match[3]) <= 12
    ]


def month_number(name: str) -> int | None:
    """The month that a word names, whole, short or inflected.

    >>> month_number("huhtikuuta"), month_number("apr"), month_number("Työ")
    (4, 4, None)
    """
    return _month_names().get(normalise(name))


def is_weekday(word: str) -> bool:
    """The word names a day of the week, or stands before days: `den`."""
    return normalise(word) in _weekdays()


def of_half_day(number: int, half: str | None) -> int:
    """The hour of a clock of twelve hours, `half` beginning with a or p, or of one of twenty-four."""
    return number % 12 + (12 if half[0] in "pP" else 0) if half and number <= 12 else number


def _iso_day(text: str) -> date | Problem:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return Problem("bad_date")


def moment(text: str, order: Order) -> datetime | None:
    """The moment in Helsinki that a text is; None when it is no day with a time."""
    plain, rest = _parted(text)
    return _moment(rest, _plain_day(plain, order, serials=False))


def _day(text: str, order: Order, *, serials: bool) -> date | Problem:
    plain, rest = _parted(text)
    day = _plain_day(plain, order, serials=serials)
    moment = _moment(rest, day) if _MAY_HAVE_ZONE.search(rest) else None
    return moment.date() if moment else day


def _parted(text: str) -> tuple[str, str]:
    """A date without its weekday, and the time or anything else that stands after it."""
    while not text[:1].isdigit() and (word := _WORD_BEFORE.match(text)) and normalise(word[1]) in _weekdays():
        text = text[word.end() :]
    if match := _IN_NUMBERS.match(text):
        return match[1], match[2]
    for form in _NAMED:
        if (named := form.match(text)) and not text[named.end() : named.end() + 1].isalnum():
            return named[0], text[named.end() :].strip(" ,T")
    return text, ""


def _time(rest: str) -> re.Match[str] | None:
    return _TIME.fullmatch(rest.strip(" ,")) if rest else None


def _moment(rest: str, day: date | Problem) -> datetime | None:
    """The moment in Helsinki; None when there is no time after the date."""
    match = _time(rest)
    if match is None or isinstance(day, Problem):
        return None
    number = of_half_day(int(match["hour"]), match["half"])
    if number > 23:
        return None
    moment = datetime.combine(day, time(number, int(match["minute"]), int(match["second"] or 0)))
    # 11:00-12:00 is from eleven to twelve; where the clock is behind UTC, programs write the seconds.
    if not match["zone"] or (match["zone"][0] == "-" and not match["second"]):
        return moment
    try:
        return moment.replace(tzinfo=_zone(match["zone"])).astimezone(FINLAND)
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone:
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-ahead if text[0] == "-" else ahead)


def _plain_day(text: str, order: Order, *, serials: bool) -> date | Problem:
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(text):
        compact = _date(int(match[1]), int(match[2]), int(match[3]))
        if not isinstance(compact, Problem):
            return compact
    found_day = date_order.day(text, order)
    if found_day is not None:
        return found_day
    named = next((found for form in _NAMED if (found := form.fullmatch(text))), None)
    if named and (number := _month_names().get(normalise(named["name"]))):
        return _date(whole_year(named["year"]), number, int(named["day"]))
    if week := _ISO_WEEK.fullmatch(text):
        return _week_day(int(week[1]), int(week[2]), int(week[3]))
    serial = _serial(text) if serials else None
    return serial or Problem("no_day" if _names_longer_time(text) else "bad_date")


def _names_longer_time(text: str) -> bool:
    """`helmikuu 2026`, `02/2026`, `vko 5`, `2026-W05`, `Q1/2026`, `2026`: a month, week, quarter or year without a day."""
    if _WEEK.fullmatch(text) or _YEAR.fullmatch(text):
        return True
    if match := next((found for form in _MONTHS if (found := form.fullmatch(text))), None):
        parts = match.groupdict()
        name = normalise(parts.get("name") or "")
        return name in _month_names() if name else 1 <= int(parts["month"]) <= 12
    return False


def _week_day(year: int, week: int, day: int) -> date | Problem:
    try:
        return date.fromisocalendar(year, week, day)
    except ValueError:
        return Problem("bad_date")


def _serial(text: str) -> date | None:
    match = _SERIAL.fullmatch(text)
    return _SERIAL_ZERO + timedelta(days=int(match[1])) if match and int(match[1]) in _SERIALS else None


def _month(text: str, order: Order, *, serials: bool, year_first: bool | None) -> date | Problem:
    if short := _SHORT_MONTH.fullmatch(text):
        return _short_month(int(short[1]), int(short[3]), (short[1], short[3]), year_first=year_first)
    for form in _MONTHS:
        if match := form.fullmatch(text):
            parts = match.groupdict()
            number = (
                int(parts["month"]) if parts.get("month") else _month_names().get(normalise(parts.get("name") or ""))
            )
            if number:
                return _date(whole_year(parts["year"]), number, 1, "bad_month")
    day = _day(text, order, serials=serials)
    if isinstance(day, Problem):
        return day if day.reason == "ambiguous_date" else Problem("bad_month")
    return day.replace(day=1)


def _short_month(first: int, second: int, texts: tuple[str, str], *, year_first: bool | None) -> date | Problem:
    if first > 12 and len(texts[0]) == 2:
        return _date(whole_year(texts[0]), second, 1, "bad_month")
    if second > 12:
        return _date(whole_year(texts[1]), first, 1, "bad_month")
    if year_first is None or (year_first and len(texts[0]) < 2):
        # A month of one digit before the year can only go first.
        is_clear = len(texts[0]) < 2 and year_first is None
        return _date(whole_year(texts[1]), first, 1, "bad_month") if is_clear else Problem("ambiguous_date")
    year, number = (texts[0], second) if year_first else (texts[1], first)
    return _date(whole_year(year), number, 1, "bad_month")


def _date(year: int, month: int, number: int, reason: str = "bad_date") -> date | Problem:
    try:
        return date(year, month, number)
    except ValueError:
        return Problem(reason)


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(
        normalise(name)
        for lang in ("fi", "sv", "en")
        for width in ("wide", "abbreviated", "short")
        for context in ("format", "stand-alone")
        for name in get_day_names(width, context, lang).values()
    ) | {"den", "the"}


@cache
def _month_names() -> dict[str, int]:
    names: dict[str, int] = {}
    for lang in ("fi", "sv", "en"):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, lang).items():
                    names[normalise(name)] = number
    # As spreadsheets shorten them: `maalis` of the Finnish month, three letters of the others.
    for number, name in get_month_names("wide", "stand-alone", "fi").items():
        names.setdefault(normalise(name).removesuffix("kuu"), number)
        names.setdefault(normalise(name).removesuffix("uu"), number)
    for lang in ("sv", "en"):
        for number, name in get_month_names("wide", "format", lang).items():
            names.setdefault(normalise(name)[:3], number)
    return names | {"sept": 9}
