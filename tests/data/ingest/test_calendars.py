"""Exports of calendars: events are visits with a day, an hour and a length; their subjects are free text and go no further."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.report import lines
from data.store.store import Store
from tests.data.ingest.imports import bytes_below, rows
from tests.data.ingest.shapes import Grid, asked, csv, load

NAME = "Maija Meikäläinen"
WORDS = {
    "en": (["Subject", "Start Date", "Start Time", "End Date", "End Time", "Location", "Categories"], "4/{}/2025"),
    "fi": (["Aihe", "Alkamispäivä", "Alkamisaika", "Päättymispäivä", "Päättymisaika", "Sijainti", "Luokat"], "{}.4.2025"),
    "sv": (["Ämne", "Startdatum", "Starttid", "Slutdatum", "Sluttid", "Plats", "Kategorier"], "2025-04-{}"),
}  # fmt: skip
CLOCKS = {
    "en": ["9:00:00 AM", "9:45:00 AM", "10:00:00 AM", "10:30:00 AM", "1:00:00 PM", "2:15:00 PM"],
    "fi": ["9.00", "9.45", "10.00", "10.30", "13.00", "14.15"],
    "sv": ["09:00", "09:45", "10:00", "10:30", "13:00", "14:15"],
}


def events(lang: str, *, last_day: int = 16) -> Grid:
    head, form = WORDS[lang]
    clocks, days = CLOCKS[lang], [form.format(day) for day in (15, 15, 16)]
    ends = [*days[:2], form.format(last_day)]
    subjects = [f"Tapaaminen {NAME}", "Varattu", "Varattu"]
    return [
        head,
        *(
            [subjects[row], days[row], clocks[2 * row], ends[row], clocks[2 * row + 1], "Sello", topic]
            for row, topic in enumerate(("Työ", "Asuminen", "Kela"))
        ),
    ]


@pytest.mark.parametrize("lang", WORDS)
def test_events_are_visits_and_their_subjects_go_no_further(lang: str, tmp_path: Path) -> None:
    store, file = Store(tmp_path / "s"), csv(tmp_path, events(lang))
    assert asked(load(store, file)) == []
    found = rows(store, "SELECT day(occurred_on), hour, minutes, topics[1], service_point FROM encounter ORDER BY 1, 2")
    assert found == [
        (15, 9, 45, "work", "sello"),
        (15, 10, 30, "housing", "sello"),
        (16, 13, 75, "social_security", "sello"),
    ]
    assert not [one for one in bytes_below(store.path) if NAME.split()[1].encode() in one]


@pytest.mark.parametrize("lang", WORDS)
def test_an_event_of_several_days_has_no_length(lang: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, events(lang, last_day=18)))
    assert rows(store, "SELECT minutes FROM encounter ORDER BY occurred_on, hour") == [(45,), (30,), (None,)]


def test_a_subject_is_the_topic_where_nothing_else_is_and_a_name_in_it_is_not_told(tmp_path: Path) -> None:
    grid = [row[:-1] for row in events("fi")]
    grid = [
        grid[0],
        *([topic, *row[1:]] for row, topic in zip(grid[1:], ("Työnhaku", "Asuminen", f"Kela, {NAME}"), strict=True)),
    ]
    store, file = Store(tmp_path / "s"), csv(tmp_path, grid)
    prepared = load(store, file)
    assert asked(prepared) == []
    assert NAME not in "".join(lines(prepared, "fi"))
    assert rows(store, "SELECT topics[1] FROM encounter ORDER BY occurred_on, hour") == [
        ("work",), ("housing",), ("social_security",),
    ]  # fmt: skip
    assert not [one for one in bytes_below(store.path) if NAME.split()[1].encode() in one]


def test_first_and_last_days_alone_are_no_calendar(tmp_path: Path) -> None:
    """They may be those of a client relationship: asked about."""
    head = ["Asiakas", "Alkamispäivä", "Päättymispäivä", "Aihe"]
    grid = [head, ["AS-1", "1.4.2025", "3.9.2025", "Työ"], ["AS-2", "2.4.2025", "5.8.2025", "Asuminen"]]
    assert asked(load(Store(tmp_path / "s"), csv(tmp_path, grid)))
