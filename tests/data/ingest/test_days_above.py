"""Days on the first row of each group only: asked about, filled in when the steward says so, and never a part published."""

from __future__ import annotations

from pathlib import Path

from data.ingest.question_words import option_text, question_text
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load, visits, workbook

DAYS = "SELECT occurred_on::VARCHAR, count(*) FROM encounter GROUP BY 1 ORDER BY 1"


def grid(*first: int, count: int = 12) -> Grid:
    """Visits of which these rows have a day."""
    body = [
        [number, f"{place % 28 + 1}.3.2025" if place in first else None, topic]
        for place, (number, topic) in enumerate(visits(count, "id", "topic"))
    ]
    return [["Tunnus", "Pvm", "Aihe"], *body]


def test_the_day_above_is_asked_about_and_nothing_is_published_before(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = workbook(tmp_path, {"Kohtaamiset": grid(0, 4, 8)})
    prepared = load(store, path)
    assert (asked(prepared), store.current()) == ([("day_above", "Pvm")], None)
    question = prepared.open_questions[0].question
    assert "9 of 12 rows" in question_text(question, "en")
    assert [option_text(question, one, "en") for one in question.options] == [
        "No, reject the rows without a day",
        "Yes, the row is of the day above it",
    ]
    load(store, path, day_above="above")
    assert rows(store, DAYS) == [("2025-03-01", 4), ("2025-03-05", 4), ("2025-03-09", 4)]


def test_without_a_yes_no_row_gets_a_day(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, grid(0, 4, 8)), yes=True)
    assert (prepared.files[0].counts.loaded, prepared.files[0].counts.rejected) == (3, 9)


def test_some_days_that_are_missing_are_rejected_as_ever(tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), csv(tmp_path, grid(*range(38), count=40)))
    assert (asked(prepared), prepared.files[0].counts.rejected) == ([], 2)


def test_rows_that_no_day_stands_above_stay_rejected(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, grid(2, 6))
    assert asked(load(store, path)) == [("day_above", "Pvm")]
    prepared = load(store, path, day_above="above")
    assert (prepared.files[0].counts.loaded, prepared.files[0].counts.rejected) == (10, 2)
