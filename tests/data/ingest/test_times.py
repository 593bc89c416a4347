"""Columns called by a word for time: an hour of the day, a length or a moment, as unit and values tell; else it is asked."""

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import asked, beside, csv, load, visits

BASE = visits(12, "id", "day", "topic")
HEAD = ["Tunnus", "Pvm", "Aihe"]
QUERY = "SELECT min(hour), max(hour), min(minutes), max(minutes) FROM encounter"


def file(folder: Path, header: str, values: tuple[object, ...]) -> Path:
    return csv(folder, [[*HEAD, header], *beside(BASE, [values[place % len(values)] for place in range(12)])])


LENGTHS: dict[tuple[str, tuple[object, ...]], tuple[int, int]] = {
    ("Aika (h)", ("0,5", "1", "1,5")): (30, 90),
    ("Aika (t)", (1, 2)): (60, 120),
    ("Aika, min", (15, 90)): (15, 90),
    ("Aika/min", (15, 20)): (15, 20),
    ("Aika (min)", (10, 15, 20)): (10, 20),
    ("Aika minuutteina", (10, 15)): (10, 15),
    ("Aika tunteina", ("0,5", "1")): (30, 60),
    ("Tid (tim)", ("0,5", "2")): (30, 120),
    ("Tid (min)", (10, 15)): (10, 15),
    ("Tid i timmar", ("0,5", "1")): (30, 60),
    ("Time (h)", ("0.5", "1.0")): (30, 60),
    ("Time (minutes)", (10, 20)): (10, 20),
    ("Time in hours", ("0.5", "1.5")): (30, 90),
    ("Kesto h", ("0,5", "1")): (30, 60),
    ("Käyntiaika min", (15, 20)): (15, 20),
    ("Asiointiaika (min)", (15, 20)): (15, 20),
    ("Palveluaika (h)", ("0,5", "1")): (30, 60),
    ("Besökstid (min)", (15, 20)): (15, 20),
    ("Visit time (min)", (15, 20)): (15, 20),
    ("Aika", (15, 20, 45)): (15, 45),
    ("Tid", (15, 30, 60)): (15, 60),
    ("Time", (20, 45, 90)): (20, 90),
    ("Kohtaamisaika", (15, 45)): (15, 45),
    ("Aika", ("30 min", "1 h")): (30, 60),
    ("Aika", ("0:30", "1:15")): (30, 75),
    ("Aika", ("0.0208333333", "0.03125")): (30, 45),
}


@pytest.mark.parametrize(("header", "values"), LENGTHS)
def test_a_length_is_no_hour_of_the_day(header: str, values: tuple[object, ...], tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, file(tmp_path, header, values))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert rows(store, QUERY) == [(None, None, *LENGTHS[header, values])]


HOURS: dict[tuple[str, tuple[object, ...]], tuple[int, int]] = {
    ("Aika", ("8:30", "14:15")): (8, 14),
    ("Aika", ("9.15", "14.30")): (9, 14),
    ("Aika", ("klo 9", "klo 14.30")): (9, 14),
    ("Aika", ("0900", "1430")): (9, 14),
    ("Aika", (9, 11, 13, 14)): (9, 14),
    ("Aika (hh:mm)", ("9:30", "14:15")): (9, 14),
    ("Tapaamisaika", ("9:00", "10:30")): (9, 10),
    ("Aika", ("1.3.2025 9:15", "2.3.2025 14:00")): (9, 14),
    ("Klo", (9, 10, 15)): (9, 15),
    ("Tid", ("9:00", "15:45")): (9, 15),
    ("Alkamisaika", ("9:00", "15:45")): (9, 15),
}


@pytest.mark.parametrize(("header", "values"), HOURS)
def test_an_hour_of_the_day(header: str, values: tuple[object, ...], tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared = load(store, file(tmp_path, header, values))
    assert (prepared.exit_code, asked(prepared)) == (0, [])
    assert rows(store, QUERY) == [(*HOURS[header, values], None, None)]


OPEN: dict[str, tuple[str, tuple[object, ...]]] = {
    "small round numbers": ("Aika", (10, 15, 20)),
    "in Swedish": ("Tid", (10, 15, 20)),
    "clocks after a point": ("Aika", ("1.15", "0.45")),
    "clocks under a unit": ("Aika (h)", ("8:30", "14:00")),
    "hours of opening under a unit": ("Aika (h)", (9, 11, 13, 14)),
    "lengths under a word for the clock": ("Klo", (15, 45, 75)),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_may_be_either_is_asked_and_left_out_by_default(name: str, tmp_path: Path) -> None:
    header, values = OPEN[name]
    store = Store(tmp_path / "s")
    path = file(tmp_path, header, values)
    prepared = load(store, path)
    assert asked(prepared) == [("column", header)]
    assert set(prepared.open_questions[0].question.options) >= {"-", "hour", "minutes"}
    load(store, path, yes=True)
    assert rows(store, QUERY) == [(None, None, None, None)]


def test_the_answer_decides_what_small_numbers_are(tmp_path: Path) -> None:
    path = file(tmp_path, "Aika", (10, 15, 20))
    for answer, expected in (("minutes", (None, None, 10, 20)), ("hour", (10, 20, None, None))):
        store = Store(tmp_path / answer)
        assert load(store, path, column=answer).exit_code == 0
        assert rows(store, QUERY) == [expected]


def test_a_moment_alone_is_the_day(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    body = [[f"K{place}", f"{place + 1}.3.2025 9:15", "Työ"] for place in range(12)]
    assert load(store, csv(tmp_path, [["Tunnus", "Aika", "Aihe"], *body])).exit_code == 0
    assert rows(store, "SELECT min(occurred_on)::VARCHAR, max(occurred_on)::VARCHAR FROM encounter") == [
        ("2025-03-01", "2025-03-12")
    ]
