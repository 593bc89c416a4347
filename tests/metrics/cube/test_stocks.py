"""Those who stay from month to month are let in and out several at a time: against plain Python, and what it is for."""

import random
from collections.abc import Collection
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from data.store.store import Store
from metrics.cube import cube
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.gate import TOGETHER_FROM, Cell, enough_from
from metrics.model.facts import FACTS
from tests.metrics.made import store_of

FACT = Counting(FACTS["enrolled"])
MONTHS = range(1, 25)
"""Of 2024 and 2025."""


def day(month: int, of_month: int = 10) -> date:
    return date(2024 + (month - 1) // 12, (month - 1) % 12 + 1, of_month)


def made_rows() -> list[dict[str, Any]]:
    """Sixty of the first month, then two a month; some of them leave."""
    chance, rows = random.Random(4), []
    for record, month in enumerate([1] * 60 + [one for one in MONTHS[1:] for _ in range(2)], 1):
        leaves = month + chance.randint(1, 30)
        rows.append(
            {
                "record": record, "client": record * 7_919, "started_on": day(month), "centre": chance.choice(("049", "091")),
                "language": chance.choice(("so", "ar")), "followed_until": date(2025, 12, 31),
                "ended_on": day(leaves, 20) if leaves in MONTHS else None,
            }
        )  # fmt: skip
    return rows


ROWS = made_rows()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    # A start on the last day, so that the last month is whole.
    last = {"client": 1, "record": 999, "started_on": date(2025, 12, 31), "centre": "837", "language": "fa"}
    return store_of(tmp_path_factory.mktemp("staying") / "store", {"enrolment": [*ROWS, last]})


def there(month: int, rows: Collection[dict[str, Any]]) -> set[int]:
    return {
        row["client"] for row in rows
        if row["started_on"] <= day(month, 28) and (row["ended_on"] or date.max) >= day(month, 1)
    }  # fmt: skip


def told(rows: list[dict[str, Any]], of_codes: list[list[dict[str, Any]]], together: int) -> list[set[int]]:
    """Who is in a cell, month by month. of_codes: the rows of each of its codes, where there are two."""
    inside, since, found = set[int](), [set[int]() for _ in of_codes], []
    before: dict[int, set[int]] = {}
    for month in MONTHS:
        for place, of in enumerate(of_codes):
            since[place] |= before.get(place, set()) ^ there(month, of)
            before[place] = there(month, of)
        if all(len(one) >= enough_from(together) for one in since):
            since = [set[int]() for _ in of_codes]
            if len(inside ^ there(month, rows)) >= together:
                inside = there(month, rows)
        found.append(set(inside))
    return found


def cells(store: Store, names: tuple[str, ...]) -> dict[tuple[str, ...], list[Cell]]:
    (index,) = Cube(store, store.serving()).counts((FACT,), names, batched=True)
    by_month = [index.cells(f"{day(month):%Y-%m}", open_too=False) for month in MONTHS]
    return {codes: [one.get(codes, Cell(0, 0, 0, 0, 0, 0)) for one in by_month] for codes in by_month[0]}


NAMES = pytest.mark.parametrize("names", [(), ("language",), ("centre", "language")], ids=["total", "language", "both"])


@NAMES
@pytest.mark.parametrize("together", [1, TOGETHER_FROM])
def test_who_is_there_equals_plain_python(
    store: Store, names: tuple[str, ...], together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one at a time, those who truly are."""
    monkeypatch.setattr(cube, "TOGETHER_FROM", together)
    found = cells(store, names)
    assert found
    for codes, of in found.items():
        mine = [row for row in ROWS if all(row[name] == code for name, code in zip(names, codes, strict=True))]
        parts = [[row for row in ROWS if row[name] == code] for name, code in zip(names, codes, strict=True)]
        expected = told(mine, parts if len(parts) > 1 else [], together)
        if together == 1:
            assert expected == [there(month, mine) for month in MONTHS]
        # The one of the last month is in the total alone.
        last = 0 if names else -1
        assert [cell.n_key for cell in of][: last or None] == [sum(one) for one in expected][: last or None]


def test_a_cell_goes_from_month_to_month_by_nobody_or_by_many() -> None:
    for rows in (ROWS, [row for row in ROWS if row["language"] == "so"]):
        moved = {len(before ^ after) for before, after in pairwise(told(rows, [], TOGETHER_FROM))}
        assert 0 in moved
        assert all(not one or one >= TOGETHER_FROM for one in moved)


def test_a_quarter_holds_who_was_there_in_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for few who wait."""
    mine = [row for row in ROWS if row["language"] == "so"]
    for together in (1, TOGETHER_FROM):
        monkeypatch.setattr(cube, "TOGETHER_FROM", together)
        (index,) = Cube(store, store.serving()).counts((FACT,), ("language",), batched=True)
        for quarter in range(8):
            truth = {one for month in range(quarter * 3 + 1, quarter * 3 + 4) for one in there(month, mine)}
            cell = index.cells(f"{2024 + quarter // 4}-Q{quarter % 4 + 1}", open_too=False)["so",]
            assert abs(cell.n - len(truth)) < together


@NAMES
def test_a_year_begins_with_those_whom_its_january_shows(store: Store, names: tuple[str, ...]) -> None:
    """Of the same days there are not two numbers, of which one tells who alone has come or left since December."""
    whole = Cube(store, store.serving())
    (months,), (to_january,) = (whole.counts((FACT,), names, to_month, batched=True) for to_month in (None, 1))
    shown, begun = months.cells("2025-01", open_too=False), to_january.cells("2025-ytd-01", open_too=False)
    assert shown
    assert {codes: cell.n_key for codes, cell in begun.items()} == {codes: cell.n_key for codes, cell in shown.items()}


def test_a_year_holds_who_was_there_in_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for few who wait: to have come, or since December to have left."""
    mine = [row for row in ROWS if row["language"] == "so"]
    for together in (1, TOGETHER_FROM):
        monkeypatch.setattr(cube, "TOGETHER_FROM", together)
        (index,) = Cube(store, store.serving()).counts((FACT,), ("language",), batched=True)
        for year, months in (("2024", MONTHS[:12]), ("2025", MONTHS[12:]), ("all", MONTHS)):
            truth = set.union(*(there(month, mine) for month in months))
            assert abs(index.cells(year, open_too=False)["so",].n - len(truth)) < 2 * together - 1
