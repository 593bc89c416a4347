"""What files lack of a period is said on every page and slide that shows a figure of it, also where its chart is longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data.codes import employment_area_of
from data.ingest.batch import Wishes
from data.steward.targets_and_notes import Ledger
from data.store.store import Store
from data.texts import texts
from metrics.ask import ask, ask_change
from metrics.briefings.freezing import Answered, freeze
from metrics.briefings.slide import Slide
from metrics.grammar.question import Question
from metrics.model.definition import definitions, value_limits
from pages.briefings import footnotes, pictures
from pages.figures.lacking_marks import in_names
from pages.view.points import DataPoint
from pages.view.values import Value
from tests.metrics.measures.delivering import deliver
from tests.pages.drawn import charts, open_page, said, sent_rows, tables
from tests.pages.without_months import HEAD, lacking, rows

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


MARKED = {"2026-04", "2026-05"}


@pytest.mark.parametrize("page", ["demand", "overview"])
def test_points_of_months_that_lack_are_marked_and_named_in_the_table(page: str) -> None:
    drawn = open_page(page, period="2026-ytd-08")
    rows = [row for chart in charts(drawn) for row in sent_rows(chart) if row.get("lacks") and "Vaasa" in row["lacks"]]
    assert {row["x"][-2:] for row in rows} == {month[-2:] for month in MARKED}
    assert T("figure.hollow") in said(drawn)
    assert any(T("table.lacks") in table and "asioinnit (Vaasa, huhtikuu 2026)" in table for table in tables(drawn))
    whole = open_page(page, period="2025")
    assert not [row for chart in charts(whole) for row in sent_rows(chart) if row.get("lacks")]
    assert T("figure.hollow") not in said(whole)


def test_lines_of_areas_are_marked_where_one_of_them_lacks() -> None:
    drawn = open_page("compare", period="2026-ytd-08", metrics="clients", areas="all,905,272", step="quarter")
    rows = [row for chart in charts(drawn) for row in sent_rows(chart) if row.get("lacks")]
    of_map = [row for row in rows if row["x"] == "905"]
    assert of_map
    assert all(row["text"].endswith(" *") for row in of_map)
    assert {row["x"] for row in rows} == {"2026-Q2", "905"}
    assert {row["lacks"] for row in rows if row["series"] == "905"} == {"asioinnit (huhti–toukokuu 2026)"}
    assert not [row for row in rows if row["series"] == "272"]
    assert T("figure.hollow") in said(drawn)


def test_what_nobody_has_recorded_is_not_said_to_stand_on_few() -> None:
    drawn = open_page(
        "compare", period="2026-ytd-08", metrics="understood_language_share", areas="905,272", step="quarter"
    )
    assert T("state.note.not_recorded") in said(drawn)
    assert T("compare.left_out", names="|", count=80).split("|")[0] not in said(drawn)


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
        told = footnotes.split([answered], frozen, T).lacking
        assert told.startswith(LACKS)
        assert "sukupuoli (Kokkola, tammi–helmikuu 2026)" in told
    assert not footnotes.split([kept[1]], frozen, T).lacking
    assert date(2026, 4, 1) in dict(kept[0].lacking.tables)["encounter"]["905"]


def test_points_of_a_slide_are_marked_and_named_in_its_table(lacking: Store) -> None:
    slides = [Slide(metric="clients", kind="lines", by=(), each="month", period="2026-ytd-08")]
    (answered,) = freeze(slides, lacking).slides
    drawn = pictures.picture(answered, answered.rows, T, {})
    assert drawn is not None
    assert {row["x"] for row in drawn.chart.rows["rows"] if row.get("lacks")} == MARKED
    assert T("figure.hollow") in drawn.notes
    assert [line[-1] for line in drawn.table.rows if line[-1] != "–"] == [
        "asioinnit (Vaasa, huhtikuu 2026)", "asioinnit (Vaasa, toukokuu 2026)",
    ]  # fmt: skip


def test_bars_of_places_that_lack_have_a_star_on_pages_and_slides(lacking: Store) -> None:
    slides = [Slide(metric="clients", kind="bars", by=("municipality",), period="2026-Q2")]
    (answered,) = freeze(slides, lacking).slides
    drawn = pictures.picture(answered, answered.rows, T, {})
    assert drawn is not None
    starred = {row["x"] for row in drawn.chart.rows["rows"] if row["text"].endswith(" *")}
    assert starred == {"905"}
    assert T("figure.star") in drawn.notes
    assert drawn.table.header[-1] == T("table.lacks")
    page = open_page("demand", period="2026-Q2", tab="places")
    told = {row["x"]: row["text"] for chart in charts(page) for row in sent_rows(chart) if row["series"] == "clients"}
    assert told["905"].endswith(" *")
    assert not told["272"].endswith(" *")
    assert T("figure.star") in said(page)
    assert any(T("table.lacks") in table and "huhti–toukokuu 2026" in table for table in tables(page))


def test_a_number_of_a_year_that_lacks_is_neither_above_its_target_nor_below_it(tmp_path: Path) -> None:
    """Espoo has no file of April 2025; the target of the year is beyond the rest and may be within the whole."""
    store = Store(tmp_path / "store")
    for number, months in enumerate(([1, 2, 3], [5, 6, 7, 8, 9, 10, 11, 12])):
        lines = [HEAD, *rows("Espoo", 2025, months)]
        deliver(store, tmp_path / f"{number}.csv", lines, Wishes(source="Espoo"))
    Ledger.of(store.path).set_target("clients", 2025, 300, known=value_limits())
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TILANNEKUVA_STORE", str(store.path))
        tiles = {one.label: one.delta for one in open_page("overview", period="2025", against="target").metric}
    assert tiles[T("key.clients")].replace("\u00a0", " ") == "Tavoite vuodelle 2025: 300 asiakasta"


def test_a_table_of_metrics_says_which_field_no_file_has() -> None:
    """The files have no column of minutes."""
    duration = definitions()["minutes_median"].name["fi"]
    assert T("state.fields_lack", names=duration, fields=T("field.minutes")) in said(open_page("demand", period="2025"))


def test_a_place_that_lacks_has_a_star_after_its_name_in_a_heat_map() -> None:
    whole = [DataPoint("272", "Kokkola", one, one, 5.0, Value("5", 5)) for one in ("ar", "so")]
    parts = [DataPoint("905", "Vaasa", one, one, 5.0, Value("5", 5), lacks="asioinnit") for one in ("ar", "so")]
    assert [cell.x_label for cell in in_names([*whole, *parts])] == ["Kokkola", "Kokkola", "Vaasa*", "Vaasa*"]
    assert {cell.series_label for cell in in_names([*whole, *parts])} == {"ar", "so"}
    assert [cell.x_label for cell in in_names([*whole, replace(parts[0], lacks="")])] == ["Kokkola", "Kokkola", "Vaasa"]


def test_a_year_before_of_which_there_are_no_data_is_no_line() -> None:
    """Data begin with 2025."""
    for year, title in (
        (2025, T("overview.monthly.year", year=2025)),
        (2026, T("overview.monthly", year=2026, before=2025)),
    ):
        page = open_page("overview", period=str(year))
        assert title in said(page)
        drawn = {
            row["series"]
            for chart in charts(page)
            for row in sent_rows(chart)
            if row.get("series") in {"2024", "2025", "2026"}
        }
        assert "2024" not in drawn, year
        assert ("2025" in drawn) == (year == 2026), year
