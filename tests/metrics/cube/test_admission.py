"""People enter a cell together: against plain Python, and what it is for, seen on random rows."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from data.store.store import Store
from metrics.cube import cube
from metrics.cube.batching import counted
from metrics.cube.chains import NEVER
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.cube import Cube
from metrics.cube.lookup import Lookup
from metrics.gate import TOGETHER_FROM, Cell
from metrics.grammar.period import Period, registered
from metrics.model.facts import FACTS
from tests.metrics.admitted import CHAIN, Codes, Entered, Row, entered
from tests.metrics.made import store_of

FIRST, LAST = date(2024, 1, 1), date(2025, 10, 31)
NAMES = ("channel", "language", "service")
SHAPES = [names for size in range(4) for names in combinations(NAMES, size)]
PERIODS = [one for one in registered(FIRST, LAST) if one.level != "ytd" or one.number in (3, 9)]
EVERYONE = Counting(FACTS["encounter"])
LONG = Counting(FACTS["encounter"], "minutes > 20")
MINUTES = CumulativeProfile(FACTS["encounter"], "minutes", "channel <> 'phone'")


def made_rows() -> list[dict[str, Any]]:
    """Clients and anonymous visitors of busy and rare languages, some of them many times; unevenly over the months."""
    chance, rows = random.Random(3), []
    for record in range(1, 701):
        month = chance.randrange(22)
        rows.append(
            {
                "record": record,
                "client": -(2**60) - record if chance.random() < 0.2 else 2**60 + chance.randrange(150) * 7_919,
                "language": chance.choices(("so", "ar", "uk", "th", "my"), (60, 25, 8, 5, 2))[0],
                "channel": chance.choices(("walk_in", "phone", "video"), (60, 30, 3))[0],
                "service": chance.choices(("guidance", "competence_centre"), (70, 30))[0],
                "topics": ["work"],
                "minutes": chance.choice((10, 20, 30, 45)),
                "occurred_on": date(2024 + month // 12, month % 12 + 1, chance.randint(1, 28)),
            }
        )  # fmt: skip
    return rows


ROWS = made_rows()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return _made(tmp_path_factory.mktemp("settling") / "store", ROWS)


def _made(path: Path, rows: list[dict[str, Any]], **tables: list[dict[str, Any]]) -> Store:
    store = store_of(path, {"encounter": rows, **tables})
    replace(store.serving(), created=datetime(2025, 12, 15)).write(path / "generations" / "000001.json")
    return store


@pytest.fixture(scope="module", params=SHAPES, ids="+".join)
def shape(request: pytest.FixtureRequest) -> tuple[Codes, Mapping[Codes, list[Entered]]]:
    return request.param, entered(ROWS, request.param, TOGETHER_FROM)


def is_long(row: Row) -> bool:
    return bool(row["minutes"] > 20)


def cells(store: Store, names: Codes, period: Period, measure: Counting = EVERYONE) -> Mapping[Codes, Cell]:
    to_month = period.number if period.level == "ytd" else None
    (index,) = Cube(store, store.serving()).counts((measure,), names, to_month, batched=True)
    return index.cells(str(period), open_too=False)


def as_cell(rows: list[Row]) -> Cell:
    events = Counter(row["client"] for row in rows)
    known = [client for client in events if client > 0]
    return Cell(len(known), sum(known), len(events), sum(map(abs, events)), len(rows), max(events.values(), default=0))


@pytest.mark.parametrize("measure", [EVERYONE, LONG], ids=["everyone", "with a condition"])
def test_every_cell_equals_a_count_in_plain_python(
    store: Store, shape: tuple[Codes, Mapping[Codes, list[Entered]]], measure: Counting
) -> None:
    """Those who meet a condition wait for each other among those who have entered."""
    names, truth = shape
    if measure is LONG:
        truth = entered(ROWS, names, TOGETHER_FROM, is_long)
    checked = 0
    for period in PERIODS:
        expected = {
            codes: as_cell(rows)
            for codes, all_of in truth.items()
            if (
                rows := [
                    one.row for one in all_of if one.within(period) and (measure is EVERYONE or one.row["minutes"] > 20)
                ]
            )
        }
        assert dict(cells(store, names, period, measure)) == expected, period
        checked += len(expected)
    assert checked > 20


def test_profiles_hold_the_same_people(store: Store, shape: tuple[Codes, Mapping[Codes, list[Entered]]]) -> None:
    names, truth = shape
    for period in (Period.parse("all"), Period.parse("2025-Q2"), Period.parse("2024-ytd-09")):
        index = Cube(store, store.serving()).profile(
            MINUTES, names, period.number if period.level == "ytd" else None, batched=True
        )
        found = {codes: steps[""][-1][1] for codes, steps in index.steps(str(period), open_too=False).items()}
        expected = {
            codes: as_cell(rows)
            for codes, all_of in truth.items()
            if (rows := [one.row for one in all_of if one.within(period) and one.row["channel"] != "phone"])
        }
        assert found == expected


@pytest.mark.parametrize("chain", CHAIN)
def test_a_cell_grows_by_nobody_or_by_many(shape: tuple[Codes, Mapping[Codes, list[Entered]]], chain: str) -> None:
    """From month to month, of clients and of anonymous visitors: those who are new, and by themselves those who come again."""
    _, truth = shape
    grown: Counter[str] = Counter()
    for all_of in truth.values():
        for identified in (True, False):
            mine = [one for one in all_of if (one.row["client"] > 0) == identified and chain in one.counted]
            for span in {CHAIN[chain](one.counted[chain]) for one in mine}:
                rows = [one for one in mine if CHAIN[chain](one.counted[chain]) == span]
                entry = {
                    one.row["client"]: min(o.counted[chain] for o in rows if o.row["client"] == one.row["client"])
                    for one in rows
                }
                for month in sorted({one.counted[chain] for one in rows}):
                    come = {one.row["client"] for one in rows if one.counted[chain] == month}
                    new = {client for client in come if entry[client] == month}
                    assert len(new) == 0 or len(new) >= TOGETHER_FROM
                    assert len(come - new) == 0 or len(come - new) >= TOGETHER_FROM
                    grown.update(new=bool(new), again=bool(come - new))
    assert grown["new"] > 5
    assert grown["again"] or chain == "quarter"


def test_nobody_is_in_a_part_who_is_not_in_its_whole(store: Store) -> None:
    """A breakdown never runs ahead of the figures of its codes."""
    for names in (names for names in SHAPES if len(names) > 1):
        for period in (Period.parse(text) for text in ("2024", "2025-Q2", "2025-ytd-09", "all")):
            for codes, part in cells(store, names, period).items():
                for name, code in zip(names, codes, strict=True):
                    whole = cells(store, (name,), period).get((code,))
                    assert whole is not None
                    assert part.n <= whole.n
                    assert part.u <= whole.u


def test_later_months_change_nothing_before(store: Store, tmp_path: Path) -> None:
    """A store that ends in June shows of each period until then what the whole one does."""
    until = date(2025, 6, 30)
    shorter = _made(tmp_path / "store", [row for row in ROWS if row["occurred_on"] <= until])
    for names in SHAPES[2:5]:
        for period in PERIODS:
            if period.last_day and period.last_day <= until:
                assert cells(shorter, names, period) == cells(store, names, period)


def test_a_filter_that_leaves_nobody_out_changes_no_number(tmp_path: Path) -> None:
    """In a store of one municipality, and for a language that is spoken in one: also where regulars come again."""
    chance, rows = random.Random(7), list[dict[str, Any]]()
    for record in range(1, 401):
        language = chance.choices(("so", "ar", "fa"), (8, 3, 2))[0]
        rows.append(
            {
                "record": record, "client": (1 + chance.randrange(90)) * 7_919 + "so ar fa".index(language), "language": language,
                "municipality": "091" if language == "ar" and chance.random() < 0.5 else "049",
                "occurred_on": date(2025, 1 + record * 10 // 401, 9),
            }
        )  # fmt: skip
    for path, mine, languages in (
        (tmp_path / "one", [row for row in rows if row["municipality"] == "049"], ("so", "ar", "fa")),
        (tmp_path / "two", rows, ("so", "fa")),
    ):
        store = _made(path, mine)
        compared = 0
        for period in (one for one in registered(date(2025, 1, 1), date(2025, 10, 31)) if one.level != "month"):
            whole, part = (cells(store, names, period) for names in (("language",), ("language", "municipality")))
            for language in languages:
                assert part.get((language, "049")) == whole.get((language,)), (period, language)
                compared += (language,) in whole
        assert compared > 20


def test_few_wait_for_ever(shape: tuple[Codes, Mapping[Codes, list[Entered]]]) -> None:
    """Fewer than enter at once; of a breakdown also those who wait for its codes, and for enough to come of these."""
    names, truth = shape
    most = (TOGETHER_FROM - 1) * (1 if len(names) == 1 else 2 + len(names))
    for all_of in truth.values():
        for identified in (True, False):
            mine = [one for one in all_of if (one.row["client"] > 0) == identified]
            there = {one.row["client"] for one in mine if "all" in one.counted}
            assert len({one.row["client"] for one in mine} - there) <= most


def test_how_cells_are_numbered_does_not_matter() -> None:
    """The last one may have anonymous visitors only, or none of some months."""
    chance = random.Random(5)
    codes = [(a, b) for a in range(3) for b in range(3)]
    people = [(chance.randrange(9), chance.randrange(24), client) for client in range(1, 400) for _ in range(3)]
    seen = sorted({(cell, month, -client if cell == 4 else client) for cell, month, client in people})
    found = []
    for order in (list(range(9)), [8, 7, 6, 5, 0, 3, 2, 1, 4]):
        place = {cell: at for at, cell in enumerate(order)}
        rows = [(place[cell], month, client) for cell, month, client in seen]
        visits = pl.DataFrame(rows, {"cell": pl.Int32, "month": pl.Int32, "client": pl.Int64}, orient="row")
        of = [np.array([codes[cell][part] for cell in order]) for part in range(2)]
        months = min(month for _, month, _ in seen), max(month for _, month, _ in seen)
        counts = counted(visits, of, ("quarter", "year", "all"), 6, months)
        found.append(sorted((order[row[0]], *row[1:]) for row in counts.rows()))
    assert found[0] == found[1]
    assert {row[-1] for row in found[0]} > {NEVER}


def test_only_visitors_get_them(store: Store) -> None:
    """The internal audience counts everyone in their own month."""
    year = Period.parse("2025")
    of_all = {
        audience: Lookup(Cube(store, store.serving()), audience).counts(EVERYONE, ("language",), (year,))
        for audience in ("internal", "protected")
    }
    exact = as_cell([row for row in ROWS if row["occurred_on"].year == 2025 and row["language"] == "my"])
    assert of_all["internal"].cell(("2025", "my")) == exact
    assert exact.n > 0
    assert of_all["protected"].cell(("2025", "my")) != exact


@pytest.mark.parametrize(("together", "told"), [(1, 10), (TOGETHER_FROM, 0)], ids=["control", "waiting"])
def test_a_total_does_not_tell_who_came_alone(
    together: int, told: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small municipality: sixty referrals in winter and then one a month in all. What moves with a month is told of its one
    person: without any code, each numerator would be a yes or a no.
    """
    monkeypatch.setattr(cube, "TOGETHER_FROM", together)
    sent = [
        {"client": one * 7_919, "record": one, "referred_on": date(2025, month, 9), "manner": "warm"}
        for one, month in enumerate([1] * 60 + list(range(2, 13)), 1)
    ]
    store = _made(tmp_path / "store", [], referral=sent)
    measures = (Counting(FACTS["referral"]), Counting(FACTS["referral"], "manner = 'warm'"))
    grown = 0
    for measure in measures:
        seen = [_total(store, month, measure).n for month in range(1, 12)]
        grown += sum(after - before == 1 for before, after in pairwise(seen))
        assert all(after - before in (0, 1 if together == 1 else TOGETHER_FROM) for before, after in pairwise(seen))
    assert grown >= told if told else grown == 0


def _total(store: Store, month: int, measure: Counting) -> Cell:
    (index,) = Cube(store, store.serving()).counts((measure,), (), month, batched=True)
    return index.cells(f"2025-ytd-{month:02d}", open_too=False)[()]
