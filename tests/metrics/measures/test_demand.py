"""Demand, counted by eye: eight encounters of three clients and two anonymous visitors, and a diary of first contacts."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of


def visit(client: int, month: int, day: int, topics: str = "work", **more: Any) -> dict[str, Any]:
    """An encounter of 2025."""
    return {"client": client, "occurred_on": date(2025, month, day), "topics": topics.split(), **more}


VISITS = [
    # Monday 13 January, Tuesday 14 January
    visit(1, 1, 13, "work housing", hour=9, channel="walk_in", resolution="solved", minutes=20),
    visit(2, 1, 13, "work education", hour=9, channel="phone", resolution="continues", minutes=30),
    visit(2, 1, 13, "housing", hour=14, channel="appointment", resolution="solved", minutes=10,
          requested_on=date(2025, 1, 13)),
    visit(-1, 1, 14, "health", hour=10, channel="walk_in", resolution="solved"),
    visit(1, 2, 4, "work", hour=9, channel="appointment", resolution="referred", minutes=40, requested_on=date(2025, 1, 25)),
    visit(3, 3, 31, "family", channel="appointment", resolution="not_solved", minutes=60, requested_on=date(2025, 3, 1)),
    visit(-2, 4, 1, "housing", channel="appointment", resolution="solved", minutes=15, requested_on=date(2025, 3, 28)),
    visit(3, 12, 31, "work", channel="message", requested_on=date(2025, 12, 30)),
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_of(tmp_path_factory.mktemp("demand") / "store", {"encounter": VISITS})


def test_encounters_in_every_kind_of_period(store: Store) -> None:
    """January 13, 13, 13, 14 = 4; February, March, April, December 1 each: quarters 6, 1, 0, 1; eight in all."""
    assert number(store, "encounters") == 8
    assert number(store, "encounters", period="2025") == 8
    assert number(store, "encounters", period="2024") == 0
    quarters = numbers(store, "encounters", period="2025", each="quarter")
    assert quarters == {"2025-Q1": 6, "2025-Q2": 1, "2025-Q3": 0, "2025-Q4": 1}
    months = numbers(store, "encounters", period="2025-Q1", each="month")
    assert months == {"2025-01": 4, "2025-02": 1, "2025-03": 1}


def test_the_year_to_date_ends_with_its_month(store: Store) -> None:
    """To January 4, to February 5, to March 6, to November 7 (April's), to December 8; clients 2, 2, 3, 3, 3."""
    to_month = {"01": (4, 2), "02": (5, 2), "03": (6, 3), "11": (7, 3), "12": (8, 3)}
    for month, (encounters, clients) in to_month.items():
        assert number(store, "encounters", period=f"2025-ytd-{month}") == encounters
        assert number(store, "clients", period=f"2025-ytd-{month}") == clients


def test_clients_are_counted_once_and_anonymous_visitors_never(store: Store) -> None:
    """Clients 1, 2 and 3; January has 1 and 2, April only an anonymous visitor, and 3 comes in two quarters of the year."""
    assert number(store, "clients") == 3
    months = numbers(store, "clients", period="2025", each="month")
    assert {month: count for month, count in months.items() if count} == {
        "2025-01": 2, "2025-02": 1, "2025-03": 1, "2025-12": 1,
    }  # fmt: skip
    assert sum(filter(None, numbers(store, "clients", period="2025", each="quarter").values())) == 4


def test_an_encounter_counts_once_under_each_topic(store: Store) -> None:
    """Work: encounters 1, 2, 5, 8; housing 1, 3, 7; education, health, family one each: 10 for 8 encounters."""
    assert numbers(store, "encounters", by=("topic",)) == {
        "work": 4, "housing": 3, "education": 1, "health": 1, "family": 1,
    }  # fmt: skip
    assert numbers(store, "clients", by=("topic",)) == {"work": 3, "housing": 2, "education": 1, "family": 1}


def test_an_encounter_counts_once_in_a_topic_group_however_many_of_its_topics_are_in_it(store: Store) -> None:
    """Encounter 2 has work and education, both in work_and_study: 1, 2, 5, 8 = 4. Housing 3; health and family 2."""
    assert numbers(store, "encounters", by=("topic_group",)) == {
        "work_and_study": 4, "income_and_housing": 3, "wellbeing_and_family": 2,
    }  # fmt: skip


def test_identified_share(store: Store) -> None:
    """Two of eight encounters are anonymous: 6 / 8. In April the only one is: 0 / 1. In May there are none: no share."""
    assert number(store, "identified_share") == 75
    assert number(store, "identified_share", period="2025-04") == 0
    assert number(store, "identified_share", period="2025-05") is None


def test_new_clients_fall_where_their_first_encounter_ever_is(store: Store) -> None:
    """1 and 2 are first seen in January, 3 in March; in February and December come only known ones, in April anonymous."""
    months = numbers(store, "new_clients", period="2025", each="month")
    assert {month: count for month, count in months.items() if count} == {"2025-01": 2, "2025-03": 1}
    assert number(store, "new_clients", period="2025-Q1") == 3
    assert number(store, "new_clients", period="2025-ytd-02") == 2


def test_encounters_per_client_leave_anonymous_ones_out(store: Store) -> None:
    """Six identified encounters of three clients: 2. January: three of two clients: 1.5. April: nobody."""
    assert number(store, "encounters_per_client") == 2
    assert number(store, "encounters_per_client", period="2025-01") == 1.5
    assert number(store, "encounters_per_client", period="2025-04") is None


def test_minutes_median(store: Store) -> None:
    """10, 15, 20, 30, 40, 60: (20 + 30) / 2. First quarter without the 15: 30. Not known is left out, not zero."""
    assert number(store, "minutes_median") == 25
    assert number(store, "minutes_median", period="2025-Q1") == 30
    assert number(store, "minutes_median", period="2025-12") is None


def test_wait_days_are_those_of_appointments(store: Store) -> None:
    """Appointments waited 0, 4, 10, 30 days: median (4 + 10) / 2, nine tenths of four is within the fourth: 30.

    The message of December waited a day and is no appointment.
    """
    assert number(store, "wait_days", at=0.5) == 7
    assert number(store, "wait_days", at=0.9) == 30
    assert number(store, "wait_days", at=0.5, period="2025-12") is None


def test_a_published_median_between_two_days_is_the_later_one(tmp_path: Path) -> None:
    """Forty waited 4 days and sixty 5, all multiples of five and so published as they are: the fiftieth waited 5, not 4."""
    appointments = [
        visit(client, 3, 31, channel="appointment", requested_on=date(2025, 3, 27 if client <= 40 else 26))
        for client in range(1, 101)
    ]
    store = store_of(tmp_path / "store", {"encounter": appointments})
    assert number(store, "wait_days", at=0.5, audience="protected") == 5


def test_same_day_share(store: Store) -> None:
    """Two walk-ins and the appointment asked for on its own day, of the seven with either known: 3 / 7."""
    assert number(store, "same_day_share") == pytest.approx(300 / 7)


def test_several_topics_and_solved_share(store: Store) -> None:
    """Encounters 1 and 2 have two topics: 2 / 8. Solved: 1, 3, 4, 7, of the seven whose end is known: 4 / 7."""
    assert number(store, "several_topics_share") == 25
    assert number(store, "solved_share") == pytest.approx(400 / 7)


def test_several_topics_within_one_topic(store: Store) -> None:
    """Of the four encounters about work, 1 and 2 were about something else too: 2 / 4; of those about health none."""
    assert numbers(store, "several_topics_share", by=("topic",))["work"] == 50
    assert numbers(store, "several_topics_share", by=("topic",))["health"] == 0


def test_load_by_weekday_and_hour(store: Store) -> None:
    """Two on a Monday at 9, one at 14; Tuesdays: 10 and 9. The three without an hour are in no hour."""
    load = numbers(store, "load_by_weekday_hour", by=("weekday", "hour"))
    assert {key: count for key, count in load.items() if count} == {
        ("1", "09"): 2, ("1", "14"): 1, ("2", "09"): 1, ("2", "10"): 1,
    }  # fmt: skip


def test_a_client_who_moves_or_is_written_otherwise_counts_in_both(tmp_path: Path) -> None:
    """Client 1: Somali in Espoo in 2024, Arabic in Vantaa in 2025, and one Somali day in Vantaa. Client 2 stays.

    By language so 1, ar 2 of 2 clients; Uusimaa 2, not 3; new in 2024 only, in Espoo only.
    """
    espoo, vantaa = {"municipality": "049"}, {"municipality": "092"}
    visits = [
        {"client": 1, "occurred_on": date(2024, 5, 2), "language": "so", **espoo},
        {"client": 1, "occurred_on": date(2025, 5, 2), "language": "ar", **vantaa},
        {"client": 1, "occurred_on": date(2025, 6, 2), "language": "so", **vantaa},
        {"client": 2, "occurred_on": date(2025, 5, 2), "language": "ar", **espoo},
    ]
    store = store_of(tmp_path / "store", {"encounter": visits})
    assert number(store, "clients") == 2
    assert numbers(store, "clients", by=("language",)) == {"so": 1, "ar": 2}
    assert numbers(store, "clients", by=("municipality",)) == {"049": 2, "092": 1}
    assert numbers(store, "clients", by=("region",)) == {"01": 2}
    assert numbers(store, "clients", by=("language",), period="2025") == {"so": 1, "ar": 2}
    assert numbers(store, "clients", by=("employment_area",)) == {"01": 2, "43": 1}
    assert numbers(store, "new_clients", by=("municipality",), each="year") == {
        ("2024", "049"): 1, ("2025", "049"): 1,
    }  # fmt: skip


FIRST_CONTACTS = [
    visit(1, 1, 1, resolution="solved"),
    visit(2, 1, 1, resolution="solved"), visit(2, 1, 31, resolution="solved"),
    visit(3, 1, 1, resolution="solved"), visit(3, 2, 1, resolution="solved"),
    visit(4, 1, 1, resolution="solved"), visit(4, 1, 10, "housing", resolution="solved"),
    visit(5, 1, 1, resolution="continues"),
    visit(6, 1, 1, resolution="solved", record=600),
    visit(7, 1, 1, "work housing", resolution="solved"), visit(7, 1, 11, "housing family", resolution="solved"),
    visit(8, 1, 1, hour=15, resolution="continues"), visit(8, 1, 1, hour=9, resolution="solved"),
    visit(9, 3, 1, resolution="solved"),
    visit(10, 3, 2, resolution="solved"),
    visit(-1, 1, 1, resolution="solved"),
    visit(11, 3, 31, resolution="solved"),
]  # fmt: skip


def test_solved_first_contact_share(tmp_path: Path) -> None:
    """Data end 31 March, so topics first raised by 1 March are mature.

    Solved: clients 1, 3 (back after 31 days), 4 twice (work, housing), 7's work and family, 9 on the last mature day: 7.
    Not: 2 (back on day 30), 5 (goes on), 6 (referred), 7's housing (back on day 10), 8 (back the same afternoon): 5.
    Not counted: later contacts, anonymous visitors, 10 and 11 (too new). 7 / 12; housing 1 / 2; first raised in March 1 / 1.
    """
    referral = {"client": 6, "encounter": 600, "referred_on": date(2025, 1, 1)}
    store = store_of(tmp_path / "store", {"encounter": FIRST_CONTACTS, "referral": [referral]})
    assert number(store, "solved_first_contact_share") == pytest.approx(100 * 7 / 12)
    assert numbers(store, "solved_first_contact_share", by=("topic",))["housing"] == 50
    assert number(store, "solved_first_contact_share", period="2025-03") == 100
    assert number(store, "solved_first_contact_share", period="2025-02") is None
