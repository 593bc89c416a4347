"""Days without a year: the year is the one that the file says of itself, or it is asked; nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from data import clock
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load, workbook

DAYS = "SELECT occurred_on::VARCHAR FROM encounter ORDER BY 1"


def grid(*days: object, head: str = "Pvm", sv: bool = False, above: Sequence[str] = ()) -> Grid:
    header = [head, *(("Språk", "Ärende") if sv else ("Kieli", "Aihe"))]
    words = ("arabiska", "Arbete") if sv else ("arabia", "Työ")
    return [*([one] for one in above), header, *([day, *words] for day in days)]


CLEAR = {
    "in the name of the file": ("kaynnit_2025.csv", "", grid("3.4.", "31.12."), "2025-04-03", "2025-12-31"),
    "a month of it": ("kävijät 4-2025.csv", "", grid("3.4", "4.4"), "2025-04-03", "2025-04-04"),
    "of the sheet": ("a.xlsx", "Kevät 2025", grid("3.4.", "ti 4.4. klo 9.30"), "2025-04-03", "2025-04-04"),
    "above the table": ("a.xlsx", "T", grid("3.4.", "4.4.", above=["Neuvonta vuonna 2025", ""]), "2025-04-03", "2025-04-04"),
    "in the header": ("a.csv", "", grid("3.4.", "4.4.", head="Päivämäärä (2025)"), "2025-04-03", "2025-04-04"),
    "by name": ("2025.csv", "", grid("3. huhtikuuta", "4. maalis"), "2025-03-04", "2025-04-03"),
    "in Swedish": ("besök 2025.csv", "", grid("3 april", "den 4 april", head="Datum", sv=True), "2025-04-03", "2025-04-04"),
    "in Swedish, a sheet": ("a.xlsx", "2025", grid("25/4", "3/4", head="Besöksdatum", sv=True), "2025-04-03", "2025-04-25"),
    "over New Year": ("a.xlsx", "T", grid("3.10.", "4.1.", above=["1.10.2024–31.3.2025", ""]), "2024-10-03", "2025-01-04"),
    "the sheet of a file of two": ("2024-2025.xlsx", "2025", grid("3.4.", "4.4."), "2025-04-03", "2025-04-04"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEAR)
def test_a_year_that_the_file_says_is_taken_and_told(name: str, tmp_path: Path) -> None:
    file, sheet, cells, *days = CLEAR[name]
    path = workbook(tmp_path, {sheet: cells}, name=file) if sheet else csv(tmp_path, cells, name=file)
    store = Store(tmp_path / "s")
    prepared = load(store, path)
    assert (asked(prepared), rows(store, DAYS)) == ([], [(day,) for day in days])
    assert any(note.startswith("year_added:") for note in prepared.files[0].parts[0].notes)


OPEN = {
    "no year anywhere": ("kaynnit.csv", "", grid("3.4.", "4.4."), 4),
    "the day of the export": ("export_20250105.csv", "", grid("20.12.", "21.12."), 4),
    "two years": ("kaynnit 2024-2025.csv", "", grid("3.4.", "4.4."), 2),
    "names that contradict each other": ("besök 2023.xlsx", "2025", grid("3 april", head="Datum", sv=True), 2),
    "outside what is said": ("a.xlsx", "T", grid("3.9.", above=["1.10.2024–31.3.2025", ""]), 2),
    "days to come": (f"{clock.today().year + 1}.csv", "", grid("3.4."), 1),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_else_the_year_is_asked_and_none_is_taken_unasked(name: str, tmp_path: Path) -> None:
    file, sheet, cells, years = OPEN[name]
    path = workbook(tmp_path, {sheet: cells}, name=file) if sheet else csv(tmp_path, cells, name=file)
    store = Store(tmp_path / "s")
    prepared = load(store, path)
    assert ([kind for kind, _ in asked(prepared)], store.current()) == (["year"], None)
    assert len(prepared.open_questions[0].question.options) == years + 1
    assert load(store, path, yes=True).files[0].counts.loaded == 0


def test_the_answer_holds_for_this_file_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, grid("3.4.", "4.4."), name="a.csv"), year="2025")
    assert rows(store, DAYS) == [("2025-04-03",), ("2025-04-04",)]
    assert [kind for kind, _ in asked(load(store, csv(tmp_path, grid("5.4."), name="b.csv")))] == ["year"]


def test_the_period_of_the_import_goes_before_what_the_file_says(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    wishes = Wishes(covers=(date(2024, 7, 1), date(2025, 6, 30)))
    publish(prepare([csv(tmp_path, grid("3.4.", "4.9."), name="2023.csv")], store, wishes=wishes), store, "test")
    assert rows(store, DAYS) == [("2024-09-04",), ("2025-04-03",)]


def test_the_order_of_day_and_month_is_asked_as_ever(tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), csv(tmp_path, grid("03/04", "05/04"), name="2025.csv"))
    assert [kind for kind, _ in asked(prepared)] == ["date_order"]


def test_numbers_of_a_spreadsheet_are_no_days(tmp_path: Path) -> None:
    """3.1 may be the 3rd of January, or of October without its zero."""
    prepared = load(Store(tmp_path / "s"), workbook(tmp_path, {"2025": grid(3.1, 4.2)}))
    assert (prepared.files[0].counts.loaded, prepared.files[0].counts.rejected) == (0, 2)


@pytest.mark.parametrize("text", ["Sivu 1/3", "Viikko 10", "vko 3", "Rivejä 12", "3 asiakasta"])
def test_a_note_under_the_days_is_no_day(text: str, tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), csv(tmp_path, [*grid("3.4.2025", "4.4.2025"), [text, None, None]]))
    assert asked(prepared) == []


def test_a_day_of_another_time_gets_no_year(tmp_path: Path) -> None:
    """The appointment of a visit in January was made in December."""
    cells = [["Pvm", "Ajanvaraus pvm", "Aihe"], ["3.1.", "20.12.", "Työ"]]
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, cells, name="2025.csv"), yes=True)
    assert rows(store, "SELECT occurred_on::VARCHAR, requested_on FROM encounter") == [("2025-01-03", None)]


@pytest.mark.parametrize("title", [["Vuosi", "2025"], ["Vuosi:", "2025", "Yksikkö", "Neuvonta"], ["År", "2025"]])
@pytest.mark.parametrize("columns", [2, 3, 5])
def test_a_year_in_a_title_of_several_cells_is_the_days_year(title: list[str], columns: int, tmp_path: Path) -> None:
    """However narrow the table is, and without being the name of a group of its columns."""
    head = ["Pvm", "Aihe", "Kieli", "Kunta", "Kesto min"][:columns]
    body = [[f"{day}.4.", "Työ", "somali", "Espoo", "20"][:columns] for day in (3, 4, 7)]
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, [[*title, *[None] * (columns - len(title))], head, *body]))
    found = rows(store, "SELECT occurred_on::VARCHAR, language, municipality FROM encounter ORDER BY 1")
    told = ("so" if columns > 2 else "und", "049" if columns > 3 else "000")
    assert found == [(f"2025-04-0{day}", *told) for day in (3, 4, 7)]
