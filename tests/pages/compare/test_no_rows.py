"""Whether anybody is in a table at all is told to no visitor: what is said to be missing are files."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.texts import texts
from metrics.gate import State
from pages.compare import course
from pages.view import states
from pages.view.points import DataPoint
from pages.view.values import Value
from tests.metrics.measures.delivering import uneven_october
from tests.pages.drawn import open_page, said

T = texts("fi")
STATES: tuple[State, ...] = ("shown", "no_data")


@pytest.mark.parametrize("left", [0, 2])
def test_a_table_without_rows_looks_like_one_of_few(left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = uneven_october(tmp_path)
    with store.next_generation("test") as connection:
        connection.execute(
            f"DELETE FROM referral WHERE record NOT IN (SELECT record FROM referral ORDER BY record LIMIT {left})"
        )
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    text = said(open_page("compare", metrics="referrals"))
    assert states.missing(["referral"], T) not in text
    assert T("compare.gaps") not in text
    assert states.missing(["outcome", "enrolment"], T).partition(":")[0] in said(
        open_page("compare", metrics="enrolments")
    )


def test_a_gap_is_said_to_be_of_few_only_where_nothing_lacks() -> None:
    few, absent = (DataPoint("2025-Q1", "1/2025", "049", "Espoo", None, Value("–"), state=state) for state in STATES)
    assert course.gaps([few], T) == (T("compare.gaps"),)
    assert course.gaps([few, absent], T)[0] == T("compare.gaps.lacking")
    assert course.gaps([absent], T) == states.notes(["no_data"], T)
