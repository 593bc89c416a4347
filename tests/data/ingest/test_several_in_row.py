"""Several records side by side in one row: each is read as a row of its own, asked once, and none vanishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.question_words import option_text, question_text
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load, visits, workbook

ENROLMENTS = "SELECT started_on::VARCHAR, ended_on::VARCHAR, end_reason, months_unemployed FROM enrolment ORDER BY 1"


def periods(*headers: str) -> Grid:
    """Clients of a centre with two periods in a row; headers: of both beginnings and ends."""
    return [
        ["Asiakasnumero", "Osaamiskeskus", *headers, "Päättymisen syy", "Työttömyyskuukaudet"],
        ["AS-1", "Tampere", "1.2.2024", "1.5.2024", "1.8.2024", "1.11.2024", "Työllistyi", "7"],
        ["AS-2", "Tampere", "2.2.2024", "2.5.2024", None, None, "Muutti", "3"],
        ["AS-3", "Tampere", "3.2.2024", "3.5.2024", "3.8.2024", None, None, None],
    ]


@pytest.mark.parametrize(
    "headers",
    [
        ("1. jakso alkoi", "1. jakso päättyi", "2. jakso alkoi", "2. jakso päättyi"),
        ("Alkoi 1", "Päättyi 1", "Alkoi 2", "Päättyi 2"),
        ("Alkoi", "Päättyi", "Alkoi", "Päättyi"),
        ("Ensimmäinen jakso alkoi", "Ensimmäinen jakso päättyi", "Toinen jakso alkoi", "Toinen jakso päättyi"),
    ],
)
def test_each_period_of_a_client_is_an_enrolment(headers: tuple[str, ...], tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, periods(*headers))
    prepared = load(store, path)
    question = prepared.open_questions[0].question
    assert question.kind == "several_in_row"
    assert "2 rows" in question_text(question, "en")
    assert [option_text(question, one, "en") for one in question.options] == [
        "Yes, each is a row of its own",
        "No, read only the first one",
    ]
    load(store, path, yes=True)
    # What is said once is of the last period, or of the time before the first one.
    assert rows(store, ENROLMENTS) == [
        ("2024-02-01", "2024-05-01", None, 7),
        ("2024-02-02", "2024-05-02", "moved", 3),
        ("2024-02-03", "2024-05-03", None, None),
        ("2024-08-01", "2024-11-01", "employed", None),
        ("2024-08-03", None, None, None),
    ]


def test_only_the_first_one_is_read_where_somebody_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(
        store, csv(tmp_path, periods("Alkoi 1", "Päättyi 1", "Alkoi 2", "Päättyi 2")), several_in_row="first", yes=True
    )
    assert [row[:2] for row in rows(store, ENROLMENTS)] == [(f"2024-02-0{n}", f"2024-05-0{n}") for n in (1, 2, 3)]


def test_two_tables_beside_each_other_are_read_one_after_the_other(tmp_path: Path) -> None:
    """The topics of the one are not those of the other, and the longer one may stand on either side."""
    short = [[f"{n + 1}.4.2025", "thai", "Terveys"] for n in range(6)]
    long = visits(12, "day", "tongue", "topic")
    pairs: list[list[object]] = [[*(short[n] if n < 6 else [None] * 3), None, *long[n]] for n in range(12)]
    store = Store(tmp_path / "s")
    path = workbook(tmp_path, {"Käynnit": [["Pvm", "Kieli", "Aihe", None, "Pvm", "Kieli", "Aihe"], *pairs]})
    assert asked(load(store, path)) == [("several_in_row", "Pvm, Pvm (2)")]
    load(store, path, yes=True)
    found = "SELECT month(occurred_on), count(*), count(*) FILTER (language = 'th'), max(len(topics)) FROM encounter GROUP BY 1"
    assert sorted(rows(store, found)) == [(3, 12, 0, 1), (4, 6, 6, 1)]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (["Pvm", "Pvm", "Aihe 1", "Aihe 2"], lambda day: [day, day, "Työ", "Terveys"]),  # a day said twice
        (["Pvm", "Pvm 2", "Aihe 1", "Aihe 2"], lambda day: [day, "kyllä", "Työ", "Terveys"]),
        (["Pvm", "Ajanvaraus pvm", "Aihe 1", "Aihe 2"], lambda day: [day, "1.1.2025", "Työ", "Terveys"]),
    ],
)
def test_what_is_one_record_is_not_asked_about(header: list[str], cells, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    store = Store(tmp_path / "s")
    path = csv(tmp_path, [header, *(cells(f"{n + 1}.3.2025") for n in range(8))])
    assert "several_in_row" not in [kind for kind, _ in asked(load(store, path))]
    load(store, path, yes=True)
    assert rows(store, "SELECT count(*), min(len(topics)) FROM encounter") == [(8, 2)]
