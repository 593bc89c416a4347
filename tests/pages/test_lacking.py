"""What files lack of a period is said on every page and slide that shows a figure of it, also where its chart is longer."""

from __future__ import annotations

from datetime import date

import pytest

from data.codes import employment_area_of
from data.store.store import Store
from data.texts import texts
from metrics.ask import ask, ask_change
from metrics.briefings.freezing import Answered, freeze
from metrics.briefings.slide import Slide
from metrics.grammar.question import Question
from pages.briefings import footnotes
from tests.pages.drawn import open_page, said
from tests.pages.without_months import lacking

__all__ = ["lacking"]

T = texts("fi")
LACKS = "Tiedoista puuttuu: asioinnit (Vaasa, huhti–toukokuu 2026)."


@pytest.fixture(autouse=True)
def _served(lacking: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(lacking.path))


@pytest.mark.parametrize("page", ["demand", "overview", "compare"])
def test_a_page_says_which_municipality_lacks(page: str) -> None:
    assert LACKS in said(open_page(page, period="2026-Q2"))
    assert "Tiedoista puuttuu" not in said(open_page(page, period="2025-Q2"))


def test_a_chart_of_a_year_says_what_the_year_lacks() -> None:
    assert LACKS in said(open_page("overview", period="2026-07"))


def test_figures_that_are_not_compared_are_said_whether_or_not_the_data_end() -> None:
    assert T("overview.changes.not_compared") in said(open_page("overview", period="2026-Q2"))


def test_a_region_without_a_file_is_no_small_one(lacking: Store) -> None:
    found = ask(Question(("clients",), ("region",), (), "2026-04"), lacking).rows
    assert {row.codes["region"]: row.state for row in found} == {"15": "no_data", "16": "shown"}
    area = ask(Question(("clients",), (), (("employment_area", (employment_area_of("905"),)),), "2026-04"), lacking)
    assert [row.state for row in area.rows] == ["no_data"]


def test_what_is_recorded_for_a_part_of_a_period_is_not_compared(lacking: Store) -> None:
    def ways(**asked: str) -> dict[str, str | None]:
        question = Question(("encounters",), ("sex",), (("municipality", (asked["place"],)),), asked["period"])
        return {row.now.codes["sex"]: row.way for row in ask_change(question, "year", lacking).rows}

    # January and February lack the sex: there would be half as many women as the year before.
    assert ways(place="272", period="2026-Q1")["female"] is None
    assert ways(place="272", period="2026-Q2")["female"] is not None


def test_a_slide_says_what_its_period_lacks_and_keeps_it(lacking: Store) -> None:
    slides = [
        Slide(metric="clients", kind="bars", by=("sex",), period="2026-ytd-06"),
        Slide(metric="clients", kind="number", period="2025"),
    ]
    frozen = freeze(slides, lacking)
    kept = [Answered.model_validate_json(one.model_dump_json()) for one in frozen.slides]
    for answered in (frozen.slides[0], kept[0]):
        (fact,) = footnotes.split([answered], frozen, T)[1][2:]
        assert fact.startswith(LACKS)
        assert "sukupuoli (Kokkola, tammi–helmikuu 2026)" in fact
    assert len(footnotes.split([kept[1]], frozen, T)[1]) == len(footnotes.split([kept[0]], frozen, T)[1]) - 1
    assert date(2026, 4, 1) in dict(kept[0].lacking.tables)["encounter"]["905"]
