"""Rows of an appointment system that are nobody's or still to come, and words of cancelling that are about something else."""

from pathlib import Path

import pytest

from data.ingest.report import notes_line
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, beside, csv, load, visits

ALL = "SELECT count(*) FROM encounter"


def grid(header: str, *cells: str | None) -> Grid:
    column = [cells[place % len(cells)] for place in range(12)]
    return [["Tunnus", "Pvm", "Aihe", header], *beside(visits(12, "id", "day", "topic"), column)]


@pytest.mark.parametrize(
    ("header", "free", "taken"),
    [
        ("Varaus", "Vapaa", "Varattu"), ("Tila", "VAPAA", "Toteutunut"), ("Huomautus", "vapaa aika", None),
        ("Status", "Ledig", "Bokad"), ("Bokning", "obokad", "bokad"), ("Slot", "Free", "Booked"), ("Varaus", "Avoin", "Varattu"),
        ("Booking", "not booked", "Booked"), ("Asiakasnumero", "Vapaa", "A12"), ("Varaus", "Ei varattu", "Varattu"),
    ],
)  # fmt: skip
def test_free_slots_are_nobodys_visits(header: str, free: str, taken: str | None, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, grid(header, free, taken, taken))
    prepared = load(store, path)
    assert [one for one in asked(prepared) if one[0] != "same_client"] == [("free", header)]
    assert prepared.open_questions[0].question.rows == 4
    left = load(store, path, yes=True)
    assert notes_line(left.files[0].parts[0], "en").endswith("free slots left out 4")
    assert rows(store, ALL) == [(8,)]
    other = Store(tmp_path / "o")
    load(other, path, yes=True, free="count")
    assert rows(other, ALL) == [(12,)]


@pytest.mark.parametrize(
    ("free", "booked", "done"),
    [("Vapaa", "Varattu", "Toteutunut"), ("Ledig", "Bokad", "Genomförd"), ("Free", "Booked", "Completed")],
)  # fmt: skip
def test_booked_visits_beside_those_that_took_place_are_asked_about(
    free: str, booked: str, done: str, tmp_path: Path
) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, grid("Tila", free, booked, done))
    assert asked(load(store, path)) == [("free", "Tila"), ("booked", "Tila")]
    load(store, path, yes=True)
    assert rows(store, ALL) == [(4,)]
    load(store, path, free="-", booked="count")
    assert rows(store, ALL) == [(8,)]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Tila", ("Avoin", "Suljettu")), ("Status", ("Open", "Closed")), ("Status", ("Booked", None)),
        ("Status", ("Bokad", None)), ("Aihe 2", ("vapaa-aika", "työ")), ("Huomautus", ("vapaa pääsy", "ok")),
        ("Huomautus", ("aika varattu Kelaan", "tehty")),
    ],
)  # fmt: skip
def test_other_rows_are_no_slots(header: str, cells: tuple[str | None, ...], tmp_path: Path) -> None:
    found = asked(load(Store(tmp_path / "s"), csv(tmp_path, grid(header, *cells))))
    assert [kind for kind, _ in found if kind in ("free", "booked", "cancelled")] == []


@pytest.mark.parametrize(
    "header", ["Tulkki", "Tulkin tila", "Tolk", "Interpreter", "Ohjaaja", "Edellinen käynti", "Kielituki"]
)
@pytest.mark.parametrize("word", ["ei tullut", "peruttu", "uteblev", "no show"])
def test_somebody_elses_absence_cancels_no_visit(header: str, word: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, grid(header, word, None)), yes=True)
    assert [one.question.kind for one in prepared.decisions if one.question.kind == "cancelled"] == []
    assert rows(store, ALL) == [(12,)]


@pytest.mark.parametrize(
    "text",
    [
        "passi peruttu, haettu uusi", "tulkki peruttu, hoidettiin englanniksi", "Kela-aika siirretty", "asunto peruttu",
        "asiakas perui edellisen ajan", "soitettu, ei vastannut puhelimeen", "tolken uteblev, vi talade svenska",
    ],
)  # fmt: skip
def test_a_note_cancels_a_visit_only_as_a_whole(text: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, grid("Lisätieto", text, None)), yes=True)
    assert [one.question.kind for one in prepared.decisions] == []
    assert rows(store, ALL) == [(12,)]
    again = load(store, csv(tmp_path, grid("Lisätieto", "Peruttu, asiakas sairaana", None), "b.csv"))
    assert asked(again) == [("cancelled", "Lisätieto")]
    assert again.open_questions[0].question.rows == 6


@pytest.mark.parametrize(
    "text", ["Ajanvarauksen peruutus", "Tapaamisen siirto", "Avbokning av tid", "Appointment cancellation"]
)
def test_what_is_done_to_an_appointment_is_a_topic(text: str, tmp_path: Path) -> None:
    path = csv(tmp_path, [["Tunnus", "Pvm", "Aihe"], *beside(visits(12, "id", "day"), ["Työ", text] * 6)])
    assert [kind for kind, _ in asked(load(Store(tmp_path / "s"), path))] == ["value"]
