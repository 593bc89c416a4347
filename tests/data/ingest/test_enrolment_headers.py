"""Starts and ends of enrolments under everyday words: loaded where client and centre are there, never as something else."""

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import asked, csv, load

QUERY = (
    "SELECT count(DISTINCT client), centre::VARCHAR, min(started_on)::VARCHAR, min(ended_on)::VARCHAR "
    "FROM enrolment GROUP BY ALL"
)
BODY = [[f"A{place}", "Espoo", f"{place + 1}.1.2025", f"{place + 1}.6.2025"] for place in range(12)]

LOADED = [
    "Asiakasnumero;Osaamiskeskus;Alkupvm;Loppupvm", "Asiakas;Keskus;Aloituspäivä;Lopetuspäivä",
    "Asiakastunnus;Keskuksen kunta;Alkaa;Päättyy", "Asiakasnro;Osaamiskeskuksen kunta;Alkamispvm;Päättymispvm",
    "As.nro;Keskus;Asiakkuus alkaa;Asiakkuus päättyy", "Asiakas-ID;Osaamiskeskus;Aloituspäivämäärä;Päättymispäivämäärä",
    "Hetu;Keskus;Jakson alkupvm;Jakson loppupvm", "Kundnummer;Center;Startdatum;Slutdatum",
    "Kundnr;Kompetenscenter;Begynnelsedatum;Slutdatum", "Klient;Centret;Inskrivningsdatum;Utskrivningsdatum",
    "Klientnummer;Centrets kommun;Klientskapet började;Klientskapet avslutades", "Client ID;Centre;Start date;End date",
    "Customer no.;Competence center;Entry date;Exit date", "Client number;Centre municipality;Date enrolled;Date ended",
    "Participant ID;Centre;Enrolled on;Left on",
]  # fmt: skip


@pytest.mark.parametrize("header", LOADED)
def test_it_loads_as_enrolments_unasked(header: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, [header.split(";"), *BODY]))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert rows(store, QUERY) == [(12, "049", "2025-01-01", "2025-06-01")]


GENERAL = [
    "Asiakasnro;Kunta;Alkupvm;Loppupvm",
    "Kund;Kommun;Startdatum;Slutdatum",
    "Client no;Municipality;Start date;End date",
]


@pytest.mark.parametrize("header", GENERAL)
def test_whose_municipality_it_is_is_asked(header: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, [header.split(";"), *BODY])
    assert asked(load(store, path)) == [("column", header.split(";")[1])]
    refused = load(store, path, yes=True).files[0]
    assert (refused.refused, refused.params["missing"]) == ("wrong_table", "centre")
    assert load(store, path, column="centre").exit_code == 0
    assert rows(store, QUERY) == [(12, "049", "2025-01-01", "2025-06-01")]


@pytest.mark.parametrize(
    "header",
    ["Asiakas;Toimipiste;Alkupvm;Loppupvm", "Kund;Kontor;Startdatum;Slutdatum", "Client;Office;Start date;End date"],
)
def test_a_list_of_clients_is_no_list_of_places(header: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, [header.split(";"), *BODY]))
    assert (prepared.exit_code, prepared.files[0].refused) == (2, "wrong_table")
    assert store.current() is None


def test_a_kind_of_training_makes_it_training(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    body = [[row[0], "Oppisopimus", *row[2:]] for row in BODY]
    assert load(store, csv(tmp_path, [["Asiakasnumero", "Koulutusmuoto", "Alkupvm", "Loppupvm"], *body])).exit_code == 0
    assert rows(store, "SELECT count(*), min(ended_on)::VARCHAR FROM training") == [(12, "2025-06-01")]
