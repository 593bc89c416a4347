"""Months of which a file says nothing between others: lacking rows are asked about, a column nobody filled in is not recorded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.coverage import deliveries
from data.coverage.extent import extent_of
from data.store.store import Store
from tests.data.ingest.shapes import asked, csv, load

MONTHS = range(1, 9)


def visited(folder: Path, months: range | list[int], told: list[int] | None = None, each: int = 6) -> Path:
    """A file with rows in some months of 2025, of which some tell the sex."""
    rows = [
        [f"K{month}-{n}", f"A{month}-{n}", f"{n + 1}.{month}.2025", "Työ", "nainen" if told is None or month in told else ""]
        for month in months for n in range(each)
    ]  # fmt: skip
    return csv(folder, [["Tunnus", "Asiakas", "Pvm", "Aihe", "Sukupuoli"], *rows])


def silent(store: Store) -> list[tuple[str, ...]]:
    generation = store.current()
    assert generation is not None
    with store.reading(generation) as connection:
        return [one.silent for one in deliveries.read(connection)]


def covers(store: Store, month: int) -> bool:
    generation = store.current()
    assert generation is not None
    return extent_of(store, generation).covers("encounter", date(2025, month, 1), date(2025, month, 28))


def records(store: Store, month: int) -> bool:
    generation = store.current()
    assert generation is not None
    return extent_of(store, generation).records("encounter", ["sex"], date(2025, month, 1), date(2025, month, 28))


def test_months_without_rows_are_asked_about_and_said_nothing_of_until_there_is_an_answer(tmp_path: Path) -> None:
    path = visited(tmp_path, [1, 2, 5, 6, 7, 8, 9])
    assert asked(load(Store(tmp_path / "s"), path)) == [("silent_months", "Pvm")]
    store = Store(tmp_path / "t")
    assert load(store, path, yes=True).exit_code == 0
    assert silent(store) == [("2025-03", "2025-04")]
    assert [covers(store, month) for month in (2, 3, 4, 5)] == [True, False, False, True]
    # Whoever knows better may say so of the same file, of which every row is there.
    assert load(store, path, silent_months="none").exit_code == 0
    assert silent(store) == [("2025-03", "2025-04"), ()]
    assert [covers(store, month) for month in (2, 3, 4, 5)] == [True] * 4
    assert load(store, path, silent_months="none").exit_code == 0
    assert len(silent(store)) == 2, "nothing is new"
    there = Store(tmp_path / "u")
    assert load(there, path, silent_months="none").exit_code == 0
    assert silent(there) == [()]
    assert covers(there, 3)


@pytest.mark.parametrize(
    ("months", "each"),
    [
        ([1, 2, 3, 4, 5, 6, 8], 6),  # fewer than would be expected for it not to be chance
        ([3, 9], 20),  # too few months to tell what is usual
        (list(MONTHS), 6),
    ],
)
def test_what_may_be_chance_or_usual_is_not_asked(months: list[int], each: int, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, visited(tmp_path, months, each=each))
    assert (prepared.exit_code, asked(prepared), silent(store)) == (0, [], [()])


def test_months_in_which_nobody_filled_a_column_in_are_not_recorded(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    assert load(store, visited(tmp_path, MONTHS, told=[4, 5, 6, 7, 8])).exit_code == 0
    assert silent(store) == [("2025-01 sex", "2025-02 sex", "2025-03 sex")]
    assert [records(store, month) for month in (1, 3, 4, 8)] == [False, False, True, True]
    assert covers(store, 1)


def test_a_column_that_is_empty_throughout_is_not_recorded_and_one_that_is_rarely_filled_in_is(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, visited(tmp_path, MONTHS, told=[]))
    assert not any(records(store, month) for month in MONTHS)
    # A month in which nobody came is none that has the column.
    hole = Store(tmp_path / "u")
    load(hole, visited(tmp_path, [1, 2, 3, 5], told=[]))
    assert silent(hole) == [tuple(f"2025-{month:02d} sex" for month in range(1, 6))]
    assert not any(records(hole, month) for month in range(1, 6))
    # One month of eight tells that the others were asked, too, as far as chance goes.
    few = Store(tmp_path / "t")
    load(few, visited(tmp_path, [1, 2], told=[2], each=6))
    assert silent(few) == [()]
