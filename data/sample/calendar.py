"""When people come: open days, weekday load, the quiet July and the busy early autumn, public holidays, hours of the day."""

from datetime import date, timedelta

import numpy as np

from data.sample.plan import Days, Plan, Shares

BY_MONTH = (1.08, 1.02, 1.03, 0.97, 0.95, 0.78, 0.48, 1.24, 1.26, 1.10, 1.05, 0.72)
BY_WEEKDAY = (1.30, 1.08, 1.02, 0.98, 0.72, 0.05, 0.02)
"""Saturday and Sunday are pop-ups and events only."""

YEARLY_GROWTH = 0.06
SATURDAY = 5

HOURS = tuple(range(8, 19))
BY_HOUR_OPEN = (2, 15, 17, 14, 9, 13, 13, 10, 4, 1, 0)
BY_HOUR_BOOKED = (4, 13, 13, 12, 6, 13, 14, 12, 7, 3, 1)
BY_HOUR_WEEKEND = (0, 0, 6, 14, 18, 20, 18, 14, 8, 2, 0)


def day_weights(plan: Plan) -> Shares:
    """Expected load of each day, relative; zero on public holidays."""
    days = [plan.first + timedelta(days=k) for k in range(plan.days)]
    closed = {holiday for year in plan.years for holiday in public_holidays(year)}
    weights = [
        0.0 if day in closed else BY_MONTH[day.month - 1] * BY_WEEKDAY[day.weekday()] * (1 + YEARLY_GROWTH * k / 365)
        for k, day in enumerate(days)
    ]
    return np.array(weights)


def weekdays(plan: Plan, days: Days) -> Days:
    """Monday = 0 … Sunday = 6."""
    return (days + plan.first.weekday()) % 7


def months_since_1970(plan: Plan) -> Days:
    """Month number (year × 12 + month, from January 1970 = 0) of every day of the plan."""
    days = np.datetime64(plan.first) + np.arange(plan.days)
    return days.astype("datetime64[M]").astype(np.int32)


def easter(year: int) -> date:
    """Easter Sunday (Gregorian computus of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def public_holidays(year: int) -> set[date]:
    """Days on which municipal offices in Finland are closed, Midsummer Eve and Christmas Eve included."""
    sunday = easter(year)
    midsummer = next(date(year, 6, d) for d in range(19, 26) if date(year, 6, d).weekday() == 4)
    moving = {sunday + timedelta(days=k) for k in (-2, 0, 1, 39)}
    fixed = {(1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)}
    return moving | {midsummer, midsummer + timedelta(days=1)} | {date(year, m, d) for m, d in fixed}
