"""Whom a source of starts in work tells of: of another source's clients where it has more of them than a stray one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metrics.model.facts.reach import REACH
from tests.metrics.made import store_of


def brought(number: int, table: str, last: date) -> dict[str, Any]:
    return {
        "delivery": number, "source": number, "made": "2025-12-31", "file": "a.csv", "digest": "d", "data_table": table,
        "first_day": date(2024, 1, 1), "last_day": last, "fields": [], "read": 0, "loaded": 0, "replaced": 0, "unchanged": 0,
        "gone": 0, "rejected": 0,
    }  # fmt: skip


@pytest.mark.parametrize(("shared", "is_told"), [(0, False), (1, False), (4, False), (5, True), (30, True)])
def test_one_client_of_both_makes_nobody_else_followed(tmp_path: Path, shared: int, *, is_told: bool) -> None:
    """All others of the first source would else be taken to have found no work until the second one's end."""
    day = date(2024, 3, 9)
    people = [
        {"client": one, "record": one, "centre": "853", "started_on": day, "delivery": 1} for one in range(1, 101)
    ]
    starts = [
        {"client": one, "record": one, "started_on": day, "kind": "employment_open", "delivery": 2}
        for one in (*range(1, shared + 1), *range(500, 550))
    ]
    ends = [brought(1, "enrolment", date(2025, 6, 30)), brought(2, "outcome", date(2025, 10, 31))]
    store = store_of(tmp_path / "store", {"enrolment": people, "outcome": starts, "delivery": ends})
    with store.reading(store.serving()) as connection:
        found = connection.execute(f"SELECT until, starts_told FROM ({REACH}) WHERE source = 1").fetchall()
    assert found == [(date(2025, 10, 31), True) if is_told else (date(2025, 6, 30), False)]
