"""Cumulative cells, which medians and curves are rounded by: against a second implementation in plain Python.

`m`, the most events of one unit up to a value, decides the base of rounding: too small a `m` would round too finely.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.cube import Cube
from metrics.cube.shape import Shape
from metrics.gate import Cell
from metrics.grammar.period import Period, registered
from metrics.model.facts import FACTS
from tests.metrics.made import store_of

FIRST, LAST, CLOSED = date(2024, 10, 3), date(2025, 12, 20), date(2025, 11, 30)
MINUTES = CumulativeProfile(FACTS["encounter"], "minutes", "channel <> 'phone'")
WAIT = CumulativeProfile(FACTS["referral"], "duration", cause="ended_by")
Row = Mapping[str, Any]


def random_rows() -> list[dict[str, Any]]:
    """Encounters of thirty clients, one of them very busy at long meetings only, and of anonymous visitors."""
    chance = random.Random(3)
    rows = []
    for record in range(1, 301):
        client = -(2**60) - record if chance.random() < 0.2 else 2**60 + chance.choice((1, 1, *range(30)))
        rows.append(
            {
                "record": record,
                "client": client,
                "occurred_on": FIRST + timedelta(chance.randrange((LAST - FIRST).days + 1)),
                "minutes": chance.choice((45, 60, 90)) if client == 2**60 + 1 else chance.choice((None, 0, 5, 10, 30)),
                "channel": chance.choice(("walk_in", "phone")),
                "language": chance.choice(("so", "ar")),
            }
        )
    return rows


ROWS = random_rows()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = store_of(tmp_path_factory.mktemp("profiles") / "store", {"encounter": ROWS})
    generation = made.serving()
    replace(generation, created=datetime(2025, 12, 22)).write(made.path / "generations" / "000001.json")
    return made


def as_cell(rows: Iterable[Row]) -> Cell:
    events = Counter(row["client"] for row in rows)
    known = [client for client in events if client > 0]
    return Cell(
        len(known),
        sum(known),
        len(events),
        sum(map(abs, events)),
        sum(events.values()),
        max(events.values(), default=0),
    )


def counted(rows: Iterable[Row], period: Period, *, open_too: bool) -> list[Row]:
    first, last = period.first_day or date.min, period.last_day or date.max
    if not open_too:
        last = min(last, CLOSED)
    return [row for row in rows if first <= row["occurred_on"] <= last and row["channel"] != "phone"]


@pytest.mark.parametrize("names", [(), ("language",)])
@pytest.mark.parametrize("open_too", [False, True])
def test_cumulative_cells_of_every_period_equal_a_count_in_plain_python(
    store: Store, names: tuple[str, ...], *, open_too: bool
) -> None:
    cube, checked = Cube(store, store.serving()), 0
    for period in registered(FIRST, LAST):
        index = cube.profile(MINUTES, names, period.number if period.level == "ytd" else None)
        found = index.steps(str(period), open_too=open_too)
        rows = [row for row in counted(ROWS, period, open_too=open_too) if row["minutes"] is not None]
        groups: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(row[name] for name in names), []).append(row)
        expected = {
            codes: {
                "": tuple(
                    (step, as_cell(row for row in group if row["minutes"] <= step))
                    for step in sorted({row["minutes"] for row in group})
                )
            }
            for codes, group in groups.items()
        }
        assert dict(found) == expected, (period, names)
        checked += sum(len(steps) for causes in expected.values() for steps in causes.values())
    assert checked > 100


def test_the_busiest_unit_is_the_busiest_so_far(tmp_path: Path) -> None:
    """Up to 5 minutes everyone has one; up to 10 client 1 has three; up to 60 client 2 has four, client 1 still three."""
    minutes = {1: (5, 10, 10), 2: (5, 60, 60, 60), 3: (10,), -4: (5,)}
    rows = [{"client": client, "minutes": each} for client, several in minutes.items() for each in several]
    store = store_of(tmp_path / "store", {"encounter": rows})
    steps = Cube(store, store.serving()).profile(replace(MINUTES, where="true"), (), None).steps("all", open_too=True)
    assert [(at, cell.n, cell.u, cell.e, cell.m) for at, cell in steps[()][""]] == [
        (5, 2, 3, 3, 1),
        (10, 3, 4, 6, 3),
        (60, 3, 4, 9, 4),
    ]


def test_waits_are_kept_apart_by_what_ended_them(tmp_path: Path) -> None:
    """Client 1 starts after two days twice and client 2 after nine; client 3 is lost sight of after four days."""
    day = date(2025, 1, 10)
    rows = [
        {"client": 1, "referred_on": day, "started_on": day + timedelta(2)},
        {"client": 1, "referred_on": day, "started_on": day + timedelta(2)},
        {"client": 2, "referred_on": day, "started_on": day + timedelta(9)},
        {"client": 3, "referred_on": day, "status": "unreachable", "status_on": day + timedelta(4)},
        {"client": 3, "referred_on": day, "started_on": day + timedelta(1)},
    ]
    store = store_of(tmp_path / "store", {"referral": rows})
    causes = Cube(store, store.serving()).profile(WAIT, (), None).steps("all", open_too=True)[()]
    told = {cause: [(at, c.n, c.n_key, c.e, c.m) for at, c in steps] for cause, steps in causes.items()}
    assert told == {"started": [(1, 1, 3, 1, 1), (2, 2, 4, 3, 2), (9, 3, 6, 4, 2)], "": [(4, 1, 3, 1, 1)]}


def test_weights_are_summed_and_the_busiest_is_by_weight(tmp_path: Path) -> None:
    """Minutes: client 1 has 10 + 20, client 2 25 alone, an anonymous visitor 5."""
    rows = [{"client": c, "minutes": m} for c, m in ((1, 10), (1, 20), (2, 25), (-3, 5), (4, None), (5, 0))]
    store = store_of(tmp_path / "store", {"encounter": rows})
    weighed = Counting(FACTS["encounter"], weight="minutes")
    (index,) = Cube(store, store.serving()).counts((weighed,), (), None)
    assert index.cells("all", open_too=True)[()] == Cell(2, 3, 3, 6, 60, 30)


def test_what_is_asked_when_nothing_else_is_said() -> None:
    fact = FACTS["encounter"]
    assert Counting(fact) == Counting(fact, "true", None)
    assert Counting(fact).columns == ()
    assert Counting(fact, "channel = 'phone'", "minutes").columns == ("channel", "minutes")
    assert CumulativeProfile(fact, "minutes") == CumulativeProfile(fact, "minutes", "true", "''")
    assert CumulativeProfile(fact, "minutes", "minutes > 0 AND channel = 'phone'").columns == ("minutes", "channel")
    shape = Shape((), 24311)
    assert (shape.has_open, shape.to_month) == (False, None)
    assert shape.levels == ("month", "quarter", "year", "all")
    assert replace(shape, to_month=3).levels == ("year",)


def test_several_measures_are_counted_in_one_scan_each_by_itself(tmp_path: Path) -> None:
    rows = [{"client": c, "minutes": m, "channel": "phone"} for c, m in ((1, 10), (1, 20), (2, 0))]
    rows.append({"client": 3, "minutes": 7, "channel": "walk_in"})
    store = store_of(tmp_path / "store", {"encounter": rows})
    fact = FACTS["encounter"]
    measures = (Counting(fact), Counting(fact, "channel = 'phone'"), Counting(fact, "channel = 'phone'", "minutes"))
    together = Cube(store, store.serving()).counts(measures, (), None)
    assert [index.cells("all", open_too=True)[()] for index in together] == [
        Cell(3, 6, 3, 6, 4, 2),
        Cell(2, 3, 2, 3, 3, 2),
        Cell(1, 1, 1, 1, 30, 30),
    ]
