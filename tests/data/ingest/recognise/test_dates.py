"""Days, months and hours by the column: right where the cells tell, asked where they do not, never quietly another day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ingest.recognise import dates
from tests.data.ingest.recognise.written import column

MARCH_3 = date(2025, 3, 3)
MARCH_5 = date(2025, 3, 5)

ONE_DAY = [
    # Moments with their distance from UTC are days in Helsinki, in winter and in summer time.
    ("2025-03-01T22:30:00Z", date(2025, 3, 2)),
    ("2025-03-01T21:59:59Z", date(2025, 3, 1)),
    ("2025-03-01T22:30:00.000Z", date(2025, 3, 2)),
    ("2025-03-01T22:30Z", date(2025, 3, 2)),
    ("2025-03-01 22:30:00+00:00", date(2025, 3, 2)),
    ("2025-03-01 22:30:00 UTC", date(2025, 3, 2)),
    ("2025-03-01T22:30:00+0000", date(2025, 3, 2)),
    ("2025-03-01T22:30:00+02:00", date(2025, 3, 1)),
    ("2025-03-02T01:30:00+05:00", date(2025, 3, 1)),
    ("2025-03-01T18:30:00-05:00", date(2025, 3, 2)),
    ("2025-06-30T21:00:00Z", date(2025, 7, 1)),
    ("2025-06-30T20:59:00Z", date(2025, 6, 30)),
    ("2025-03-29T22:30:00Z", date(2025, 3, 30)),  # the night summer time begins
    ("2025-10-25T21:30:00Z", date(2025, 10, 26)),  # the night it ends
    ("2025-10-26T22:30:00Z", date(2025, 10, 27)),
    ("2025-03-01T22:30:00Z[UTC]", date(2025, 3, 2)),
    ("20250301T223000Z", date(2025, 3, 2)),
    ("2025-03-01T22:30:00", date(2025, 3, 1)),  # no distance: as it stands
    ("2025-03-01 11:00-12:00", date(2025, 3, 1)),  # from eleven to twelve
    # Times after the day.
    ("3.3.2025 klo 14.05", MARCH_3),
    ("3.3.2025 klo 14", MARCH_3),
    ("3. 3. 2025 14:05", MARCH_3),
    ("3.3.2025, 14:05", MARCH_3),
    ("3 mars 2025 kl. 14:05", MARCH_3),
    ("3.3.2025 23:59:59", MARCH_3),
    # Months by name.
    ("3. maaliskuuta 2025", MARCH_3),
    ("3 maaliskuu 2025", MARCH_3),
    ("3. maalis 2025", MARCH_3),
    ("3. maalisk. 2025", MARCH_3),
    ("ma 3. maaliskuuta 2025", MARCH_3),
    ("3 mars 2025", MARCH_3),
    ("måndag den 3 mars 2025", MARCH_3),
    ("Mar 3, 2025", MARCH_3),
    ("March 3rd, 2025", MARCH_3),
    ("Monday, March 3, 2025", MARCH_3),
    ("3-Mar-25", MARCH_3),
    ("03-MAR-2025", MARCH_3),
    ("3 Sept 2024", date(2024, 9, 3)),
    ("2025-Mar-03", MARCH_3),
    # Numbers.
    ("3.3.25", MARCH_3),
    ("3/3/25", MARCH_3),
    ("20250303", MARCH_3),
    ("03032025", MARCH_3),
    ("2025/3/3", MARCH_3),
    ("2025.03.03", MARCH_3),
    ("25/03/2025", date(2025, 3, 25)),
    ("3/25/2025", date(2025, 3, 25)),
    ("45719", MARCH_3),
    ("45719.75", MARCH_3),
    ("45719,75", MARCH_3),
    ("ke 5.3.2025", MARCH_5),
    # No days, or none that can be.
    ("29.2.2025", None),
    ("1925-03-03", None),
    ("3.3.1925", None),
    ("3.3.2205", None),
    ("2205-03-03", None),
    ("5.3.", None),
    ("maaliskuu 2025", None),
    ("3. foo 2025", None),
    ("17200", None),
    ("2025-W10-3", date(2025, 3, 5)),
    ("2025-W10", None),
    ("vko 10/2025", None),
    ("2025-13-45", None),
    ("0000-00-00", None),
    ("2025-02-30T22:30:00Z", None),
]


@pytest.mark.parametrize(("text", "day"), ONE_DAY)
def test_one_cell_tells_its_day(text: str, day: date | None) -> None:
    found = column("training", "ended_on", [text], "Päättyi")
    assert (found.values, found.asked) == ([day], {})


TOGETHER = [
    (["05/03/2025", "25/03/2025"], [MARCH_5, date(2025, 3, 25)], ("day_first",)),
    (["05/03/2025", "03/25/2025"], [date(2025, 5, 3), date(2025, 3, 25)], ("month_first",)),
    (["5/3/25", "25/3/25"], [MARCH_5, date(2025, 3, 25)], ("day_first",)),
    (["3/5/25", "3/25/25"], [MARCH_5, date(2025, 3, 25)], ("month_first",)),
    (["05-03-2025", "25-03-2025"], [MARCH_5, date(2025, 3, 25)], ("day_first",)),
    (["25-03-05", "25-03-25"], [MARCH_5, date(2025, 3, 25)], None),
    (["05032025", "25032025"], [MARCH_5, date(2025, 3, 25)], ("day_first",)),
    (["05/03/2025 14:05", "25/03/2025 9:00"], [MARCH_5, date(2025, 3, 25)], ("day_first",)),
    (["3/5/2025 2:05 PM", "3/25/2025 9:00 AM"], [MARCH_5, date(2025, 3, 25)], ("month_first",)),
    (["05/03/2025", "25/03/2025", "2025-03-05"], [MARCH_5, date(2025, 3, 25), MARCH_5], ("day_first",)),
    (["05.03.2025", "03.04.2025"], [MARCH_5, date(2025, 4, 3)], ()),
    (["05.03.2025", *[f"{day}.03.2025" for day in range(13, 29)], "03.25.2025"],
     [MARCH_5, *[date(2025, 3, day) for day in range(13, 29)], None], ()),
    (["45719", "45721"], [MARCH_3, MARCH_5], ("day_numbers",)),
    (["3.3.2025", "5.3.2025", "45721"], [MARCH_3, MARCH_5, None], ()),
    (["45719", "45721", "5.3.2025"], [MARCH_3, MARCH_5, MARCH_5], ("day_numbers",)),
    (["2025-03-01T22:30:00Z", "2025-03-05"], [date(2025, 3, 2), MARCH_5], ("helsinki_time",)),
    (["20250305", "20050607"], [MARCH_5, date(2005, 6, 7)], ()),
    (["05/05/2025", "03/03/2025"], [date(2025, 5, 5), MARCH_3], None),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "days", "remarks"), TOGETHER)
def test_the_cells_of_a_column_tell_together(
    texts: list[str], days: list[date | None], remarks: tuple[str, ...] | None
) -> None:
    answers = {"date_order": "year_first"} if texts[0] == "25-03-05" else {}
    found = column("training", "ended_on", texts, "Päättyi", **answers)
    assert (found.values, found.asked) == (days, {})
    assert remarks is None or found.remarks == remarks


ASKED = [
    (["05/03/2025"], {"day_first": [MARCH_5], "month_first": [date(2025, 5, 3)]}, [None]),
    (["05/03/2025", "04/04/2025"], {"day_first": [MARCH_5, date(2025, 4, 4)]}, [None, date(2025, 4, 4)]),
    (["5/3/25", "6/3/25"], {"day_first": [MARCH_5, date(2025, 3, 6)]}, [None, None]),
    (["05/03/2025", "25/03/2025", "03/26/2025"],
     {"day_first": [MARCH_5, date(2025, 3, 25), date(2025, 3, 26)]}, [None, date(2025, 3, 25), date(2025, 3, 26)]),
    (["05-03-2025"], {"month_first": [date(2025, 5, 3)]}, [None]),
    (["05-03-04"], {"day_first": [date(2004, 3, 5)], "month_first": [date(2004, 5, 3)], "year_first": [date(2005, 3, 4)]},
     [None]),
    (["05/03/2025 14:05"], {"day_first": [MARCH_5]}, [None]),
    (["03.25.2025", "03.04.2025"], {"month_first": [date(2025, 3, 25), date(2025, 3, 4)]}, [date(2025, 3, 25), None]),
    (["05032025"], {"day_first": [MARCH_5]}, [None]),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "answers", "safe"), ASKED)
def test_an_open_order_is_asked(
    texts: list[str], answers: dict[str, list[date | None]], safe: list[date | None]
) -> None:
    found = column("training", "ended_on", texts, "Päättyi")
    assert (found.values, set(found.asked)) == (safe, {"date_order"})
    assert found.asked["date_order"][0] == "not_known"
    assert column("training", "started_on", texts, "Alkoi").asked["date_order"][0] == "reject", "a day there must be"
    for answer, days in answers.items():
        told = column("training", "ended_on", texts, "Päättyi", date_order=answer)
        assert (told.values, told.asked) == (days, {}), answer


MONTHS = [
    (["9/24"], [date(2024, 9, 1)]),
    (["24/09"], [date(2024, 9, 1)]),
    (["09/24", "09/12"], [date(2024, 9, 1), date(2012, 9, 1)]),
    (["24/09", "09/12"], [date(2024, 9, 1), date(2009, 12, 1)]),
    (["2025M04"], [date(2025, 4, 1)]),
    (["2025M4", "2025-04", "2025/4"], [date(2025, 4, 1)] * 3),
    (["202504"], [date(2025, 4, 1)]),
    (["4/2025", "4.2025", "04-2025"], [date(2025, 4, 1)] * 3),
    (["huhtikuu 2025", "april 2025", "Apr-25"], [date(2025, 4, 1)] * 3),
    (["huhti.25", "2025 huhtikuu"], [date(2025, 4, 1)] * 2),
    (["15.4.2025", "2025-04-15"], [date(2025, 4, 1)] * 2),
    (["45719"], [date(2025, 3, 1)]),
    (["2025-02-28T22:30:00Z"], [date(2025, 3, 1)]),
    (["05/03/2025", "25/03/2025"], [date(2025, 3, 1)] * 2),
    (["Q1 2025", "2025", "13/2024", "2205-01"], [None] * 4),
]


@pytest.mark.parametrize(("texts", "months"), MONTHS)
def test_months(texts: list[str], months: list[date | None]) -> None:
    found = column("encounter", "arrived_on", texts, "Maahantulo")
    assert (found.values, found.asked) == (months, {})


def test_a_month_that_may_be_a_year_is_asked() -> None:
    found = column("encounter", "arrived_on", ["09/12", "10/11"], "Maahantulo")
    assert (found.values, set(found.asked)) == ([None, None], {"month_order"})
    for answer, months in (
        ("month_first", [date(2012, 9, 1), date(2011, 10, 1)]),
        ("year_first", [date(2009, 12, 1), date(2010, 11, 1)]),
    ):
        assert column("encounter", "arrived_on", ["09/12", "10/11"], "Maahantulo", month_order=answer).values == months


@pytest.mark.parametrize(("texts", "hours"), [
    (["14", "9"], [14, 9]), (["14.30", "9:15", "14:00:00"], [14, 9, 14]), (["klo 9", "kl. 14:05"], [9, 14]),
    (["2 pm", "12 AM", "12:30 p.m."], [14, 0, 12]), (["0915", "1430"], [9, 14]), (["9-10", "14.00–15.00"], [9, 14]),
    (["2025-03-05 14:30:00", "5.3.2025 klo 9.05"], [14, 9]), (["2025-03-05T12:30:00Z", "2025-07-05T12:30:00Z"], [14, 15]),
    (["0.5", "0.25", "0.604166667"], [12, 6, 14]), (["0.25", "0.75"], [None, None]), (["aamu", "25.00"], [None, None]),
])  # fmt: skip
def test_hours(texts: list[str], hours: list[int | None]) -> None:
    assert column("encounter", "hour", texts, "Klo").values == hours


@given(st.datetimes(datetime(1996, 1, 1), datetime(2025, 12, 30)), st.integers(-12 * 4, 14 * 4))
def test_a_moment_with_its_distance_is_the_day_in_helsinki(moment: datetime, quarters: int) -> None:
    """Whatever the distance: compared with the zone itself."""
    ahead = timedelta(minutes=15 * quarters)
    utc = moment.replace(microsecond=0, tzinfo=UTC)
    sign, minutes = "-" if quarters < 0 else "+", abs(15 * quarters)
    text = f"{(utc + ahead):%Y-%m-%dT%H:%M:%S}{sign}{minutes // 60:02}:{minutes % 60:02}"
    assert dates.days([text]) == [utc.astimezone(ZoneInfo("Europe/Helsinki")).date()]


FORMS = (
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%m-%Y",
    "%d-%m-%y",
    "%y-%m-%d",
    "%d.%m.%Y",
    "%d%m%Y",
    "%Y%m%d",
)
ORDERS = {"%d": "day_first", "%m": "month_first", "%y": "year_first", "%Y": "year_first"}


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2025, 12, 31)), min_size=1, max_size=15, unique=True),
    st.sampled_from(FORMS),
)
def test_no_order_is_quietly_wrong(days: list[date], form: str) -> None:
    texts = [day.strftime(form) for day in days]
    found = column("training", "ended_on", texts, "Päättyi")
    if found.asked:
        told = column("training", "ended_on", texts, "Päättyi", date_order=ORDERS[form[:2]])
        assert told.values == days
    else:
        assert found.values == days
