"""The running month: the internal audience sees it, the protected one does not, whatever the period it is part of.

Twenty clients in October 2024, forty in September 2025, sixty in October 2025; all numbers are multiples of five, which the
gate does not round. The generation is made on 21 October 2025, so October is open and September closed.
"""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from data.clock import FINLAND
from data.store.store import Store
from metrics.ask import ask, ask_curve
from metrics.audience import Audience
from metrics.cube.cube import Cube
from metrics.grammar.question import Question, QuestionError
from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of

BOTH: tuple[Audience, ...] = ("internal", "protected")
OLD, CLOSED, OPEN = date(2024, 10, 10), date(2025, 9, 15), date(2025, 10, 10)


def people() -> dict[str, list[dict[str, Any]]]:
    """Encounters, and of 100 people each in September and October referrals that start after one and after five days."""
    encounters = [
        {"client": client, "occurred_on": day, "minutes": minutes, "language": language}
        for clients, day, minutes, language in (
            (range(1, 21), OLD, 20, "ar"),
            (range(21, 61), CLOSED, 20, "ar"),
            (range(61, 121), OPEN, 60, "so"),
        )
        for client in clients
    ]
    referrals = [
        {"client": client, "referred_on": CLOSED, "started_on": CLOSED.replace(day=16)} for client in range(1, 101)
    ] + [{"client": client, "referred_on": OPEN, "started_on": OPEN.replace(day=15)} for client in range(101, 211)]
    return {"encounter": encounters, "referral": referrals}


def made_on(store: Store, moment: datetime) -> Store:
    """The store as if its generation had been made at another time."""
    generation = store.serving()
    of_server = moment.replace(tzinfo=FINLAND).astimezone().replace(tzinfo=None)
    replace(generation, created=of_server).write(store.path / "generations" / f"{generation.number:06d}.json")
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = store_of(tmp_path_factory.mktemp("open") / "store", people())
    return made_on(made, datetime(2025, 10, 21, 9, 30))


@pytest.mark.parametrize(
    ("period", "internal", "protected"),
    [
        ("2025-09", 40, 40),
        ("2025-Q3", 40, 40),
        ("2025", 100, 40),
        ("2024", 20, 20),
        ("2025-ytd-09", 40, 40),
        ("2024-ytd-10", 20, 20),
        ("all", 120, 60),
    ],
)
def test_every_kind_of_period(store: Store, period: str, internal: int, protected: int | None) -> None:
    """October's sixty are in the internal October, fourth quarter, year, years to date and all; in no protected one."""
    assert number(store, "clients", period=period) == internal
    assert number(store, "clients", period=period, audience="protected") == protected
    assert number(store, "encounters", period=period, audience="protected") == protected


@pytest.mark.parametrize(
    ("period", "internal", "offered"),
    [
        ("2025-10", 60, "2025-09"),
        ("2025-Q4", 60, "2025-Q3"),
        ("2025-ytd-10", 100, "2025-ytd-09"),
        ("2025-ytd-12", 100, "2025-ytd-09"),
        ("2026", 0, "2024"),
    ],
)
def test_a_protected_period_of_open_months_is_refused(store: Store, period: str, internal: int, offered: str) -> None:
    """It is neither "under ten" nor the year to September by October's name; the last closed one is offered."""
    assert number(store, "clients", period=period) == internal
    for asking in (ask, ask_curve):
        for metric, by in (("clients", ()), ("clients", ("language",)), ("referral_days", ())):
            with pytest.raises(QuestionError, match="period_open") as refused:
                asking(Question((metric,), by, period=period), store)
            assert refused.value.nearest == (offered,)
            assert refused.value.params["day"] == "2025-09-30"


def test_series(store: Store) -> None:
    """By month, quarter and year the same as one by one; there is no protected October."""
    months = {"2025-07": 0, "2025-08": 0, "2025-09": 40, "2025-10": 60}
    assert {m: v for m, v in numbers(store, "clients", period="2025", each="month").items() if m >= "2025-07"} == months
    shown = numbers(store, "clients", period="2025", each="month", audience="protected")
    assert {m: v for m, v in shown.items() if v} == {"2025-09": 40}
    assert numbers(store, "clients", each="year", audience="protected") == {"2024": 20, "2025": 40}
    assert numbers(store, "clients", each="year") == {"2024": 20, "2025": 100}
    assert [row.period for row in ask(Question(("clients",), period="2025", each="month"), store).rows][-1] == "2025-09"


def test_codes_that_only_the_running_month_has_are_not_listed(store: Store) -> None:
    """Somali is spoken in October 2025 alone."""
    assert numbers(store, "clients", by=("language",)) == {"ar": 60, "so": 60}
    assert numbers(store, "clients", by=("language",), audience="protected") == {"ar": 60}
    assert number(store, "clients", language="so", audience="protected") is None


def test_medians_and_curves(store: Store) -> None:
    """Minutes: 60 of 120 took 20 and 60 took 60: median 40; the closed ones all took more than 15 and at most 20, which on the
    grid is 18. Days to start: 110 of 210 took 5, the closed ones 1.
    """
    assert number(store, "minutes_median") == 40
    assert number(store, "minutes_median", audience="protected") == 18
    assert number(store, "referral_days") == 5
    assert number(store, "referral_days", audience="protected") == 1
    assert ask_curve(Question(("referral_days",), period="2025-Q4", audience="internal"), store)


@pytest.mark.parametrize("audience", BOTH)
def test_the_answer_says_which_months_are_closed(store: Store, audience: Audience) -> None:
    """The data end on 10 October with the encounters and referrals; September is the last closed month, and visitors are told no
    day beyond it: the last one is that of whoever came last.
    """
    answer = ask(Question(("clients",), audience=audience), store)
    until = OPEN if answer.exact else date(2025, 9, 30)
    assert (answer.data_until, answer.closed_until) == (until, date(2025, 9, 30))


@pytest.mark.parametrize(
    ("moment", "closed", "everything"),
    [
        (datetime(2025, 10, 31, 23, 59, 59), date(2025, 9, 30), 60),
        (datetime(2025, 11, 1), date(2025, 10, 31), 120),
        (datetime(2026, 3, 5), date(2025, 10, 31), 120),
        (datetime(2025, 9, 30, 12), date(2025, 8, 31), 20),
    ],
)
def test_a_month_closes_when_a_later_month_publishes(
    tmp_path: Path, moment: datetime, closed: date, everything: int
) -> None:
    """To the last second of October it is open; from 1 November on closed, and never later than the data. The cells made when
    it was open are not used any more.
    """
    tables = {"encounter": people()["encounter"]}
    store = made_on(store_of(tmp_path / "store", tables), datetime(2025, 10, 21))
    assert number(store, "clients", audience="protected") == 60
    made_on(store, moment)
    answer = ask(Question(("clients",)), store)
    assert (answer.closed_until, answer.rows[0].value) == (closed, everything)
    assert number(store, "clients") == 120


def test_a_month_that_guidance_has_not_reached_is_open_in_every_table(tmp_path: Path) -> None:
    """Encounters until September, referrals until October, published in November: October is for the internal audience alone,
    in the referrals too, and every way to the last closed day gives the same one."""
    tables = people()
    tables["encounter"] = [one for one in tables["encounter"] if one["occurred_on"] <= CLOSED]
    store = made_on(store_of(tmp_path / "store", tables), datetime(2025, 11, 25))
    closed = date(2025, 9, 30)
    assert ask(Question(("referrals",)), store).closed_until == store.serving().closed_until == closed
    assert Cube(store, store.serving()).closed_month == 2025 * 12 + 8
    shown = numbers(store, "referrals", period="2025", each="month", audience="protected")
    assert {month: value for month, value in shown.items() if value} == {"2025-09": 100}
    assert number(store, "referrals", audience="protected") == 100
    assert number(store, "referrals") == 210
