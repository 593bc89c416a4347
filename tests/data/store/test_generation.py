"""The last closed month: before the month of publication, and no further than the encounters reach."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from data.clock import FINLAND
from data.store.generation import Generation


def made(created: date, covered: date | None = None, **until: date) -> Generation:
    moment = (
        datetime(created.year, created.month, created.day, 23, 59, tzinfo=FINLAND).astimezone().replace(tzinfo=None)
    )
    return Generation(1, None, moment, "test", "v", {}, 0, date(2024, 1, 1), until, "0" * 32, covered)


@pytest.mark.parametrize(
    ("created", "until", "closed"),
    [
        (date(2026, 10, 31), {"encounter": date(2026, 10, 20)}, date(2026, 9, 30)),
        (date(2026, 11, 1), {"encounter": date(2026, 10, 20)}, date(2026, 10, 31)),
        (date(2027, 3, 5), {"encounter": date(2026, 10, 20)}, date(2026, 10, 31)),
        (date(2027, 1, 1), {"encounter": date(2026, 12, 31)}, date(2026, 12, 31)),
        (date(2026, 12, 31), {"encounter": date(2026, 12, 31)}, date(2026, 11, 30)),
        # Months that only other tables have reached are open: guidance is not in them yet.
        (date(2026, 11, 25), {"encounter": date(2026, 9, 30), "referral": date(2026, 10, 31)}, date(2026, 9, 30)),
        (date(2026, 11, 25), {"encounter": date(2026, 10, 31), "outcome": date(2026, 8, 1)}, date(2026, 10, 31)),
        (date(2026, 11, 25), {"enrolment": date(2026, 7, 31), "outcome": date(2026, 9, 2)}, date(2026, 9, 30)),
        (date(2026, 11, 25), {}, date(2026, 10, 31)),
        (date(2024, 3, 1), {"encounter": date(2024, 2, 10)}, date(2024, 2, 29)),
    ],
)
def test_the_last_closed_day(created: date, until: dict[str, date], closed: date) -> None:
    assert made(created, **until).closed_until == closed


@pytest.mark.parametrize(
    ("created", "covered", "closed"),
    [
        (date(2026, 11, 25), date(2026, 10, 31), date(2026, 10, 31)),
        # Half a month is no month, however long ago it was.
        (date(2026, 11, 25), date(2026, 10, 30), date(2026, 9, 30)),
        (date(2027, 3, 5), date(2026, 10, 20), date(2026, 9, 30)),
        # Neither is one that somebody says is covered before it is over.
        (date(2026, 10, 31), date(2026, 10, 31), date(2026, 9, 30)),
        (date(2026, 10, 31), date(2026, 12, 31), date(2026, 9, 30)),
        (date(2026, 3, 1), date(2026, 2, 28), date(2026, 2, 28)),
    ],
)
def test_a_month_is_closed_when_deliveries_cover_all_of_it(created: date, covered: date, closed: date) -> None:
    assert made(created, covered, encounter=date(2026, 10, 20)).closed_until == closed
