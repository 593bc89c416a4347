"""Which codes an answer lists is found once for all metrics of one whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from metrics.cube.lookup import Lookup
from metrics.grammar.question import Question
from metrics.measures.inquiry import ALL_TIME, Inquiry
from metrics.model.definition import definitions
from tests.metrics.made import store_of


def test_codes_are_listed_once_for_each_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of visitors without a number there are encounters and no clients."""
    rows = [{"client": n, "language": "so" if n < 20 else "ar", "occurred_on": date(2025, 1, 2)} for n in range(1, 40)]
    rows += [{"client": -n, "language": "ru", "occurred_on": date(2025, 1, 2)} for n in range(1, 30)]
    store = store_of(tmp_path, {"encounter": rows})
    inquiry = Inquiry(Question(("clients", "encounters"), by=("language",), period="all"), store)
    looked_up, counts = list[object](), Lookup.counts

    def counted(lookup: Lookup, measure: object, dimensions: object, periods: object) -> object:
        assert periods == ALL_TIME
        looked_up.append(dimensions)
        return counts(lookup, measure, dimensions, periods)  # type: ignore[arg-type]

    monkeypatch.setattr(Lookup, "counts", counted)
    listed = {name: [key for key, _ in inquiry.keys(definitions()[name])] for name in ("clients", "encounters") * 2}
    assert {name: sorted(code for _, code in keys) for name, keys in listed.items()} == {
        "clients": ["ar", "so"],
        "encounters": ["ar", "ru", "so"],
    }
    assert len(looked_up) == 2
