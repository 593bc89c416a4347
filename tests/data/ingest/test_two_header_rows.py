"""Headers of two rows: the upper one decides what a word of the lower one means, however the file holds it."""

from pathlib import Path

import pytest

from data.ingest.question_words import option_text, question_text
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load, visits, workbook

LOWER: list[object] = ["Nro", "Pvm", "Kieli", "Kunta", "Kieli", "Paikka", "Aihe"]
BODY: list[list[object]] = [
    [*row, ("suomi", "englanti", "ruotsi")[place % 3], ("Itäkeskus", "Malmi")[place % 2], ("Työ", "Asuminen")[place % 2]]
    for place, row in enumerate(visits(12, "id", "day", "tongue", "place"))
]  # fmt: skip
BY_ROW = (
    "SELECT occurred_on::VARCHAR, language::VARCHAR, served_in::VARCHAR, municipality::VARCHAR, service_point "
    "FROM encounter ORDER BY occurred_on LIMIT 2"
)
RIGHT = [("2025-03-01", "ar", "fi", "049", "itakeskus"), ("2025-03-02", "so", "en", "092", "malmi")]

UPPER: dict[str, list[object]] = {
    "every column": ["Käynti", "Käynti", "Asiakas", "Asiakas", "Palvelu", "Palvelu", "Palvelu"],
    "the first of each group": ["Käynti", None, "Asiakas", None, "Palvelu", None, None],
    "no group at the left": [None, None, "Asiakas", None, "Palvelu", None, None],
    "columns of their own": ["Nro", "Pvm", "Asiakas", "Asiakas", "Palvelu", "Palvelu", "Aihe"],
    "columns of their own, the first of each": ["Nro", "Pvm", "Asiakas", None, "Palvelu", None, "Aihe"],
    "details": ["Käynnin tiedot", None, "Asiakkaan tiedot", None, "Asioinnin tiedot", None, None],
    "a meeting": [None, None, "Kävijä", None, "Kohtaaminen", None, None],
    "a visit of guidance": [None, None, "Asiakkaan taustatiedot", None, "Neuvonta", None, None],
    "in Swedish": ["Besök", None, "Kund", None, "Tjänst", None, None],
    "in Swedish, details": ["Besök", None, "Klientens uppgifter", None, "Besökets uppgifter", None, None],
    "in English": ["Visit", None, "Client", None, "Service", None, None],
    "in English, details": ["Visit", None, "Client details", None, "Contact information", None, None],
}


@pytest.mark.parametrize("name", UPPER)
def test_the_upper_row_tells_whose_language_it_is(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, [UPPER[name], LOWER, *BODY]))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert rows(store, BY_ROW) == RIGHT


@pytest.mark.parametrize("merged", [("A1:B1", "C1:D1", "E1:G1"), ()])
def test_a_workbook_with_and_without_merged_cells(merged: tuple[str, ...], tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = workbook(tmp_path, {"Kohtaamiset": [UPPER["the first of each group"], LOWER, *BODY]}, merged)
    assert load(store, path).exit_code == 0
    assert rows(store, BY_ROW) == RIGHT


def test_a_workbook_with_columns_merged_over_both_rows(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid: Grid = [
        UPPER["columns of their own, the first of each"],
        [None, None, "Kieli", "Kunta", "Kieli", "Paikka", None],
        *BODY,
    ]
    path = workbook(tmp_path, {"Kohtaamiset": grid}, ("A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2"))
    assert load(store, path).exit_code == 0
    assert rows(store, BY_ROW) == RIGHT


@pytest.mark.parametrize(
    "merged",
    [
        ("A1:A2", "B1:B2", "C1:D1", "E1:F1"),
        ("A1:A2", "C1:D1", "E1:F1"),
        ("B1:B2", "C1:D1", "G1:G2"),
        ("C1:D1", "E1:F1"),
        (),
    ],
)
def test_a_column_that_the_upper_row_alone_names_keeps_its_name(merged: tuple[str, ...], tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid: Grid = [
        UPPER["columns of their own, the first of each"],
        [None, None, "Kieli", "Kunta", "Kieli", "Paikka", None],
        *BODY,
    ]
    prepared = load(store, workbook(tmp_path, {"Kohtaamiset": grid}, merged))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert rows(store, BY_ROW) == RIGHT


def test_a_column_named_above_a_header_that_is_nearly_full_keeps_its_name(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    upper = [None, None, "Asiakas", None, "Palvelu", None, "Aihe"]
    path = csv(tmp_path, [["Raportti"], upper, [*LOWER[:-1], None], *BODY])
    assert load(store, path).exit_code == 0
    assert rows(store, BY_ROW) == RIGHT


@pytest.mark.parametrize("order", [(0, 1, 4, 5, 2, 3, 6), (2, 3, 4, 5, 1, 6, 0), (6, 5, 4, 3, 2, 1, 0)])
def test_the_order_of_the_groups_never_decides(order: tuple[int, ...], tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    grid: Grid = [[row[place] for place in order] for row in (UPPER["every column"], LOWER, *BODY)]
    assert load(store, csv(tmp_path, grid)).exit_code == 0
    assert rows(store, BY_ROW) == RIGHT


def test_the_municipality_of_an_office_is_not_the_clients(tmp_path: Path) -> None:
    upper = ["Käynti", None, None, "Toimipiste", None]
    lower = ["Nro", "Pvm", "Aihe", "Kunta", "Nimi"]
    body = [[*row, "Turku", "Itäkeskus"] for row in visits(12, "id", "day", "topic")]
    store = Store(tmp_path / "s")
    path = csv(tmp_path, [upper, lower, *body])
    assert asked(load(store, path)) == [("column", "Kunta")]
    load(store, path, yes=True)
    assert rows(store, "SELECT DISTINCT municipality::VARCHAR, service_point FROM encounter") == [("000", "itakeskus")]


def test_starts_and_ends_of_an_enrolment(tmp_path: Path) -> None:
    upper = ["Asiakas", None, "Keskus", "Alku", None, "Loppu", None, None]
    lower = ["Nro", "Kieli", "Kunta", "Pvm", "Taso", "Pvm", "Taso", "Syy"]
    body = [
        [f"A{n}", "arabia", "Espoo", f"{n + 1}.1.2025", "A1.1", f"{n + 1}.6.2025", "B1.1", "Muutto"] for n in range(12)
    ]
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, [upper, lower, *body]))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    query = (
        "SELECT centre::VARCHAR, municipality::VARCHAR, language::VARCHAR, min(started_on)::VARCHAR, min(ended_on)::VARCHAR, "
        "language_level_start::VARCHAR, language_level_end::VARCHAR FROM enrolment GROUP BY ALL"
    )
    assert rows(store, query) == [("049", "000", "ar", "2025-01-01", "2025-06-01", "a1_1", "b1_1")]


def test_senders_and_receivers_of_a_referral(tmp_path: Path) -> None:
    upper = ["Ohjaus", None, "Asiakas", "Lähettäjä", "Vastaanottaja", None, "Tila", None]
    lower = ["Nro", "Pvm", "Nro", "Palvelu", "Palvelu", "Aloitus", "Tila", "Pvm"]
    body = [
        [f"R{n}", f"{n + 1}.1.2025", f"A{n}", "Kela", "TE-toimisto", "1.2.2025", "Palvelu alkoi", "2.2.2025"]
        for n in range(12)
    ]
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, [upper, lower, *body]))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    query = (
        "SELECT from_service::VARCHAR, to_service::VARCHAR, min(referred_on)::VARCHAR, started_on::VARCHAR, status_on::VARCHAR, "
        "count(DISTINCT client) FROM referral GROUP BY ALL"
    )
    assert rows(store, query) == [("kela", "employment_services", "2025-01-01", "2025-02-01", "2025-02-02", 12)]


TWO_ALIKE: dict[str, Grid] = {
    "groups that say nothing": [[None, None, "B-osa", None, "C-osa", None, None], LOWER, *BODY],
    "no groups": [LOWER, *BODY],
}


@pytest.mark.parametrize("name", TWO_ALIKE)
def test_of_two_columns_alike_none_is_taken_by_default_not_even_as_something_else(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, TWO_ALIKE[name])
    assert asked(load(store, path)) == [("columns", "language")]
    load(store, path, yes=True)
    assert rows(store, "SELECT DISTINCT language::VARCHAR, served_in::VARCHAR FROM encounter") == [("und", "und")]


def test_the_answer_decides_and_the_question_tells_counts_only(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, TWO_ALIKE["groups that say nothing"])
    question = load(store, path).open_questions[0].question
    text = question_text(question, "fi")
    assert "B-osa › Kieli (arvo 12 rivillä, eri arvoja 4); C-osa › Kieli (arvo 12 rivillä, eri arvoja 3)" in text
    assert [option_text(question, option, "en") for option in question.options] == [
        "leave the column out",
        "B-osa › Kieli (a value on 12 rows, 4 different)",
        "C-osa › Kieli (a value on 12 rows, 3 different)",
    ]
    assert not [tongue for tongue in ("arabia", "somali", "suomi") if tongue in text]
    load(store, path, columns="C-osa: Kieli")
    assert rows(store, "SELECT DISTINCT language::VARCHAR FROM encounter ORDER BY 1") == [("en",), ("fi",), ("sv",)]


def test_a_list_with_columns_of_one_name_has_one_header_row(tmp_path: Path) -> None:
    body = [["Työ", "Asuminen", f"{n + 1}.3.2025"] for n in range(12)]
    store = Store(tmp_path / "s")
    assert load(store, csv(tmp_path, [["Aihe", "Aihe", "Pvm"], *body])).exit_code == 0
    assert rows(store, "SELECT count(*) FROM encounter WHERE list_sort(topics::VARCHAR[]) = ['housing', 'work']") == [
        (12,)
    ]
