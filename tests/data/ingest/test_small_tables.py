"""Service points, staff and costs load from a municipality's own words like everything else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data.store.store import Store
from tests.data.ingest.imports import load, rows

FILES = {
    "pisteet.csv": (
        "Palvelupisteen tunnus;Nimi;Kunta;Tyyppi;Avattu\n"
        "keskusta;Keskustan neuvonta;Espoo;Yhteispalvelupiste;1.2.2024\n"
        "kirjasto;Kirjaston neuvonta;Vantaa;Kirjasto;1.3.2024\n"
    ),
    "henkilosto.csv": (
        "Palvelupiste;Kuukausi;Henkilötyövuodet;Kielet;Koulutuspäivät\n"
        "keskusta;2025-01;3,5;suomi, arabia;2\n"
        "kirjasto;2025-01;1,25;suomi, ruotsi;0\n"
    ),
    "kustannukset.csv": (
        "Kunta;Palvelu;Vuosi;Nettokustannus (€)\n"
        "Espoo;Ohjaus ja neuvonta;2025;883 500\n"
        "Vantaa;Osaamiskeskus;2025;545000,50\n"
    ),
}


def test_service_points_staff_and_costs_load_in_any_order(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for order in (list(FILES), list(reversed(FILES))):
        store = Store(tmp_path / "-".join(order))
        prepared, _ = load(store, *(tmp_path / name for name in order))
        assert [(file.counts.read, file.counts.loaded) for file in prepared.files] == [(2, 2)] * 3
        assert rows(
            store, "SELECT code, municipality::VARCHAR, kind::VARCHAR, opened_on FROM service_point ORDER BY 1"
        ) == [
            ("keskusta", "049", "one_stop", date(2024, 2, 1)),
            ("kirjasto", "092", "library", date(2024, 3, 1)),
        ]
        assert rows(store, "SELECT service_point, person_years, training_days FROM staff ORDER BY 1") == [
            ("keskusta", 3.5, 2.0),
            ("kirjasto", 1.25, 0.0),
        ]
        # A month is told of to its end.
        assert rows(store, "SELECT first_day, last_day FROM delivery WHERE data_table = 'staff'") == [
            (date(2025, 1, 1), date(2025, 1, 31))
        ]
        assert rows(store, "SELECT municipality::VARCHAR, service::VARCHAR, year, euros FROM cost ORDER BY 1") == [
            ("049", "guidance", 2025, 883500.0),
            ("092", "competence_centre", 2025, 545000.5),
        ]
