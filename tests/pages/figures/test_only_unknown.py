"""A breakdown of which nothing is known says so, and draws no bar of "not known"."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.texts import texts
from metrics.grammar.answer import Row
from pages.figures.figure import only_unknown
from tests.metrics.made import store_of
from tests.pages.drawn import open_page


def row(code: str, value: float | None) -> Row:
    return Row("clients", {"sex": code}, "2025", value, "clients", n=value)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("unknown", 40)], True),
        ([row("female", None), row("unknown", 40)], True),
        ([row("female", 10), row("unknown", 40)], False),
        ([row("female", None)], False),
        ([], False),
        ([Row("clients", {}, "2025", 40, "clients", n=40)], False),
    ],
)
def test_only_values_without_a_known_code(rows: list[Row], *, expected: bool) -> None:
    assert only_unknown(rows) is expected


def test_a_page_says_that_sex_and_age_are_not_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(tmp_path / "store", {"encounter": [{"client": client} for client in range(1, 60)]})
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    app = open_page("reach", "fi", period="2025")
    assert texts("fi")("figure.only_unknown") in [one.value for one in app.info]
