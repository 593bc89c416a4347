"""Client columns that hold people's names: asked about, and by default no name reaches the store in any form."""

from pathlib import Path

import pytest

from data.ingest.question_words import question_text
from data.store.store import Store
from tests.data.ingest.imports import bytes_below, rows
from tests.data.ingest.shapes import asked, beside, csv, load, visits

CLIENTS = "SELECT count(DISTINCT client) FILTER (client > 0), count(*) FILTER (client < 0) FROM encounter"


def file(folder: Path, header: str, values: tuple[str, ...]) -> Path:
    cells = [values[place % len(values)] for place in range(12)]
    return csv(folder, [["Tunnus", "Pvm", "Aihe", header], *beside(visits(12, "id", "day", "topic"), cells)])


NAMES: dict[str, tuple[str, ...]] = {
    "first name and initial": ("Maija M.", "Ali H."),
    "first and last": ("Ali Hassan", "Maija Meikäläinen"),
    "last and first": ("Virtanen Matti", "Hassan Ali"),
    "with a comma": ("Virtanen, Matti", "Hassan, Ali"),
    "first names": ("Maija", "Ali", "Olga"),
    "initials": ("M.M.", "A.H."),
    "small letters": ("maija virtanen", "ali hassan"),
    "capitals": ("MATTI VIRTANEN", "ALI HASSAN"),
    "Cyrillic": ("Иван Петров", "Ольга Петрова"),
    "Arabic": ("محمد علي", "فاطمة حسن"),
    "with a year": ("Ali Hassan 1980", "Maija Meikäläinen 1975"),
    "run together, numbered": ("VirtanenM1", "HassanA2", "PetrovaO3", "NguyenL4", "KorhonenP5", "LaineK6"),
    "addresses": ("maija@example.fi", "ali@example.fi"),
    "with a hyphen": ("Anna-Liisa", "Matti-Pekka"),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_asked_about_and_left_out_by_default(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = file(tmp_path, "Asiakas", NAMES[name])
    prepared = load(store, path)
    assert asked(prepared) == [("names", "Asiakas")]
    question = prepared.open_questions[0].question
    assert not [text for text in NAMES[name] for lang in ("fi", "sv", "en") if text in question_text(question, lang)]
    load(store, path, yes=True)
    assert rows(store, CLIENTS) == [(0, 12)]
    assert not [content for content in bytes_below(store.path) if NAMES[name][0].encode() in content]


HEADERS = [
    "Asiakasnumero",
    "Asiakkaan tunnus",
    "Hetu",
    "Kund",
    "Klient",
    "Kundnummer",
    "Client",
    "Customer ID",
    "Person ID",
]


@pytest.mark.parametrize("header", HEADERS)
def test_whatever_the_header_of_the_client(header: str, tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), file(tmp_path, header, NAMES["first and last"]))
    assert asked(prepared) == [("names", header)]


def test_the_steward_may_say_that_they_are_codes_or_names(tmp_path: Path) -> None:
    path = file(tmp_path, "Asiakas", ("Kettu", "Karhu"))
    for answer, expected in (("codes", (2, 0)), ("anonymous", (0, 12))):
        store = Store(tmp_path / answer)
        assert load(store, path, names=answer).exit_code == 0
        assert rows(store, CLIENTS) == [expected]
        assert asked(load(store, path)) == []  # remembered with the source


def test_a_word_among_numbers_is_no_client_and_left_out_unasked(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, file(tmp_path, "Asiakas", ("AS-1", "AS-2", "Maija M.")))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert [(one.field, one.text, one.rows) for one in prepared.files[0].parts[0].odd] == [("client_id", None, 4)]
    assert rows(store, CLIENTS) == [(2, 4)]
    assert not [content for content in bytes_below(store.path) if b"Maija" in content]


def test_several_names_among_codes_are_asked_about_and_left_out_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = file(tmp_path, "Asiakas", ("AS-1", "AS-2", "Maija M.", "Ali H.", "Olga P.", "Linh N."))
    assert asked(load(store, path)) == [("names", "Asiakas")]
    load(store, path, yes=True)
    assert rows(store, CLIENTS) == [(2, 8)]


CODES: dict[str, tuple[str, ...]] = {
    "a prefix": ("AS-1", "AS-2"),
    "a word and a number": ("Asiakas 12", "Asiakas 13"),
    "a place and a number": ("ESPOO12", "ESPOO13", "ESPOO14", "ESPOO15", "ESPOO16"),
    "numbers": ("10023", "10024"),
    "hexadecimal": ("a3f91b2c", "deadbeef"),
    "UUID": ("6f1c2d3e-aaaa-bbbb-cccc-000011112222", "7f1c2d3e-aaaa-bbbb-cccc-000011112223"),
    "letters and digits": ("X1Y2", "Z3Q4"),
}


@pytest.mark.parametrize("name", CODES)
def test_codes_are_not_asked_about(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, file(tmp_path, "Asiakas", CODES[name]))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert rows(store, CLIENTS) == [(len(CODES[name]), 0)]


def test_notes_that_there_is_no_number_are_no_names(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    assert asked(load(store, file(tmp_path, "Asiakas", ("anonyymi", "AS-1", "ei tiedossa")))) == []
    assert rows(store, CLIENTS) == [(1, 8)]


def test_no_enrolment_is_made_of_a_name(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    body = [[("Maija M.", "Ali H.")[place % 2], "Espoo", f"{place + 1}.1.2025"] for place in range(6)]
    prepared = load(store, csv(tmp_path, [["Asiakas", "Keskus", "Alkupvm"], *body]), yes=True)
    assert (prepared.exit_code, prepared.files[0].counts.loaded) == (3, 0)
