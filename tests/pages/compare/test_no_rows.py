"""Whether anybody is in a table at all is told to no visitor: what is said to be missing are files."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.texts import texts
from pages.view import states
from tests.metrics.measures.delivering import uneven_october
from tests.pages.drawn import open_page, said

T = texts("fi")


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
