"""Where months lack or nothing is compared, a page says that alone, and not how to read what is not there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from data.ingest.batch import Wishes
from data.store.store import Store
from data.texts import Language, texts
from metrics.gate import State
from pages.figures.figure import line_marks
from pages.i18n import formats
from pages.view.points import DataPoint
from pages.view.values import Value
from tests.metrics.measures.delivering import deliver
from tests.pages.drawn import each_language, open_page, said
from tests.pages.without_months import HEAD, lacking, rows

__all__ = ["lacking"]


@pytest.fixture(autouse=True)
def _served(lacking: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(lacking.path))


@each_language
def test_a_month_that_lacks_before_a_period_is_why_nobody_is_new(lang: Language) -> None:
    """Not that the files begin late: they begin early enough, and a month before the period is what they are known from."""
    t = texts(lang)
    shown = said(open_page("overview", lang, period="2026-08"))
    assert shown.count(t("state.past_lacks.gap", names=t("key.new_clients"))) == 1
    assert t("state.past_lacks.from", month=formats.period_label("2026-01", lang)) not in shown


@pytest.mark.parametrize(
    ("states", "key"),
    [
        ((), None),
        (("shown",), None),
        (("small",), "figure.triangle"),
        (("no_data", "shown"), "figure.triangle.no_data"),
        (("no_data", "small"), "figure.triangle.some"),
    ],
)
def test_a_triangle_is_not_called_hidden_where_no_file_tells(states: tuple[State, ...], key: str | None) -> None:
    page = cast("Any", SimpleNamespace(t=texts("fi")))
    cells = [
        DataPoint("2025", "2025", "a", "A", 1.0 if state == "shown" else None, Value("–"), state=state)
        for state in states
    ]
    assert line_marks(cells, page) == ((texts("fi")(key),) if key else ())


def test_groups_are_not_offered_of_people_of_whom_no_file_tells() -> None:
    app = open_page("outcomes", period="2026-08")
    assert not app.error
    assert not [box for box in app.selectbox if box.key == "own_outcomes_group"]


@pytest.mark.parametrize(("period", "compares"), [("2026", False), ("2026-08", True)])
def test_the_rule_of_changes_stands_where_something_is_compared(period: str, *, compares: bool) -> None:
    t = texts("fi")
    assert (t("quality.how") in said(open_page("quality", period=period))) == compares
    app = open_page("compare", period=period)
    assert (t("compare.rule.title") in {one.label for one in app.expander}) == compares
    assert len(app.columns) == 0 or compares


def test_no_line_of_tiles_is_explained_where_there_is_none() -> None:
    begins = texts("fi")("overview.spark", first="|", last="|").split("|")[0]
    assert begins not in said(open_page("quality", period="2026-08")), (
        "of new clients and the like nothing is known for a year"
    )


def test_a_year_without_files_does_not_make_numbers_too_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, t = Store(tmp_path / "store"), texts("fi")
    for year in (2024, 2026):
        months = [*rows("Kokkola", year, list(range(1, 13))), *rows("Vaasa", year, list(range(1, 13)))]
        deliver(store, tmp_path / f"{year}.csv", [HEAD, *months], Wishes())
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    shown = said(open_page("compare", period="2026-Q3", metrics="clients,encounters"))
    assert t("figure.triangle.no_data") in shown
    assert t("compare.gaps") not in shown
