"""The n of a figure is the number of what is in it: where only recorded cases are, it is theirs or nobody's."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from data.texts import texts
from metrics.ask import ask
from metrics.grammar.question import Question
from pages.i18n import formats
from pages.shell.serving import Serving
from tests.lacking import lacking
from tests.pages.drawn import open_page

T = texts("fi")
RECORDED = ("demand.week.note", "reach.found.note")
"""Notes of figures of the cases of which something is recorded."""


def lines(page_id: str) -> dict[str, str]:
    """The lines above such figures, by the notes below them."""
    captions = [one.value for one in open_page(page_id, "fi", period="2025").caption]
    return {key: above for above, below in pairwise(captions) for key in RECORDED if T(key) in below}


@pytest.mark.parametrize(("field", "page_id"), [("hour", "demand"), ("found_via", "reach")])
def test_no_case_is_counted_where_none_is_recorded(
    field: str,
    page_id: str,
    sample_store: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = lacking(tmp_path_factory.getbasetemp(), sample_store, "encounter", field)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    assert not any("n = " in line for line in lines(page_id).values())


def test_where_some_are_recorded_they_are_counted(served: Serving) -> None:
    row = ask(Question(("found_via_share",), ("found_via",), period="2025"), served.store).rows[0]
    whole = ask(Question(("encounters",), period="2025"), served.store).rows[0]
    assert row.n
    assert whole.value
    assert row.n < whole.value
    (line,) = lines("reach").values()
    assert f"n = {formats.number(row.n, 'fi')} asiointia" in line
    assert "tiedossa" in line
    (line,) = lines("demand").values()
    assert "n = " not in line
