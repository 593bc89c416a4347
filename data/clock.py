"""Which day and time of day it is in Finland, wherever the server is and whatever its clock says.

Moments are stored in UTC, or as the server's own time without a zone. The day that a person reads, and the day that decides what
a person sees, is that of Finland: of a server in UTC it is another one until two or three o'clock at night.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FINLAND = ZoneInfo("Europe/Helsinki")


def now() -> datetime:
    """This moment. Every `today` is of it, so that a test can set the clock."""
    return datetime.now(UTC)


def here(moment: datetime) -> datetime:
    """A moment as Finland's clocks show it; one without a zone is the server's own time.

    >>> here(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)).isoformat(" ", "minutes")
    '2026-07-01 02:30+03:00'
    """
    return moment.astimezone(FINLAND)


def day_of(moment: datetime) -> date:
    """The day of a moment in Finland.

    >>> day_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    datetime.date(2027, 1, 1)
    """
    return here(moment).date()


def today() -> date:
    """The day it is in Finland."""
    return day_of(now())


def minute_of(moment: datetime) -> str:
    """Day and minute of a moment in Finland, as commands print them.

    >>> minute_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    '2027-01-01 01:30'
    """
    return f"{here(moment):%Y-%m-%d %H:%M}"


def day_in_sql(column: str) -> str:
    """DuckDB's words for the day in Finland of a column that has the server's own time."""
    return f"timezone('{FINLAND.key}', {column}::TIMESTAMPTZ)::DATE"
