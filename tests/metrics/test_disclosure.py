"""Invariants of the protected view over a whole store, and a differencing attack on all pairs of its cells.

The truth is counted by plain Python from the rows, never by the cube. The attacker knows how the rounding works, knows every
published number, and tries each pair of cells where one lies within the other, putting together all pairs that differ by the
same people. The same attack succeeds against "hide below 5", or it would prove nothing.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from metrics.ask import ask
from metrics.cube import cube
from metrics.gate import TOGETHER_FROM, Bound, Cell, Gate, PublishedValue
from metrics.grammar.period import Period, registered
from metrics.grammar.question import Question
from tests.metrics.admitted import entered
from tests.metrics.made import store_of

CODES = {
    "language": ("so", "ar", "uk", "my", "th"),
    "municipality": ("049", "091", "235"),
    "age_band": ("18_24", "25_34", "65_over"),
    "sex": ("female", "male", "unknown"),
}
FIRST, LAST = date(2024, 7, 1), date(2025, 6, 30)
Place = tuple[tuple[str, str], ...]
"""Dimensions fixed to codes, in order of dimension."""


@dataclass(frozen=True)
class World:
    """A store, its rows, and the truth about every reachable cell: the sets of clients and of rows in it."""

    store: Store
    rows: list[dict[str, Any]]
    truth: Mapping[tuple[str, Place], frozenset[int]]
    events: Mapping[tuple[str, Place], frozenset[int]]
    """The same cells as sets of row numbers."""
    entered: Mapping[tuple[str, Place], frozenset[int]]
    """The clients who have entered each cell: those of months with few wait for more."""


def made_rows() -> list[dict[str, Any]]:
    """Rows of 260 clients with rare languages, rare places and rare combinations."""
    chance = random.Random(7)
    rows = []
    for client in range(1, 261):
        language = chance.choices(CODES["language"], (40, 30, 20, 3, 7))[0]
        home = chance.choices(CODES["municipality"], (60, 36, 4))[0]
        sex = chance.choices(CODES["sex"], (55, 42, 3))[0]
        for _ in range(1 + int(chance.expovariate(0.7))):
            day = FIRST + timedelta(chance.randrange((LAST - FIRST).days + 1))
            rows.append(
                {
                    "client": client * 7_919_001_002_003,
                    "language": language,
                    "municipality": home,
                    "occurred_on": day,
                    # People get older, so a client may be in two bands.
                    "age_band": chance.choices(CODES["age_band"], (60, 38, 2))[0],
                    "sex": sex,
                }
            )
    return rows


def periods() -> tuple[Period, ...]:
    return registered(FIRST, LAST)


def within(day: date, period: Period) -> bool:
    return (period.first_day or day) <= day <= (period.last_day or day)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    rows = made_rows()
    store = store_of(tmp_path_factory.mktemp("disclosure") / "store", {"encounter": rows})
    truth: dict[tuple[str, Place], set[int]] = {
        (str(period), place): set() for period in periods() for place in places()
    }
    events = {key: set[int]() for key in truth}
    for number, row in enumerate(rows):
        mine = [
            tuple((name, row[name]) for name in names)
            for size in range(4)
            for names in combinations(sorted(CODES), size)
        ]
        for period in periods():
            if within(row["occurred_on"], period):
                for place in mine:
                    truth[str(period), place].add(row["client"])
                    events[str(period), place].add(number)
    clients, of_events = ({key: frozenset(members) for key, members in sets.items()} for sets in (truth, events))
    return World(store, rows, clients, of_events, dict(who_entered(rows)))


def who_entered(rows: list[dict[str, Any]]) -> Iterator[tuple[tuple[str, Place], frozenset[int]]]:
    for names in (names for size in range(4) for names in combinations(sorted(CODES), size)):
        cells = entered(rows, names, TOGETHER_FROM)
        for codes in product(*(CODES[name] for name in names)):
            place = tuple(zip(names, codes, strict=True))
            for period in periods():
                people = (one.row["client"] for one in cells.get(codes, ()) if one.within(period))
                yield (str(period), place), frozenset(people)


def places() -> Iterator[Place]:
    for size in range(4):
        for names in combinations(sorted(CODES), size):
            for codes in product(*(CODES[name] for name in names)):
                yield tuple(zip(names, codes, strict=True))


def published(store: Store, metric: str = "clients") -> dict[tuple[str, Place], float | None]:
    """Every number the protected view shows, asked the way pages ask: broken down, period by period."""
    found: dict[tuple[str, Place], float | None] = {}
    for size in range(4):
        for names in combinations(sorted(CODES), size):
            for period in periods():
                for row in ask(Question((metric,), by=names, period=str(period)), store).rows:
                    found[row.period, tuple((name, row.codes[name]) for name in names)] = row.value
    return found


@pytest.fixture(scope="module")
def clients(world: World) -> dict[tuple[str, Place], float | None]:
    """Every number of clients that the protected view shows."""
    return published(world.store)


def pairs(truth: Mapping[tuple[str, Place], frozenset[int]]) -> Iterator[tuple[tuple[str, Place], tuple[str, Place]]]:
    """All (wider, narrower) pairs that differ by one filter value or by one step of the period."""
    spans = {str(p): (p.first_day or FIRST, p.last_day or LAST) for p in periods()}
    inside = {
        name: [other for other, span in spans.items() if other != name and whole[0] <= span[0] and span[1] <= whole[1]]
        for name, whole in spans.items()
    }
    for period, place in truth:
        for i in range(len(place)):
            yield (period, place[:i] + place[i + 1 :]), (period, place)
        for narrower in inside[period]:
            yield (period, place), (narrower, place)


def recovered(
    world: World,
    shown: Mapping[tuple[str, Place], float | None],
    reach: int,
    hidden_up_to: int,
    *,
    events: bool = False,
) -> tuple[int, int]:
    """(small groups whose number the attacker knows for certain and rightly, small groups there are to find).

    A published number is at most `reach` off, a hidden one means 0 … `hidden_up_to`. All pairs that differ by the same people
    (or, with `events`, by the same events of at most nine people) speak of the same unknown: their intervals are cut.
    """
    truth = world.events if events else world.truth
    client_of = [row["client"] for row in world.rows]

    def bounds(key: tuple[str, Place]) -> tuple[int, int]:
        value = shown.get(key)
        return (0, hidden_up_to) if value is None else (max(0, int(value) - reach), int(value) + reach)

    def small(members: frozenset[int]) -> bool:
        return 1 <= len({client_of[row] for row in members} if events else members) <= 9

    intervals: dict[frozenset[int], list[int]] = {}
    for wide, narrow in pairs(truth):
        members = truth[wide] - truth[narrow]
        if not small(members):
            continue
        (low, high), (less, more) = bounds(wide), bounds(narrow)
        different = shown.get(wide) is not None and shown.get(wide) != shown.get(narrow)
        known = intervals.setdefault(members, [0, 10**9])
        known[0] = max(known[0], low - more, int(different))
        known[1] = min(known[1], high - less)
    for key, members in truth.items():
        if small(members):
            low, high = bounds(key)
            known = intervals.setdefault(members, [0, 10**9])
            known[0], known[1] = max(known[0], low), min(known[1], high)
    certain = sum(low == high == len(members) for members, (low, high) in intervals.items())
    return certain, len(intervals)


def test_the_attack_recovers_nothing_from_the_protected_view(
    world: World, clients: dict[tuple[str, Place], float | None]
) -> None:
    certain, groups = recovered(world, clients, reach=4, hidden_up_to=9)
    assert groups > 1000
    assert certain == 0


def test_the_same_attack_recovers_most_groups_from_hide_below_five(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hide_below_five(_gate: Gate, cell: Cell) -> PublishedValue:
        return PublishedValue(cell.n) if cell.n >= 5 else PublishedValue(None, "small", bound=Bound("under", 5))

    monkeypatch.setattr(cube, "TOGETHER_FROM", 0)
    monkeypatch.setattr(Gate, "clients", hide_below_five)
    certain, groups = recovered(world, published(world.store), reach=0, hidden_up_to=4)
    assert certain > groups / 2


def test_the_attack_recovers_no_numbers_of_events(world: World) -> None:
    """The attacker may even take every number as rounded to five: where one client has many events the base is larger."""
    certain, groups = recovered(world, published(world.store, "encounters"), reach=4, hidden_up_to=10**6, events=True)
    assert groups > 1000
    assert certain == 0


def test_every_protected_number_is_a_multiple_of_five_close_to_the_truth(
    world: World, clients: dict[tuple[str, Place], float | None]
) -> None:
    """At most four off those who have entered the cell; those who wait are few, and a total has none."""
    assert any(value is None for value in clients.values())
    most_waiting = 0
    for key, value in clients.items():
        true, there = len(world.entered[key]), len(world.truth[key])
        if value is None:
            assert true <= 9
        else:
            assert (value % 5, value >= 10, abs(value - true) <= 4, true >= 6) == (0, True, True, True)
        if not key[1]:
            assert world.entered[key] == world.truth[key]
        most_waiting = max(most_waiting, abs(there - true))
    assert 0 < most_waiting <= 5 * (TOGETHER_FROM - 1)


def test_equal_client_sets_give_equal_numbers(world: World, clients: dict[tuple[str, Place], float | None]) -> None:
    by_people: dict[frozenset[int], set[float | None]] = defaultdict(set)
    for key, value in clients.items():
        by_people[world.entered[key]].add(value)
    assert sum(len(values) > 0 for values in by_people.values()) > 500
    assert all(len(values) == 1 for values in by_people.values())


def test_a_breakdown_row_equals_the_figure_of_the_same_cell(world: World) -> None:
    rows = ask(Question(("clients", "encounters"), by=("language", "municipality"), period="2025"), world.store).rows
    assert rows
    for row in rows:
        where = tuple((name, (code,)) for name, code in row.codes.items())
        alone = ask(Question((row.metric,), where=where, period="2025"), world.store).rows[0]
        assert (alone.value, alone.state, alone.n) == (row.value, row.state, row.n)


def test_an_empty_cell_looks_like_a_small_one(world: World) -> None:
    """One to four clients or none: every field of the row is the same, for counts, shares and ratios alike."""
    small = next(k for k, people in world.truth.items() if k[0] == "all" and 1 <= len(people) <= 4 and len(k[1]) == 3)
    empty = next(k for k, people in world.truth.items() if k[0] == "all" and not people and len(k[1]) == 3)
    for metric in ("clients", "encounters", "solved_share", "encounters_per_client"):
        answers = [
            ask(Question((metric,), where=tuple((n, (c,)) for n, c in place)), world.store).rows[0]
            for _, place in (small, empty)
        ]
        without_codes = [{k: v for k, v in row.flat().items() if k not in CODES} for row in answers]
        assert without_codes[0] == without_codes[1]
        assert without_codes[0]["value"] is None


def test_a_duplicate_encounter_changes_no_number_of_clients(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_KEYS", str(world.store.path.with_name("store.keys")))
    twice = store_of(tmp_path / "twice", {"encounter": [*world.rows, *(dict(row) for row in world.rows[:200])]})
    assert twice.keys == world.store.keys
    for by in ((), ("language",), ("language", "municipality", "age_band")):
        once_rows, twice_rows = (
            ask(Question(("clients",), by=by, period="2025"), s).rows for s in (world.store, twice)
        )
        assert [(r.codes, r.value) for r in once_rows] == [(r.codes, r.value) for r in twice_rows]
