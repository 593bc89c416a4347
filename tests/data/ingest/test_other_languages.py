"""`Muu` in a column of languages with its name in the next one: the language is the named one, and other texts go no further."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import bytes_below, rows
from tests.data.ingest.shapes import Grid, asked, csv, load, workbook

LANGUAGES = "SELECT language::VARCHAR FROM encounter ORDER BY occurred_on"


def grid(day: str, *head: str, topic: str, body: list[tuple[str | None, str | None]]) -> Grid:
    return [[day, *head, topic], *([f"{place}.4.2025", *cells, "Kela"] for place, cells in enumerate(body, start=1))]


def fi(*head: str, other: str = "Muu") -> Grid:
    return grid("Pvm", *head, topic="Aihe", body=[("arabia", None), (other, "tigrinja"), (other, None)])


def sv(*head: str, other: str = "Annat") -> Grid:
    return grid("Datum", *head, topic="Ärende", body=[("arabiska", None), (other, "tigrinska"), (other, "-")])


SHAPES: dict[str, Grid] = {
    "Muu, mikä": fi("Äidinkieli", "Muu, mikä"),
    "another language": fi("Kieli", "Muu kieli", other="Muu kieli"),
    "if another": fi("Äidinkieli", "Jos muu, mikä kieli?", other="muu"),
    "after the question": fi("Äidinkieli", "Äidinkieli: Muu, mikä?", other="Muu, mikä?"),
    "explain": fi("Äidinkieli", "Tarkenna", other="Jokin muu"),
    "Annat, vilket": sv("Modersmål", "Annat, vilket?"),
    "Annan": sv("Modersmål", "Annat språk", other="Annan"),
    "if another in Swedish": sv("Språk", "Om annat, vilket språk?", other="Övrigt"),
    "after the question in Swedish": sv("Modersmål", "Modersmål: Annat, vilket?", other="Annat språk"),
    "Other": grid(
        "Date", "Language", "Other, please specify", topic="Topic", body=[("Arabic", None), ("Other", "Tigrinya"), ("Other", "")]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_the_next_column_names_the_language(name: str, tmp_path: Path) -> None:
    for place, path in enumerate((csv(tmp_path, SHAPES[name]), workbook(tmp_path, {"T": SHAPES[name]}))):
        store = Store(tmp_path / f"s{place}")
        prepared = load(store, path)
        assert (asked(prepared), rows(store, LANGUAGES)) == ([], [("ar",), ("ti",), ("mis",)])


def test_two_languages_have_each_their_own(tmp_path: Path) -> None:
    head = ("Äidinkieli", "Äidinkieli: Muu, mikä?", "Asiointikieli", "Asiointikieli: Muu, mikä?")
    body: list[list[object]] = [
        ["3.4.2025", "Muu", "tigrinja", "Muu", "swahili", "Kela"],
        ["4.4.2025", "somali", None, "suomi", None, "Kela"],
    ]
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, [["Pvm", *head, "Aihe"], *body]))
    assert rows(store, "SELECT language::VARCHAR, served_in::VARCHAR FROM encounter ORDER BY occurred_on") == [
        ("ti", "sw"), ("so", "fi"),
    ]  # fmt: skip


def test_headers_that_are_the_same_are_of_the_languages_at_their_left(tmp_path: Path) -> None:
    cells: Grid = [
        ["Pvm", "Äidinkieli", "Muu kieli", "Asiointikieli", "Muu kieli", "Aihe"],
        ["3.4.2025", "Muu", "tigrinja", "Muu", "swahili", "Kela"],
    ]
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, cells))
    assert rows(store, "SELECT language::VARCHAR, served_in::VARCHAR FROM encounter") == [("ti", "sw")]


def test_what_names_no_language_is_not_kept(tmp_path: Path) -> None:
    told = [("arabia", "pyysi tulkin"), ("Muu", "soittaa zorgolle"), ("Muu", "ei tiedossa"), ("somali", "arabia")]
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, grid("Pvm", "Kieli", "Muu, mikä", topic="Aihe", body=[*told])))
    assert rows(store, LANGUAGES) == [("ar",), ("mis",), ("mis",), ("so",)]
    assert "zorgolle" not in repr(prepared)
    assert not any(b"zorgolle" in content for content in bytes_below(tmp_path / "s"))
