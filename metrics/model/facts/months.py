"""Calendar months after a first day, on an axis of days where every month ends at a day of its own.

Six calendar months are 181 to 184 days. So that "within 6 months" means the calendar and curves still run in days, a number of
days is moved, by at most three, to the side of the horizon on which its date lies.
"""

HORIZON_DAYS = {6: 183, 12: 365, 24: 730}
"""Day of the axis on which each horizon in months ends."""


def month_end(months: float) -> int:
    """Return the day of the axis on which a number of months, or a part of one, ends.

    >>> [month_end(months) for months in (1, 2, 6, 12, 24)]
    [30, 61, 183, 365, 730]
    """
    return int(months * 365 / 12 + 0.5)


def on_axis(days: str, ends: str) -> str:
    """Return SQL for a number of days on the axis.

    days: SQL for the days since the first day; ends: name before the columns that hold the true days to each horizon, such as
    `n.days_` for `n.days_6`.
    """
    cases, above = "", ""
    for months, end in HORIZON_DAYS.items():
        value = f"least({days}, {end})"
        cases += f"WHEN {days} <= {ends}{months} THEN {f'greatest({value}, {above})' if above else value} "
        above = str(end + 1)
    return f"CASE {cases}ELSE greatest({days}, {above}) END"


def days_to_horizons(first_day: str) -> str:
    """Return SQL for columns `days_6`, `days_12` and so on: the true days from a first day to each horizon."""
    return ", ".join(f"{day_of(first_day, months)} - {first_day} AS days_{months}" for months in HORIZON_DAYS)


def day_of(first_day: str, months: int) -> str:
    """Return SQL for the day a number of calendar months after a first day; of a shorter month, its last."""
    return f"({first_day} + INTERVAL {months} MONTH)::DATE"
