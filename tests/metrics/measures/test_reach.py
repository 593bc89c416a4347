"""Reach, counted by eye: clients against residents, newcomers, ways in, places and channels."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.question import Question
from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of

POINTS = [
    {"code": "a", "name_fi": "A", "municipality": "049", "kind": "one_stop"},
    {"code": "b", "name_fi": "B", "municipality": "092", "kind": "library"},
]


def residents(municipality: str, language: str, number: int | None, year: int = 2024) -> dict[str, Any]:
    return {"municipality": municipality, "language": language, "year": year, "residents": number}


def met(clients: range, **more: Any) -> list[dict[str, Any]]:
    return [{"client": client, **more} for client in clients]


def test_reach_per_1000(tmp_path: Path) -> None:
    """Espoo (049): 4 Somali-speaking clients of 100 Somali and 300 Arabic speakers; residents of 2024, the latest year.

    So 4 / 400 = 10 per 1 000; in Somali 4 / 100 = 40. The Finnish-speaking client, the one of unknown language and the one
    without a municipality are not clients of this metric; Finnish-speaking residents and Tampere, where there is no service,
    are not residents of it; residents of 2023 are not added to those of 2024.
    """
    encounters = [
        *met(range(1, 5), municipality="049", language="so"),
        {"client": 5, "municipality": "049", "language": "fi"},
        {"client": 6, "municipality": "049", "language": "und"},
        {"client": 7, "municipality": "000", "language": "so"},
    ]
    population = [
        residents("049", "so", 100), residents("049", "ar", 300), residents("049", "fi", 5000),
        residents("049", "so", 9000, year=2023), residents("837", "so", 9000),
    ]  # fmt: skip
    store = store_of(
        tmp_path / "store", {"encounter": encounters, "population": population, "service_point": POINTS[:1]}
    )
    assert number(store, "reach_per_1000") == 10
    assert number(store, "reach_per_1000", language="so") == 40
    assert number(store, "reach_per_1000", municipality="049", period="2025") == 10
    assert number(store, "reach_per_1000", municipality="092") is None, "nobody knows how many live there"
    assert number(store, "reach_per_1000", period="2022") is None, "no residents are known by then"


def test_a_hidden_count_leaves_no_number_to_stand_on(two_towns: Store) -> None:
    """Nobody of Vantaa speaks Somali: neither the rate nor an n is told, and n is never the number of residents."""
    rows = {
        row.codes["municipality"]: row
        for row in ask(Question(("reach_per_1000",), ("municipality",), (("language", ("ar",)),)), two_towns).rows
    }
    assert rows["049"].n in (95, 100, 105)
    hidden = ask(
        Question(("reach_per_1000",), (), (("municipality", ("092",)), ("language", ("so",)))), two_towns
    ).rows[0]
    assert (hidden.value, hidden.n, hidden.state) == (None, None, "no_data")


def test_a_suppressed_number_of_residents_is_not_zero(tmp_path: Path) -> None:
    """Somali speakers are suppressed: no rate in Somali, and they are no clients of the whole: 1 of 200 Arabic speakers."""
    population = [residents("049", "so", None), residents("049", "ar", 200)]
    encounters = met(range(1, 3), municipality="049", language="so") + met(
        range(3, 4), municipality="049", language="ar"
    )
    store = store_of(
        tmp_path / "store", {"encounter": encounters, "population": population, "service_point": POINTS[:1]}
    )
    assert number(store, "reach_per_1000", language="so") is None
    assert number(store, "reach_per_1000") == 5


def test_residents_are_of_each_municipalitys_latest_year_and_clients_of_those_with_residents(tmp_path: Path) -> None:
    """Espoo: 1 of 100 of 2023; Vantaa: 3 of 200 of 2024; Kauniainen, with a service, and clients before the first year.

    2024: 4 / 300. 2023: only Espoo's are known, 1 / 100. All time: 6 of 300, those of 2022 too.
    """
    years = [("049", 2022), ("049", 2023), ("049", 2024), ("235", 2024), *[("092", 2024)] * 3, ("092", 2023)]
    encounters = [
        {"client": 1 if town == "049" and year > 2022 else number, "municipality": town, "language": "ar",
         "occurred_on": date(year, 5, 5)}
        for number, (town, year) in enumerate(years, 10)
    ]  # fmt: skip
    population = [residents("049", "ar", 100, 2023), residents("092", "ar", 200)]
    points = [*POINTS, {"code": "c", "name_fi": "C", "municipality": "235"}]
    store = store_of(tmp_path / "store", {"encounter": encounters, "population": population, "service_point": points})
    assert number(store, "reach_per_1000", period="2024") == pytest.approx(1000 * 4 / 300)
    assert number(store, "reach_per_1000", period="2023") == 10
    assert number(store, "reach_per_1000", period="2024", municipality="235") is None
    assert number(store, "reach_per_1000") == pytest.approx(1000 * 5 / 300)


@pytest.fixture
def two_towns(tmp_path: Path) -> Store:
    """Espoo: 120 clients of 1 000 residents; Vantaa: 90 of 1 500. Of the 120, 100 speak Arabic (of 500), 20 Somali (of 500)."""
    encounters = [
        *met(range(1, 101), municipality="049", language="ar"),
        *met(range(101, 121), municipality="049", language="so"),
        *met(range(121, 211), municipality="092", language="ar"),
    ]
    population = [residents("049", "ar", 500), residents("049", "so", 500), residents("092", "ar", 1500)]
    return store_of(tmp_path / "store", {"encounter": encounters, "population": population, "service_point": POINTS})


def test_reach_evenness(two_towns: Store) -> None:
    """Espoo reaches 120 / 1 000 = 12 %, Vantaa 90 / 1 500 = 6 %: the lowest is 50 % of the highest.

    By Somali there is one municipality with clients, which cannot be even with itself. Uusimaa (01) is both towns.
    """
    assert number(two_towns, "reach_evenness") == 50
    assert number(two_towns, "reach_evenness", language="so") is None
    assert number(two_towns, "reach_evenness", region="01") == 50


def test_reach_gap(two_towns: Store) -> None:
    """All: 210 of 2 500, so 8.4 %. Somali: 8.4 % of 500 is 42, there are 20: 22 are missing, 20 in fives. Arabic: none.

    In Espoo 120 of 1 000 is 12 %: 60 Somali speakers, 40 missing.
    """
    assert numbers(two_towns, "reach_gap", by=("language",)) == {"ar": 0, "so": 20}
    assert number(two_towns, "reach_gap", language="so", municipality="049") == 40


def test_newcomer_share(tmp_path: Path) -> None:
    """Arrived January 2024: the day before a year is up is new, the day itself is not; unknown arrival is left out. 1 / 2.

    The client met on both days is new once: clients are counted, not encounters.
    """
    encounters = [
        {"client": 1, "arrived_on": date(2024, 1, 1), "occurred_on": date(2024, 12, 31)},
        {"client": 1, "arrived_on": date(2024, 1, 1), "occurred_on": date(2025, 1, 1)},
        {"client": 2, "arrived_on": date(2024, 1, 1), "occurred_on": date(2025, 1, 1)},
        {"client": 3, "occurred_on": date(2025, 1, 1)},
    ]
    assert number(store_of(tmp_path / "store", {"encounter": encounters}), "newcomer_share") == 50


def test_found_via_share(tmp_path: Path) -> None:
    """Three encounters by a friend, one by an authority, two unknown that are left out: 75 % and 25 %."""
    ways = ["friend", "friend", "friend", "authority", "unknown", "unknown"]
    encounters = [{"client": number, "found_via": way} for number, way in enumerate(ways, 1)]
    store = store_of(tmp_path / "store", {"encounter": encounters})
    shares = numbers(store, "found_via_share", by=("found_via",))
    assert {code: share for code, share in shares.items() if share} == {"friend": 75, "authority": 25}


def test_outside_home_share_and_one_stop_share(tmp_path: Path) -> None:
    """At A (Espoo, one-stop): one from Espoo, two from Vantaa, one without a home. At B (Vantaa): one from Vantaa.

    Outside home: 2 of the 4 with both places known. One-stop: 4 of the 5 at known points; the sixth point is unknown.
    """
    at = [("a", "049"), ("a", "092"), ("a", "092"), ("a", "000"), ("b", "092"), ("unknown", "049")]
    encounters = [
        {"client": number, "service_point": point, "municipality": home} for number, (point, home) in enumerate(at, 1)
    ]
    store = store_of(tmp_path / "store", {"encounter": encounters, "service_point": POINTS})
    assert number(store, "outside_home_share") == 50
    assert number(store, "one_stop_share") == 80


def test_shares_of_channels(tmp_path: Path) -> None:
    """One encounter in each of the eight channels, one unknown: remote 3 / 8, outreach 2 / 8, in person 5 / 8.

    Outreach and pop-up are in person too, so the shares are not parts of one whole.
    """
    channels = "walk_in appointment phone video message outreach pop_up group unknown".split()
    encounters = [{"client": number, "channel": channel} for number, channel in enumerate(channels, 1)]
    store = store_of(tmp_path / "store", {"encounter": encounters})
    assert number(store, "remote_share") == 37.5
    assert number(store, "outreach_share") == 25
    assert number(store, "in_person_share") == 62.5
