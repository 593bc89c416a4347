"""Numbers, percentages, bounds and dates in the format of the user's language (Babel, CLDR)."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import (
    NumberFormatError,
    format_decimal,
    format_percent,
    get_decimal_symbol,
    get_group_symbol,
    parse_decimal,
)

from data import clock
from data.texts import Language, Texts, percent_sign
from metrics.gate import Bound, State
from metrics.grammar.period import Period

MINUS = "−"
_NUMBERS = 20_000
"""Numbers kept as text: a number reads the same whoever looks at it. A page writes some hundred, most of them again and again."""
OF_TIME = frozenset({"days", "minutes", "hours"})
"""Units that are said also where a figure's name stands beside its number: without them the number tells nothing."""
_MONTH = 30.44
"""Days of a mean month."""


class ValueInUnit(Protocol):
    """The attributes of a published row that its text is made of."""

    @property
    def value(self) -> float | None: ...  # noqa: D102
    @property
    def state(self) -> State: ...  # noqa: D102
    @property
    def bound(self) -> Bound | None: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102


@lru_cache(maxsize=_NUMBERS)
def number(value: float, lang: Language, decimals: int = 0) -> str:
    """Return a number with the language's grouping and decimal mark; non-breaking, with a real minus sign.

    >>> number(-1234.56, "fi", 1), number(1234.56, "en", 1)
    ('−1\\xa0234,6', '1,234.6')
    """
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text: str = format_decimal(round(value, decimals) + 0.0, format=pattern, locale=lang)
    return text.replace("-", MINUS)


def parsed(text: str, lang: Language) -> float | None:
    """Return a number typed by a person, with or without spaces or a percent sign; None when it is none in that language.

    >>> parsed("1 234,5 %", "fi"), parsed("paljon", "fi")
    (1234.5, None)
    """
    try:
        return float(parse_decimal("".join(text.replace("%", "").split()), locale=lang, strict=True))
    except NumberFormatError:
        return None


@lru_cache(maxsize=_NUMBERS)
def percent(value: float, lang: Language, decimals: int = 0) -> str:
    """Return a value given in percent with its sign.

    >>> percent(12, "fi"), percent(12, "en")
    ('12\\xa0%', '12%')
    """
    pattern = (
        Locale(lang)
        .percent_formats[None]
        .pattern.replace("#,##0", "#,##0" + ("." + "0" * decimals if decimals else ""))
    )
    text: str = format_percent(round(value, decimals) / 100 + 0.0, format=pattern, locale=lang)
    return text.replace("-", MINUS)


def change(relative: int, lang: Language) -> str:
    """Return a relative change in percent (`metrics.change.relative`) with its sign: `+12 %`.

    >>> change(-25, "fi"), change(0, "sv")
    ('−25\\xa0%', '±0\\xa0%')
    """
    return percent(relative, lang).join(("±" if relative == 0 else "+" if relative > 0 else "", ""))


def bound(given: Bound, unit: str, t: Texts) -> str:
    """Return a bound of a suppressed value in words: "alle 10", "yli 95 %"."""
    written = percent(given.limit, t.lang) if unit == "%" else number(given.limit, t.lang)
    return t("bound." + given.kind, limit=written)


def short(row: ValueInUnit, lang: Language) -> str:
    """Return the bound of a suppressed value in few characters: `<10`, `>95 %`; a dash when it has no bound."""
    if row.bound is None:
        return "–"
    limit = percent(row.bound.limit, lang) if row.unit == "%" else number(row.bound.limit, lang)
    return f"{'<' if row.bound.kind == 'under' else '>'}{limit}"


def value_text(row: ValueInUnit, t: Texts, *, unit: bool = False) -> str:
    """Return a published value as text: the number, its bound, or why there is none.

    unit: whether counts and times have their unit.
    """
    if row.value is None:
        return bound(row.bound, row.unit, t) if row.bound else t("state." + row.state)
    _, decimals = rounded(row.value)
    if row.unit == "%":
        return percent(row.value, t.lang, decimals)
    named = unit_mark(row, t, unit=unit)
    return " ".join(part for part in (number(row.value, t.lang, decimals), named) if part)


def rounded(value: float) -> tuple[float, int]:
    """Return a published number rounded for display, and its decimals: none for a whole one, else one.

    Protected values have whole percents already; exact ones get one decimal.

    >>> rounded(12.0), rounded(12.345)
    ((12.0, 0), (12.3, 1))
    """
    decimals = 0 if float(value).is_integer() else 1
    return round(value, decimals) + 0.0, decimals


def unit_mark(row: ValueInUnit, t: Texts, *, unit: bool = False) -> str:
    """Return the unit in the text of a value: the percent sign always, another with `unit`; empty for none."""
    if row.unit == "%":
        return "%"
    return after(row.unit, row.value, t) if unit else ""


def after(unit: str, count: float | None, t: Texts) -> str:
    """Return a unit as it stands after its number, empty for none; a thousand is in digits: "99 tuhatta" is another number."""
    key = next((key for key in ("unit_after." + unit, "unit_short." + unit) if t.has(key)), None)
    return t(key, count=count) if key else ""


def unit_text(unit: str, count: float, t: Texts) -> str | None:
    """Return a unit written out: "päivää", "asiakasta"; None for one without a name, such as percent."""
    key = next((key for key in ("unit_long." + unit, "unit_short." + unit) if t.has(key)), None)
    return t(key, count=count) if key else None


def period_label(period: str, lang: Language) -> str:
    """Return a registered period as text: `tammi–syyskuu 2026`."""
    return Period.parse(period).label(lang)


@lru_cache(maxsize=_NUMBERS)
def period_short(period: str, lang: Language) -> str:
    """Return a registered period as the label of an axis: `maalis 2026`."""
    return Period.parse(period).short_label(lang)


def day(value: date | datetime, lang: Language) -> str:
    """Return a day, or that of a moment in Finland, as text: `30.9.2026`, `30 sep. 2026`, `30 Sept 2026`."""
    value = clock.day_of(value) if isinstance(value, datetime) else value
    text: str = format_date(value, "d.M.y" if lang != "en" else "d MMM y", locale=lang)
    return text


def moment(value: datetime, t: Texts) -> str:
    """Return a day with the time of day in Finland: `30.9.2026 klo 14.05`. value: in any zone, or the server's own time."""
    here = clock.here(value)
    time = f"{here.hour}{':' if t.lang == 'en' else '.'}{here.minute:02}"
    return t("moment", day=day(here, t.lang), time=time)


def vega_locale(lang: Language) -> dict[str, Any]:
    """Return the number and time locale of a chart, for `chart.configure(locale=…)`."""
    months = {width: get_month_names(width, context="stand-alone", locale=lang) for width in ("wide", "abbreviated")}
    days = {width: get_day_names(width, context="stand-alone", locale=lang) for width in ("wide", "abbreviated")}
    week = (6, 0, 1, 2, 3, 4, 5)  # Vega's week begins on Sunday, Babel's on Monday
    return {
        "number": {
            "decimal": get_decimal_symbol(lang),
            "thousands": get_group_symbol(lang),
            "grouping": [3],
            "currency": ["", "\u00a0€"],
            "minus": MINUS,
            "percent": percent_sign(lang),
        },
        "time": {
            "dateTime": "%-d.%-m.%Y %H.%M",
            "date": "%-d.%-m.%Y",
            "time": "%H.%M",
            "periods": ["", ""],
            "days": [days["wide"][i] for i in week],
            "shortDays": [days["abbreviated"][i] for i in week],
            "months": [months["wide"][i] for i in range(1, 13)],
            "shortMonths": [months["abbreviated"][i].removesuffix(".") for i in range(1, 13)],
        },
    }


def within(days: float, t: Texts) -> str:
    """Return in what time something comes, as people say it: in days to two months, in months to a year and a half, in years.

    >>> from data.texts import texts
    >>> within(40, texts("fi")), within(275, texts("fi")), within(921, texts("fi"))
    ('40 päivässä', 'noin 9 kuukaudessa', 'noin 2,5 vuodessa')
    """
    months = days / _MONTH
    if months < 2:
        return t("within.days", days=number(days, t.lang))
    if months < 18:
        return t("within.months", months=number(months, t.lang))
    return t("within.years", years=number(months / 12, t.lang, 1))
