"""Codes of clients under headers that nobody knows are asked about, whatever they look like: else everybody is anonymous."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load

CLIENTS = "SELECT count(DISTINCT client) FILTER (client > 0), count(*) FILTER (client < 0) FROM encounter"
CODES: dict[str, list[str]] = {
    "digits": [str(1000 + 7 * n) for n in range(20)],
    "a letter and a digit": [f"{letter}{n}" for letter in "ab" for n in range(10)],
    "digits and a letter": [f"{n:04}-{'AB'[n % 2]}" for n in range(20)],
    "blanks": [f"AS {n:04}" for n in range(20)],
    "capital and small": [f"{('as', 'AS')[n % 2]}{n}" for n in range(20)],
}


def visits(header: str, codes: list[str], each: int = 3, own: str = "Tunnus") -> Grid:
    cells = [code for code in codes for _ in range(each)]
    return [
        [own, header, "Pvm", "Kunta", "Aihe"],
        *([f"T{n}", code, f"{1 + n % 28}.3.2026", "Espoo", "Työ"] for n, code in enumerate(cells)),
    ]


@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize("header", ["Koodi", "Id", "Viite", "Henkilö"])
def test_they_are_asked_about(name: str, header: str, tmp_path: Path) -> None:
    file = csv(tmp_path, visits(header, CODES[name]))
    store = Store(tmp_path / "s")
    assert asked(load(store, file)) == [("column", header)]
    load(store, file, column="client_id")
    assert rows(store, CLIENTS) == [(20, 0)]


def test_left_out_they_are_nobodys(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, visits("Koodi", CODES["digits"])), yes=True)
    assert rows(store, CLIENTS) == [(0, 60)]


OTHERS: dict[str, Grid] = {
    "clients have a column": [
        [*row, f"AS-{n % 7}" if n else "Asiakas"] for n, row in enumerate(visits("Koodi", CODES["digits"]))
    ],
    "few different ones": visits("Koodi", [f"R{n}" for n in range(4)], 15),
    "one for each row": visits("Viite", [f"R{n}" for n in range(60)], 1),
    "few rows": visits("Koodi", [f"R{n}" for n in range(6)]),
    "words": visits("Koodi", [f"sana{letter}" for letter in "abcdefghijklmnopqrst"]),
    "amounts": visits("Hinta", [f"{n},50" for n in range(20)]),
    "small numbers": visits("Arvio", [str(n) for n in range(20)]),
    "times": visits("Alkoi klo x", [f"{8 + n // 4}:{15 * (n % 4):02}" for n in range(20)]),
    "postal codes": visits("Postinumero", [f"02{n:03}" for n in range(20)]),
    "workers": visits("Neuvojan tunnus", [f"N{n}" for n in range(20)]),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_code_of_a_client_is_not_asked_about(name: str, tmp_path: Path) -> None:
    found = asked(load(Store(tmp_path / "s"), csv(tmp_path, OTHERS[name])))
    assert "column" not in {kind for kind, _ in found}, found
