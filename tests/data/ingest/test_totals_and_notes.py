"""Totals, averages, headings and notes among the rows are no records; each is counted, and what is doubtful is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.report import notes_line
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load, visits, workbook

SUM = "SELECT count(*), sum(minutes)::INT FROM encounter"
NUMBERED = ["Tunnus", "Pvm", "Asiakas", "Kunta", "Aihe", "Kesto (min)"]
BARE = ["Pvm", "Kunta", "Aihe", "Kesto (min)"]
DATA: dict[str, Grid] = {
    "numbered": [
        [*row[:2], f"AS-{place + 1}", *row[2:]]
        for place, row in enumerate(visits(12, "id", "day", "place", "topic", "minutes"))
    ],
    "bare": visits(12, "day", "place", "topic", "minutes"),
}
TOTALS = (
    "Yhteensä", "YHTEENSÄ:", "Yht", "yht.", "Summa", "Summa summarum", "Kaikki", "Kaikki yhteensä", "Loppusumma", "Kokonaismäärä",
    "Totalt", "Mars totalt", "Sammanlagt", "Alla", "Total", "Grand Total", "Sum", "Σ", "All", "Total 2025", "Yhteensä 3/2025",
    "Yhteensä (kpl)", "Yhteensä tammikuu", "Maaliskuu yhteensä", "Maaliskuu", "Viikko 12", "Vuosi 2025 yhteensä", "Keskiarvo",
    "Mediaani", "Medelvärde", "Average", "Espoo yhteensä", "Koko kaupunki", "Lukumäärä", "Antal", "Count", None,
)  # fmt: skip
NOTES = (
    "Lähde: asiakastietojärjestelmä", "Tulostettu 3.11.2026", "Raportti ajettu 3.11.2025 klo 12:00", "Sivu 1/3",
    "Källa: kundregistret", "Utskrivet 3.11.2025", "Source: CRM", "Printed on 2025-11-03", "* sisältää myös puhelut",
    "Huom! Tiedot ovat alustavia", "Rivejä: 12", "12 riviä", "Luottamuksellinen",
    "© Espoon kaupunki", "Laatija: neuvontapalvelut", "1) ei sisällä chattia",
    "-- raportin loppu --", "Applied filters: Year is 2025", "Hakuehdot: 1.1.2025-31.12.2025", "Maaliskuu 2025", "Viikko 10",
    "-----",
)  # fmt: skip


def laid_out(kind: str, texts: tuple[str | None, ...], last: object) -> Grid:
    """The rows with a row of each text and perhaps a number between them and under them."""
    header = NUMBERED if kind == "numbered" else BARE
    grid: list[list[object]] = [list(header)]
    for place, text in enumerate(texts):
        grid += [list(row) for row in DATA[kind][place : place + 1]]
        grid.append([text, *[None] * (len(header) - 2), last])
    return grid


@pytest.mark.parametrize("kind", DATA)
def test_no_total_is_a_record_wherever_it_stands(kind: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, laid_out(kind, TOTALS, 450)))
    assert (asked(prepared), prepared.exit_code) == ([], 0)
    assert rows(store, SUM) == [(12, 450)]
    counts = prepared.files[0].counts
    assert (counts.read, counts.totals, counts.left_out) == (12 + len(TOTALS), len(TOTALS), 0)


@pytest.mark.parametrize("kind", DATA)
def test_headings_and_notes_are_no_records_and_said(kind: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid = [*laid_out(kind, NOTES, None), (NUMBERED if kind == "numbered" else BARE), ["Tulostettu:", "3.11.2025"]]
    width = len(grid[0])
    prepared = load(store, csv(tmp_path, [[*row, *[None] * (width - len(row))] for row in grid]))
    assert (asked(prepared), prepared.exit_code) == ([], 0)
    assert rows(store, SUM) == [(12, 450)]
    assert (prepared.files[0].counts.left_out, prepared.files[0].counts.totals) == (len(NOTES) + 2, 0)
    assert notes_line(prepared.files[0].parts[0], "fi").endswith(f"otsikko- ja selitysrivejä ohitettu {len(NOTES) + 2}")


def test_a_row_that_is_only_half_there_is_rejected_and_not_taken_for_a_note(tmp_path: Path) -> None:
    halves: Grid = [
        ["K90", *[None] * 5],
        ["K91", None, "AS-3", None, None, None],
        ["K92", "3.3.2025", None, None, None, 30],
    ]
    prepared = load(Store(tmp_path / "a"), csv(tmp_path, [NUMBERED, *DATA["numbered"], *halves]))
    assert (prepared.files[0].counts.rejected, prepared.files[0].counts.left_out) == (3, 0)
    bare: Grid = [["3.3.2025", None, None, None], ["4.3.2025", "Espoo", None, 30]]
    prepared = load(Store(tmp_path / "b"), csv(tmp_path, [BARE, *DATA["bare"], *bare]))
    assert (prepared.files[0].counts.rejected, prepared.files[0].counts.left_out) == (2, 0)


def test_a_row_of_all_places_and_all_topics_is_a_total_and_one_of_all_places_is_asked_about(tmp_path: Path) -> None:
    store = Store(tmp_path / "a")
    load(store, csv(tmp_path, [BARE, *DATA["bare"], ["31.3.2025", "Kaikki kunnat", "Kaikki aiheet", 450]]))
    assert rows(store, SUM) == [(12, 450)]
    path = csv(tmp_path, [BARE, *DATA["bare"], ["31.3.2025", "Koko kaupunki", "Työ", 60]])
    store = Store(tmp_path / "b")
    assert asked(load(store, path)) == [("totals", "Kunta")]
    load(store, path, totals="-")
    assert rows(store, SUM) == [(12, 450)]
    load(store, path, yes=True, totals="count")  # what place that is nobody knows
    assert rows(store, SUM) == [(13, 510)]


WHOLE = (
    "Yhteensä",
    "Yht",
    "Kaikki pisteet",
    "Koko kaupunki",
    "Koko Espoo",
    "Alla",
    "All offices",
    "Keskiarvo",
    "Sum",
    "Total 2025",
)
PLACES = (
    "Espoo", "Vantaa", "Helsinki", "Turku", "Tampere", "Oulu", "Lahti", "Kuopio", "Pori", "Vaasa", "Kotka", "Porvoo",
)  # fmt: skip


def test_no_place_is_called_all_of_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    notes: Grid = [["Lähde: Tilastokeskus", None, None], ["Tulostettu 3.11.2026", None, None]]
    staff: Grid = [["Palvelupiste", "Kuukausi", "Henkilötyövuodet"], ["Keskus", "2025-01", "2,5"],
                   ["Itä", "2025-01", "1,5"], *([text, "2025-01", "4"] for text in WHOLE), *notes]  # fmt: skip
    points: Grid = [["Palvelupisteen koodi", "Palvelupisteen nimi", "Kunta"], ["p1", "Keskus", "Espoo"],
                    *([text, text, "Espoo"] for text in WHOLE), *notes]  # fmt: skip
    cost: Grid = [["Kunta", "Palvelu", "Vuosi", "Nettokustannus (€)"],
                  *([place, "Ohjaus ja neuvonta", 2025, 1000] for place in PLACES),
                  *([text, "Ohjaus ja neuvonta", 2025, 2000] for text in WHOLE),
                  ["Lähde: tilinpäätös", None, None, None]]  # fmt: skip
    load(store, workbook(tmp_path, {"Henkilöstö": staff, "Toimipisteet": points, "Kustannukset": cost}), yes=True)
    assert rows(store, "SELECT count(*), sum(person_years) FROM staff") == [(2, 4.0)]
    assert rows(store, "SELECT count(*) FROM service_point WHERE delivery > 0") == [(1,)]
    assert rows(store, "SELECT count(*), sum(euros) FROM cost") == [(len(PLACES), 1000.0 * len(PLACES))]


@pytest.mark.parametrize("is_wide", [True, False])
def test_no_sum_of_languages_or_areas_is_a_population(is_wide: bool, tmp_path: Path) -> None:
    sums = (
        "Yhteensä",
        "Kaikki kielet",
        "Vieraskieliset",
        "Kotimaiset kielet",
        "Alla språk",
        "All languages",
        "KAIKKI KIELET YHTEENSÄ",
    )
    areas = (
        "KOKO MAA",
        "MANNER-SUOMI",
        "Uusimaa",
        "Uudenmaan maakunta",
        "Helsingin seutukunta",
        "Kaikki kunnat",
        "Hela landet",
    )
    cells = [
        ("Espoo", "arabia"),
        ("Vantaa", "somali"),
        *(("Espoo", text) for text in sums),
        *((text, "arabia") for text in areas),
    ]
    grid: Grid = [
        ["Alue", "Kieli", "Vuosi", "Väestö"],
        *([*pair, 2024, 100] for pair in cells),
        ["Lähde: Tilastokeskus", None, None, None],
    ]
    if is_wide:
        grid = [["Alue", "Kieli", "Väestö 2023", "Väestö 2024"], *([*pair, 90, 100] for pair in cells),
                ["Tilastokeskus, väestörakenne", None, None, None]]  # fmt: skip
    store = Store(tmp_path / "s")
    assert load(store, csv(tmp_path, grid)).exit_code == 0
    assert rows(store, "SELECT sum(residents)::INT FROM population WHERE year = 2024") == [(200,)]


def test_a_summary_beside_the_data_adds_nothing(tmp_path: Path) -> None:
    summaries: dict[str, Grid] = {
        "Yhteenveto": [["Kuukausi", "Kohtaamisia", "Asiakkaita"], ["Tammikuu", 12, 6], ["Helmikuu", 9, 4]],
        "Koonti": [["Aihe", "Kpl"], ["Työ", 4], ["Asuminen", 4]],
        "Pivot": [["Riviotsikot", "Määrä / Aihe"], ["Työ", 4], ["Asuminen", 4]],
        "Taul2": [["Kunta", "Tammi", "Helmi"], ["Espoo", 4, 3], ["Vantaa", 3, 2]],
    }
    store = Store(tmp_path / "s")
    prepared = load(store, workbook(tmp_path, {"Kohtaamiset": [NUMBERED, *DATA["numbered"]], **summaries}))
    assert (prepared.exit_code, rows(store, SUM)) == (0, [(12, 450)])
    assert [name for name, _ in prepared.files[0].skipped] == list(summaries)


def test_a_second_table_under_the_first_one_may_have_its_columns_in_another_order(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    second: Grid = [["Pvm", "Kieli", "Aihe"], *visits(6, "day", "tongue", "topic")]
    grid: Grid = [
        ["Kunta", "Aihe", "Kieli", "Pvm"],
        *([row[2], row[1], "thai", row[0]] for row in visits(12, "day", "topic", "place")),
        [None],
        ["Puhelut"],
        *second,
    ]
    prepared = load(store, workbook(tmp_path, {"Neuvonta": grid}))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    found = "SELECT language = 'th', municipality <> '000', count(*) FROM encounter GROUP BY ALL ORDER BY 1"
    assert rows(store, found) == [(False, False, 6), (True, True, 12)]
