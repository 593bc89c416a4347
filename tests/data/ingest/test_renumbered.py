"""Row numbers that have passed to other rows: a corrected list numbered anew, and series that begin anew each month."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from data.ingest.question_words import question_text
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load

ALL = "SELECT count(*) FROM encounter"
HEADER = ["Tunnus", "Pvm", "Asiakas", "Kunta", "Kieli", "Aihe"]


def visits(count: int, seed: int, month: int | None = None) -> Grid:
    """Rows without numbers, of one year or month."""
    chance = random.Random(seed)
    clients = chance.sample(range(1, 1000), count)
    return [
        [
            f"{chance.randint(1, 28)}.{month or chance.randint(1, 12)}.2025", f"A{client:03}", "Espoo",
            ("arabia", "somali", "venäjä")[client % 3], chance.choice(("Työ", "Asuminen", "Kela")),
        ]
        for client in clients
    ]  # fmt: skip


def numbered(grid: Grid) -> Grid:
    return [HEADER, *([number, *row] for number, row in enumerate(grid, 1))]


def test_a_list_with_rows_removed_and_numbered_anew_is_the_same_list(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    old = visits(80, 1)
    load(store, csv(tmp_path, numbered(old), "a.csv"))
    before = rows(store, "SELECT * EXCLUDE (delivery) FROM encounter ORDER BY record")
    left = [row for place, row in enumerate(old) if place % 10 != 9]
    new = csv(tmp_path, numbered(left), "b.csv")
    prepared = load(store, new)
    question = next(one.question for one in prepared.open_questions if one.question.kind == "rewritten")
    assert (question.options[0], question.rows) == ("same_rows", 72)
    assert "72" in question_text(question, "fi")
    assert ("gone", "") in asked(prepared)
    load(store, new, yes=True)
    assert (
        rows(store, "SELECT * EXCLUDE (delivery) FROM encounter ORDER BY record") == before
    )  # nothing lost or doubled
    load(store, new, rewritten="same_rows", gone="remove")
    assert rows(store, ALL) == [(72,)]
    again = load(store, new, yes=True)
    assert (again.files[0].counts.loaded, rows(store, ALL)) == (0, [(72,)])


def test_new_rows_of_such_a_list_are_added(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    old = visits(80, 1)
    load(store, csv(tmp_path, numbered(old), "a.csv"))
    longer = csv(tmp_path, numbered([*old[5:], *visits(6, 2)]), "b.csv")
    done = load(store, longer, rewritten="same_rows", gone="remove")
    assert (done.files[0].counts.loaded, rows(store, ALL)) == (6, [(81,)])


def test_the_same_list_of_another_place_is_another_source_when_somebody_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    old = visits(80, 1)
    load(store, csv(tmp_path, numbered(old), "a.csv"))
    load(store, csv(tmp_path, numbered(old[8:]), "b.csv"), rewritten="other_source")
    assert rows(store, ALL) == [(152,)]


@pytest.mark.parametrize("together", [True, False])
def test_numbers_that_begin_anew_each_month(together: bool, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    months = [csv(tmp_path, numbered(visits(30, month, month)), f"kk{month}.csv") for month in (1, 2, 3, 4)]
    for paths in [months] if together else [[path] for path in months]:
        load(store, *paths, numbers="monthly", source="main", yes=True)
    assert rows(store, ALL) == [(120,)]
    assert not load(store, *months).changes


@pytest.mark.parametrize("together", [True, False])
def test_numbers_of_a_year_take_the_place_of_no_other_month(together: bool, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    months = [csv(tmp_path, numbered(visits(30, month, month)), f"kk{month}.csv") for month in (1, 2, 3)]
    for paths in [months] if together else [[path] for path in months]:
        last = load(store, *paths, numbers="yearly", source="main", yes=True)
    questions = [one.question for one in last.decisions if one.question.kind == "numbers"]
    assert "yearly" not in questions[-1].options
    assert rows(store, ALL) == [(90,)]
