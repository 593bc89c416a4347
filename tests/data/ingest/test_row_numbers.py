"""Row numbers under the words of many programs: by their parts, by values that are all different; never somebody's number."""

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import asked, csv, load, visits

BASE = visits(12, "day", "topic", "place")
HEAD = ["Pvm", "Aihe", "Kotikunta"]
ALL_DIFFERENT = [100 + place for place in range(12)]


def file(folder: Path, header: str, numbers: list[int], name: str = "a.csv") -> Path:
    return csv(folder, [[header, *HEAD], *([number, *row] for number, row in zip(numbers, BASE, strict=True))], name)


def field(store: Store, path: Path, header: str) -> tuple[str | None, list[tuple[str, str]]]:
    """The field that the column got, and the questions asked."""
    prepared = load(store, path)
    columns = prepared.files[0].parts[0].columns
    return next((match.field for match in columns if match.header == header), None), asked(prepared)


TAKEN = [
    "#", "№", "Asiointinro", "Käynti nro", "Löpnr", "Juoks.nro", "Tapausnumero", "Kirjausnro", "Merkintänro", "Rivinro",
    "Käyntinumero", "Besöksnr", "Ärendenummer", "Record no", "Row #", "Case no", "Case ID", "Ticket no", "Lomake nro",
    "Tapahtuma-ID", "Järj.nro", "Mötesnr", "Händelse-id", "Serial number", "Log number",
]  # fmt: skip


@pytest.mark.parametrize("header", TAKEN)
def test_a_row_number_is_known_by_its_parts_and_by_being_all_different(header: str, tmp_path: Path) -> None:
    assert field(Store(tmp_path / "s"), file(tmp_path, header, ALL_DIFFERENT), header) == ("encounter_id", [])


SOMEBODY_ELSES = [
    "Puhelinnumero", "Puh.nro", "Kundens telefonnr", "Phone no", "Huonenro", "Huoneen numero", "Rumsnr", "Room no",
    "Asiakkaan käyntinumero", "Asiakkaan käyntikerta nro", "Jononumero", "Työntekijänumero", "Handläggarens id", "Postinumero",
    "Postnr", "Tilinumero", "Passinumero", "Lupanumero", "Perhenumero", "Y-tunnus", "Viikkonumero", "Ryhmän nro", "Kurssin nro",
]  # fmt: skip


@pytest.mark.parametrize("header", SOMEBODY_ELSES)
def test_the_number_of_something_else_is_never_the_rows(header: str, tmp_path: Path) -> None:
    assert field(Store(tmp_path / "s"), file(tmp_path, header, ALL_DIFFERENT), header) == (None, [])


@pytest.mark.parametrize("header", ["Asiakas #", "Nro (asiakas)", "As.nro", "Kundens nr", "Client no."])
def test_the_number_of_a_client_is_the_clients(header: str, tmp_path: Path) -> None:
    assert field(Store(tmp_path / "s"), file(tmp_path, header, ALL_DIFFERENT), header) == ("client_id", [])


@pytest.mark.parametrize("header", ["Viitenumero", "Diaarinro", "Contact no", "Kontaktnummer"])
def test_running_numbers_under_an_unknown_word_are_asked_about(header: str, tmp_path: Path) -> None:
    assert field(Store(tmp_path / "s"), file(tmp_path, header, ALL_DIFFERENT), header) == (None, [("column", header)])


@pytest.mark.parametrize("header", ["Käynti nro", "Käyntinumero", "Nro", "#", "Besöksnr", "Visit no"])
def test_the_first_second_and_third_visit_of_a_client_number_no_rows(header: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = file(tmp_path, header, [place % 3 + 1 for place in range(12)])
    assert asked(load(store, path)) == [("column", header)]
    load(store, path, yes=True)
    assert rows(store, "SELECT count(*) FROM encounter") == [(12,)]


def test_a_case_with_several_rows_numbers_none(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    assert field(store, file(tmp_path, "Tapausnumero", [place // 2 for place in range(12)]), "Tapausnumero") == (
        None,
        [],
    )
    assert rows(store, "SELECT count(*) FROM encounter") == [(12,)]


def test_the_same_numbers_again_change_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, file(tmp_path, "Tapausnumero", ALL_DIFFERENT))
    again = load(store, file(tmp_path, "Tapausnumero", ALL_DIFFERENT, "b.csv"))
    assert (again.exit_code, again.changes) == (0, False)
