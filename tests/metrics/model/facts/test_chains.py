"""Chains of referrals against a plain walk over them in Python, for any chains."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of
from tests.metrics.measures.test_flows import step

START = date(2024, 1, 1)
SERVICES = ["guidance", "kela", "migri", "ngo"]
Referral = tuple[int, int, str, str, str]
"""Client, day, from, to, topic."""

DAYS = st.builds(int.__add__, st.sampled_from([0, 45, 90, 180, 270, 360]), st.sampled_from([0, 0, 1, 2]))
"""Often exactly 90 days after one another, often one more or less."""
CHAIN = st.tuples(
    st.sampled_from([1, 2, 3, 4, 5, -1]), DAYS, st.sampled_from(SERVICES), st.sampled_from(SERVICES),
    st.sampled_from(["work", "housing"]),
)  # fmt: skip
FEW, MANY = st.lists(CHAIN, min_size=1, max_size=4), st.lists(CHAIN, min_size=20, max_size=60)
REFERRALS = st.one_of(FEW, MANY, MANY)
"""A store costs as much with sixty referrals as with one, and many meet more often: fewer stores, fuller ones."""


def cases(referrals: list[Referral]) -> list[list[tuple[int, str, str]]]:
    """A client's referrals on one topic, cut where more than 90 days lie between two of them."""
    chains: dict[tuple[int, str], list[tuple[int, str, str]]] = defaultdict(list)
    for client, day, there, to, topic in referrals:
        if client > 0:
            chains[client, topic].append((day, there, to))
    found: list[list[tuple[int, str, str]]] = []
    for chain in chains.values():
        last = None
        for referral in sorted(chain, key=lambda one: one[0]):
            if last is None or referral[0] - last > 90:
                found.append([])
            found[-1].append(referral)
            last = referral[0]
    return found


def came_back(case: list[tuple[int, str, str]]) -> bool:
    """A → B and, afterwards, from anywhere else back to A, within 90 days of the opening of the case.

    Of one day the order of the rows is that of the referrals; A → B and B → A go there and back in either order.
    """
    opened = min(day for day, _, _ in case)
    for place, (day, there, to) in enumerate(case):
        for other, (later, back_from, back_to) in enumerate(case):
            after = other > place or (later == day and back_from == to)
            if after and back_to == there != to and back_from != back_to and later <= opened + 90:
                return True
    return False


def met_three(case: list[tuple[int, str, str]]) -> bool:
    opened = min(day for day, _, _ in case)
    return len({service for day, *ends in case if day <= opened + 90 for service in ends}) >= 3


@settings(max_examples=18)
@given(REFERRALS)
def test_chains_are_those_of_a_plain_walk(referrals: list[Referral]) -> None:
    end = max(day for _, day, *_ in referrals)
    mature = [case for case in cases(referrals) if min(day for day, _, _ in case) <= end - 90]
    rows = [step(client, day, there, to, topic) for client, day, there, to, topic in referrals]
    for row in rows:
        row["referred_on"] = START + timedelta((row["referred_on"] - date(2025, 1, 1)).days)
    with TemporaryDirectory() as folder:
        store = store_of(Path(folder) / "store", {"referral": rows})
        for metric, is_one in (
            ("return_share", came_back),
            ("counter_to_counter_share", lambda c: met_three(c) or came_back(c)),
        ):
            expected = 100 * sum(map(is_one, mature)) / len(mature) if mature else None
            found = number(store, metric)
            assert found == expected or abs((found or 0) - (expected or 0)) < 1e-9


def paths(referrals: list[Referral]) -> Counter[tuple[str, str, str]]:
    """For each referral the next one on from the service it leads to, by the same client on the same topic within 90 days."""
    found: Counter[tuple[str, str, str]] = Counter()
    for client, day, there, via, topic in referrals:
        onward = [
            (later, number, to)
            for number, (other, later, start, to, matter) in enumerate(referrals)
            if (other, matter, start) == (client, topic, via) and day <= later <= day + 90 and start != to
        ]
        if client > 0 and there != via and onward:
            found[there, via, min(onward)[2]] += 1
    return found


@settings(max_examples=15)
@given(REFERRALS)
def test_paths_are_those_of_a_plain_walk(referrals: list[Referral]) -> None:
    rows = [step(client, day, there, to, topic) for client, day, there, to, topic in referrals]
    with TemporaryDirectory() as folder:
        store = store_of(Path(folder) / "store", {"referral": rows})
        found = numbers(store, "paths", by=("from_service", "via_service", "to_service"))
    assert {ends: count for ends, count in found.items() if count} == paths(referrals)


def test_a_path_is_of_the_month_in_which_the_client_was_sent_on(tmp_path: Path) -> None:
    """Of the month of the first referral, it would change what is published already."""
    rows = [step(1, 0, "guidance", "kela"), step(1, 40, "kela", "migri")]
    store = store_of(tmp_path / "store", {"referral": rows})
    ends = {"from_service": "guidance", "via_service": "kela", "to_service": "migri"}
    assert number(store, "paths", period="2025-01", **ends) == 0
    assert number(store, "paths", period="2025-02", **ends) == 1


def test_counter_to_counter_by_eye(tmp_path: Path) -> None:
    """Client 1 is sent guidance → Kela → Migri: three services. Client 2 guidance → Kela → guidance: back. Client 3 once.

    Client 4's third service comes on day 91 after the first, within 90 of the second: the same case, but too late. 2 / 4.
    """
    rows = [
        step(1, 0, "guidance", "kela"), step(1, 10, "kela", "migri"),
        step(2, 0, "guidance", "kela"), step(2, 20, "kela", "guidance"),
        step(3, 0, "guidance", "ngo"),
        step(4, 0, "guidance", "kela"), step(4, 91 - 10, "guidance", "kela"), step(4, 91, "kela", "migri"),
        step(9, 300, "guidance", "kela"),
    ]  # fmt: skip
    store = store_of(tmp_path / "store", {"referral": rows})
    assert number(store, "counter_to_counter_share") == 50
    assert number(store, "return_share") == 25
