"""Files whose evidence is thin, or that hold no records, are asked about or refused; nothing of them is published unasked."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.ingest.recognise.asking import question_key
from data.store.store import Store
from tests.data.ingest.imports import bytes_below, rows
from tests.data.ingest.shapes import Grid, asked, beside, csv, load, visits, workbook

PEOPLE = [("Virtanen", "Matti"), ("Hassan", "Amina"), ("Petrova", "Olga"), ("Nguyen", "Linh")]
TWO_DAYS = [f"{n % 28 + 1}.4.2025" for n in range(12)]


def table(header: str, *columns: str, count: int = 12) -> list[list[object]]:
    return [[*header.split(";")], *visits(count, *columns)]


def more(header: str, grid: Grid, *cells: list[object]) -> list[list[object]]:
    return [[*header.split(";")], *beside(grid, *cells)]


BASE = visits(12, "id", "day", "topic")
THIRD: list[object] = ["777" if n % 3 else f"A{n}" for n in range(60)]
OFTEN: list[object] = ["777" if n < 251 else f"A{n}" for n in range(6000)]
ASKED: dict[str, tuple[Grid, list[tuple[str, str]]]] = {
    "only the day of the one before": (
        table("Tunnus;Edellinen käyntipäivä;Aihe", "id", "day", "topic"), [("column", "Edellinen käyntipäivä")]
    ),
    "only the interpreter's language": (
        table("Tunnus;Pvm;Aihe;Tulkin kieli", "id", "day", "topic", "tongue"), [("column", "Tulkin kieli")]
    ),
    "the language of a spouse in parentheses": (
        table("Tunnus;Pvm;Aihe;Kieli (puolison)", "id", "day", "topic", "tongue"), [("column", "Kieli (puolison)")]
    ),
    "the language of an interpreter in Swedish": (
        table("Nummer;Datum;Ämne;Tolkens språk", "id", "day", "topic", "tongue"), [("column", "Tolkens språk")]
    ),
    "the municipality of a worker in English": (
        table("Record ID;Date;Topic;Staff member's home municipality", "id", "day", "topic", "place"),
        [("column", "Staff member's home municipality")],
    ),
    "two days alike": (
        more("Tunnus;Asiointipäivä;Aihe;Käyntipäivä", BASE, list(TWO_DAYS)), [("columns", "occurred_on")]
    ),
    "two languages alike": (
        more("Tunnus;Pvm;Aihe;Äidinkieli;Modersmål", visits(12, "id", "day", "topic", "tongue"), ["suomi"] * 12),
        [("columns", "language")],
    ),
    "the time of a form": (table("ID;Luotu;Aihe", "id", "day", "topic"), [("column", "Luotu")]),
    "a long header with a general word": (
        table("Tunnus;Pvm;Aihe;Kirjaa tähän kunta", "id", "day", "topic", "place"), [("column", "Kirjaa tähän kunta")]
    ),
    "a long header with one value": (
        more("Tunnus;Pvm;Aihe;Merkitse tähän äidinkieli", BASE, ["arabia"] * 12), [("column", "Merkitse tähän äidinkieli")]
    ),
    "a kind and a day of either table": (
        [["Asiakas", "Laji", "Alkoi"], *([f"A{n}", "Oppisopimus", f"{n + 1}.3.2025"] for n in range(8))], [("which_table", "")]
    ),
    "values alone, of two kinds": (
        more("Tunnus;Pvm;Aihe;Sarake X", BASE, ["Puhelin", "Chat"] * 6), [("column", "Sarake X")]
    ),
    "marks of nobody knows what": (
        [["Tunnus", "Pvm", "Työ", "Leimaus", "Asuminen"], *([*row, "x", "x", "x"] for row in visits(6, "id", "day"))],
        [("mark", "Leimaus")],
    ),
    "offices called services": (
        more("Tunnus;Pvm;Aihe;Palvelu", BASE, ["Kela", "Verotoimisto", "Poliisi"] * 4), [("which_table", "")]
    ),
    "a diary": (
        [["Päivä", "Asia"], *([f"{n + 1}.3.2025", f"muista kokous numero {n}"] for n in range(9))], [("table", "")]
    ),
    "places that may be people": (
        [["Nimi", "Kunta"], *([f"{last} {first}", "Espoo"] for last, first in PEOPLE)], [("place_list", "")]
    ),
    "places under general words": (
        [["Tunnus", "Nimi", "Kunta"], ["1", "Keskustan kirjasto", "Espoo"], ["2", "Itäkeskus", "Helsinki"]],
        [("place_list", "")],
    ),
    "counts by municipality and language": (
        [["Kunta", "Kieli", "Vuosi", "Lukumäärä"], ["Espoo", "arabia", 2024, 120], ["Vantaa", "somali", 2024, 90]],
        [("population", "")],
    ),
    "years across, not called population": (
        [["Kunta", "Kieli", "2023", "2024"], ["Espoo", "arabia", 110, 120], ["Vantaa", "somali", 80, 90]],
        [("population", "")],
    ),
    "one number for a third of the rows": (
        more("Tunnus;Pvm;Aihe;Asiakasnumero", visits(60, "id", "day", "topic"), THIRD),
        [("same_client", "Asiakasnumero")],
    ),
    "one number 251 times": (
        more("Tunnus;Pvm;Aihe;Asiakasnumero", visits(6000, "id", "day", "topic"), OFTEN),
        [("same_client", "Asiakasnumero")],
    ),
    "cancelled": (more("Tunnus;Pvm;Aihe;Tila", BASE, ["Toteutunut", "Peruutettu"] * 6), [("cancelled", "Tila")]),
    "no-show in English": (more("ID;Date;Topic;Status", BASE, ["Done", "No-show"] * 6), [("cancelled", "Status")]),
    "avbokad": (more("Nummer;Datum;Ämne;Status", BASE, ["Klar", "Avbokad", "Uteblev"] * 4), [("cancelled", "Status")]),
    "did not attend": (more("Tunnus;Pvm;Aihe;Saapui", BASE, ["Kyllä", "Ei"] * 6), [("cancelled", "Saapui")]),
    "channels by day and topic": (
        [["Päivä", "Aihe", "Puhelin", "Sähköposti"], ["1.3.2025", "Työ", 5, 2], ["2.3.2025", "Asuminen", 3, 4]],
        [("counts_channels", "Puhelin, Sähköposti")],
    ),
    "heads": (more("Tunnus;Pvm;Aihe;Henkilömäärä", BASE, [1, 12] * 6), [("heads", "Henkilömäärä")]),
    "antal personer": (more("Nummer;Datum;Ämne;Antal personer", BASE, [1, 3] * 6), [("heads", "Antal personer")]),
    "osallistujia": (more("Tunnus;Pvm;Aihe;Osallistujia", BASE, [2, 3] * 6), [("heads", "Osallistujia")]),
    "counts per row": (more("Pvm;Aihe;Kpl", visits(12, "day", "topic"), [4, 5] * 6), [("counts", "Kpl")]),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_it_is_asked_and_nothing_is_published(name: str, tmp_path: Path) -> None:
    grid, questions = ASKED[name]
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, grid))
    assert asked(prepared) == questions
    assert (prepared.exit_code, store.current()) == (4, None)


REFUSED: dict[str, tuple[Grid, str]] = {
    "first and last names": ([["Etunimi", "Sukunimi", "Kotikunta"], *([f, s, "Espoo"] for s, f in PEOPLE)], "people_list"),
    "names with client numbers": (
        [["Asiakasnumero", "Nimi", "Kunta"], *([n, f"{s} {f}", "Espoo"] for n, (s, f) in enumerate(PEOPLE))], "people_list"
    ),
    "names with birthdays": (
        [["Tunnus", "Nimi", "Kunta", "Syntymäaika"], *([n, f"{s} {f}", "Espoo", "1.1.1980"] for n, (s, f) in enumerate(PEOPLE))],
        "people_list",
    ),
    "names in Swedish": ([["Kundnummer", "Namn"], *([n, f"{f} {s}"] for n, (s, f) in enumerate(PEOPLE))], "people_list"),
    "topics by month": (
        [["Aihe", "Tammikuu", "Helmikuu", "Yhteensä"], ["Työ", 12, 9, 21], ["Asuminen", 3, 5, 8]], "pivot"
    ),
    "languages by municipality": ([["Kunta", "arabia", "somali"], ["Espoo", 12, 9], ["Vantaa", 3, 5]], "pivot"),
    "channels by day": ([["Päivä", "Puhelin", "Sähköposti"], ["1.3.2025", 5, 2], ["2.3.2025", 3, 4]], "pivot"),
    "places by day": ([["Neuvontapiste", "1.4.", "2.4."], ["Iso Omena", 12, 9], ["Sello", 3, 5]], "pivot"),
    "topics by day": ([["Aihe", "2025-04-01", "2025-04-02"], ["Työ", 12, 9], ["Asuminen", 3, 5]], "pivot"),
    "a pivot table of Excel": ([["Riviotsikot", "Määrä / Aihe"], ["Työ", 12], ["Asuminen", 3]], "pivot"),
    "a pivot table in English": ([["Row Labels", "Count of Topic"], ["Work", 12], ["Housing", 3]], "pivot"),
    "labels and numbers": ([["Otsake", "Arvo"], ["Kohtaamisia", 120], ["Asiakkaita", 75]], "summary"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_words_and_no_cell_of_it_is_kept(name: str, tmp_path: Path) -> None:
    grid, reason = REFUSED[name]
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, grid), yes=True)
    assert (prepared.files[0].refused, prepared.exit_code, store.current()) == (reason, 2, None)
    assert not [text for text in ("Virtanen", "Amina") if text in str(prepared)]


@pytest.mark.parametrize("name", ["places that may be people", "counts by municipality and language", "a diary"])
def test_the_safe_default_leaves_a_doubtful_sheet_out(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, ASKED[name][0]), yes=True)
    assert (prepared.files[0].refused, prepared.exit_code, store.current()) == ("left_out", 2, None)


def test_a_doubtful_sheet_is_taken_when_the_steward_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    assert load(store, csv(tmp_path, ASKED["places under general words"][0], "a.csv"), place_list="take").exit_code == 0
    assert (
        load(
            store, csv(tmp_path, ASKED["counts by municipality and language"][0], "b.csv"), population="take"
        ).exit_code
        == 0
    )
    assert rows(store, "SELECT code, name_fi FROM service_point ORDER BY 1") == [
        ("1", "Keskustan kirjasto"),
        ("2", "Itäkeskus"),
    ]
    assert rows(store, "SELECT sum(residents)::INT FROM population") == [(210,)]


def test_names_beside_encounters_are_left_out_by_name_of_the_column(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    names = [f"{PEOPLE[n % 4][0]} {PEOPLE[n % 4][1]}" for n in range(12)]
    path = csv(
        tmp_path,
        more(
            "Tunnus;Pvm;Aihe;Asiakasnumero;Sukunimi ja etunimi", visits(12, "id", "day", "topic", "client"), list(names)
        ),
    )
    prepared = load(store, path)
    assert prepared.exit_code == 0
    assert [(one.header, one.reason) for one in prepared.files[0].parts[0].ignored] == [
        ("Sukunimi ja etunimi", "names")
    ]
    assert not [content for content in bytes_below(store.path) if b"Virtanen" in content]


SMALL: dict[str, Grid] = {
    "staff": [["Palvelupiste", "Kuukausi", "Henkilötyövuodet"], *([f"Piste {n}", "2025-01", n + 1] for n in range(8))],
    "cost": [["Kunta", "Palvelu", "Vuosi", "Nettokustannus (€)"],
             *([place, "Ohjaus ja neuvonta", 2025, 1000] for place in ("Espoo", "Vantaa", "Helsinki", "Turku", "Tampere"))],
    "population": [["Alue", "Kieli", "Vuosi", "Väestö"],
                   *(["Espoo", tongue, 2024, 100] for tongue in ("arabia", "somali", "venäjä", "persia", "kurdi"))],
    "service_point": [["Palvelupisteen koodi", "Palvelupisteen nimi", "Kunta"],
                      *([f"p{n}", f"Piste {n}", "Espoo"] for n in range(8))],
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_a_file_that_shrinks_a_small_table_is_asked_about(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    whole, part = csv(tmp_path, SMALL[name], "a.csv"), csv(tmp_path, SMALL[name][:-2], "b.csv")
    count = len(SMALL[name]) - 1
    assert load(store, whole).exit_code == 0
    assert not load(store, whole).changes
    assert asked(load(store, part)) == [("shrinks", "")]
    load(store, part, yes=True)
    assert rows(store, f"SELECT count(*) FROM {name}") == [(count,)]
    assert load(store, part, shrinks="remove").exit_code == 0
    assert rows(store, f"SELECT count(*) FROM {name}") == [(count - 2,)]


def test_the_question_of_a_number_for_everybody_does_not_say_the_number(tmp_path: Path) -> None:
    grid, _ = ASKED["one number for a third of the rows"]
    prepared = load(Store(tmp_path / "s"), csv(tmp_path, grid))
    assert "777" not in str(prepared.open_questions)


def test_what_the_steward_says_of_a_column_goes_before_everything(tmp_path: Path) -> None:
    """Whatever its header, its rank, and whether it was asked about."""
    grid = more(
        "Tunnus;Pvm;Aihe;Äidinkieli;Kieli;Outo",
        visits(12, "id", "day", "topic", "tongue"),
        ["suomi"] * 12,
        ["Espoo"] * 12,
    )
    path = csv(tmp_path, grid)
    store = Store(tmp_path / "s")
    prepared = _answered(store, path, {"Kieli": "language", "Äidinkieli": "-", "Outo": "municipality"})
    assert prepared.exit_code == 0
    assert rows(store, "SELECT DISTINCT language::VARCHAR, municipality::VARCHAR FROM encounter") == [("fi", "049")]
    assert ("Äidinkieli", "answered") in [(one.header, one.reason) for one in prepared.files[0].parts[0].ignored]
    # Kept with the source: the next file of the shape is read the same way.
    later = [[f"Z{n}", str(day).replace(".3.", ".4."), *rest] for n, (_, day, *rest) in enumerate(grid[1:])]
    again = load(store, csv(tmp_path, [grid[0], *later], "b.csv"))
    assert (again.exit_code, again.files[0].counts.loaded) == (0, 12)
    assert rows(store, "SELECT DISTINCT language::VARCHAR, municipality::VARCHAR FROM encounter") == [("fi", "049")]


def _answered(store: Store, path: Path, columns: dict[str, str]) -> Prepared:
    said = {question_key("column", "encounter", header): answer for header, answer in columns.items()}
    return publish(prepare([path], store, wishes=Wishes(answers=Answers(said))), store, "test")[0]


def test_a_summary_sheet_is_skipped_with_words(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    sheets: dict[str, Grid] = {
        "Data": table("Tunnus;Pvm;Aihe", "id", "day", "topic"),
        "Yhteenveto": [["Kuukausi", "Määrä"], ["Tammi", 12]],
    }
    prepared = load(store, workbook(tmp_path, sheets))
    assert [(name, none.reason) for name, none in prepared.files[0].skipped] == [("Yhteenveto", "summary")]


def test_the_order_of_columns_never_decides(tmp_path: Path) -> None:
    header = ("Kieli", "Äidinkieli", "Kunta", "Kotikunta", "Pvm", "Aihe")
    cells = dict(zip(header, (["suomi"] * 12, "tongue", ["Turku"] * 12, "place", "day", "topic"), strict=True))
    found = set()
    for number, order in enumerate(itertools.islice(itertools.permutations(header), 0, 720, 103)):
        columns = [
            cells[name] if isinstance(cells[name], list) else [row[0] for row in visits(12, str(cells[name]))]
            for name in order
        ]
        store = Store(tmp_path / f"s{number}")
        load(store, csv(tmp_path, [list(order), *zip(*columns, strict=True)], f"{number}.csv"))
        found.add(
            tuple(
                rows(
                    store,
                    "SELECT language::VARCHAR, served_in::VARCHAR, municipality::VARCHAR FROM encounter ORDER BY ALL",
                )
            )
        )
    assert len(found) == 1
