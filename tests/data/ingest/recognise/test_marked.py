"""One column per code: of topics, and of fields of one value, under marks of many kinds and above a row of totals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import asked, beside, csv, load, visits, workbook

BY = "SELECT {0}::VARCHAR, count(*) FROM encounter GROUP BY 1 ORDER BY 1"
TOPICS = "SELECT unnest(topics)::VARCHAR, count(*) FROM encounter GROUP BY 1 ORDER BY 1"


def crosses(count: int, columns: int, yes: object = "x", no: object = None) -> list[list[object]]:
    """A mark on every row, in one column after another."""
    return [[yes if n % columns == place else no for place in range(columns)] for n in range(count)]


def marked(header: Sequence[str], *, yes: object = "x", no: object = None, topic: bool = True) -> list[list[object]]:
    own = ["id", "day", "topic"] if topic else ["id", "day"]
    body = [[*row, *marks] for row, marks in zip(visits(12, *own), crosses(12, len(header), yes, no), strict=True)]
    return [[*["Tunnus", "Pvm", "Aihe"][: len(own)], *header], *body]


FIELDS = {
    "language": (("arabia", "somali", "venäjä"), [("ar", 4), ("ru", 4), ("so", 4)]),
    "channel": (("Käynti", "Puhelin", "Sähköposti"), [("message", 4), ("phone", 4), ("walk_in", 4)]),
    "municipality": (("Espoo", "Vantaa", "Kauniainen"), [("049", 4), ("092", 4), ("235", 4)]),
    "sex": (("Nainen", "Mies"), [("female", 6), ("male", 6)]),
    "age_band": (("Alle 18", "18-24", "25-34", "65+"), [("18_24", 3), ("25_34", 3), ("65_over", 3), ("under_18", 3)]),
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("yes", ["x", 1, "Valittu"])
def test_one_column_per_code_of_a_field_of_one_value(tmp_path: Path, field: str, yes: object) -> None:
    header, brought = FIELDS[field]
    store = Store(tmp_path / "s")
    prepared = load(store, csv(tmp_path, marked(header, yes=yes)))
    assert asked(prepared) == []
    assert rows(store, BY.format(field)) == brought


@pytest.mark.parametrize("prefix", ["Kieli: {}", "Äidinkieli [{}]", "Asiakkaan kieli - {}"])
def test_the_text_before_the_code_names_the_field(tmp_path: Path, prefix: str) -> None:
    store = Store(tmp_path / "s")
    header = [prefix.format(word) for word in ("arabia", "somali", "venäjä")]
    assert asked(load(store, csv(tmp_path, marked(header)))) == []
    assert rows(store, BY.format("language")) == [("ar", 4), ("ru", 4), ("so", 4)]


def test_the_header_above_the_codes_names_the_field(tmp_path: Path) -> None:
    grid = marked(["arabia", "somali", "venäjä"])
    upper: list[object] = [None, None, None, "Asiointikieli", None, None]
    store = Store(tmp_path / "s")
    path = workbook(tmp_path, {"Kohtaamiset": [upper, *grid]}, ("D1:F1",))
    assert asked(load(store, path)) == []
    assert rows(store, BY.format("served_in")) == [("ar", 4), ("ru", 4), ("so", 4)]


def test_languages_beside_a_column_of_mother_tongues_are_asked_about(tmp_path: Path) -> None:
    grid = beside(marked(["arabia", "somali"]), ["Äidinkieli", *["kurdi"] * 12])
    path = csv(tmp_path, grid)
    assert asked(load(Store(tmp_path / "s"), path)) == [("marks", "arabia, somali")]
    store = Store(tmp_path / "t")
    assert asked(load(store, path, marks="served_in")) == []
    assert rows(store, BY.format("served_in")) == [("ar", 6), ("so", 6)]


def test_several_marks_on_a_row_are_asked_about_and_never_one_of_them(tmp_path: Path) -> None:
    grid = marked(["arabia", "somali", "venäjä"])
    grid[1][3:] = ["x", "x", None]
    path = csv(tmp_path, grid)
    assert asked(load(Store(tmp_path / "s"), path)) == [("marks", "arabia, somali, venäjä")]
    store = Store(tmp_path / "t")
    prepared = load(store, path, marks="language")
    assert rows(store, BY.format("language")) == [("ar", 3), ("ru", 4), ("so", 4), ("und", 1)]
    assert [(odd.reason, odd.rows) for odd in prepared.files[0].parts[0].odd] == [("several_marks", 1)]


def test_marks_beside_those_of_a_field_are_asked_about(tmp_path: Path) -> None:
    grid = marked(["Nainen", "Mies", "Alle 18", "18-29", "65+"])
    assert asked(load(Store(tmp_path / "s"), csv(tmp_path, grid))) == [("mark", "18-29")]


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("Valittu", "Ei valittu"), ("Valittu", None), ("X", "-"), ("Vald", "Inte vald"), ("Selected", "Not selected"),
        ("Checked", "Unchecked"), ("Rasti", None), ("Kyllä", "–"), ("✓", "."), ("+", None), ("Markerad", "Ej markerad"),
    ],
)  # fmt: skip
def test_words_of_marks(tmp_path: Path, yes: str, no: str | None) -> None:
    store = Store(tmp_path / "s")
    path = csv(tmp_path, marked(["Työ", "Asuminen", "Kela"], yes=yes, no=no, topic=False))
    assert asked(load(store, path)) == []
    assert rows(store, TOPICS) == [("housing", 4), ("social_security", 4), ("work", 4)]


@pytest.mark.parametrize("first", ["Yhteensä", "Totalt", None])
@pytest.mark.parametrize("yes", ["x", 1])
def test_a_row_of_totals_under_marks_is_a_total(tmp_path: Path, first: str | None, yes: object) -> None:
    grid = marked(["Työ", "Asuminen", "Kela"], yes=yes, topic=False)
    grid.append([first, None, 4, 4, 4])
    store = Store(tmp_path / "s")
    counts = load(store, csv(tmp_path, grid)).files[0].counts
    assert (counts.loaded, counts.totals, counts.rejected) == (12, 1, 0)
    assert rows(store, TOPICS) == [("housing", 4), ("social_security", 4), ("work", 4)]


def test_a_row_with_marks_alone_is_rejected_and_no_total(tmp_path: Path) -> None:
    grid = marked(["Työ", "Asuminen", "Kela"], yes=1, topic=False)
    grid.append(["E99", None, 1, 1, None])
    counts = load(Store(tmp_path / "s"), csv(tmp_path, grid)).files[0].counts
    assert (counts.loaded, counts.totals, counts.rejected) == (12, 0, 1)


def test_a_column_of_what_is_not_known_beside_the_codes_asks_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    assert asked(load(store, csv(tmp_path, marked(["Nainen", "Mies", "Ei tietoa"])))) == []
    assert rows(store, BY.format("sex")) == [("female", 4), ("male", 4), ("unknown", 4)]


def test_what_is_written_after_other_which_goes_on_telling_the_code(tmp_path: Path) -> None:
    grid = marked(["Kieli: arabia", "Kieli: somali"])
    grid[1][3:] = [None, None]
    path = csv(tmp_path, beside(grid, ["Kieli: muu, mikä?", "kurdi", *[None] * 11]))
    store = Store(tmp_path / "s")
    counts = load(store, path).files[0].counts
    assert (counts.loaded, counts.rejected) == (12, 0)
    assert rows(store, BY.format("language")) == [("ar", 5), ("ku", 1), ("so", 6)]


def test_empty_columns_are_no_marks(tmp_path: Path) -> None:
    prepared = load(Store(tmp_path / "s"), csv(tmp_path, marked(["Puhelin", "Sähköposti"], yes=None)))
    assert "channel" not in prepared.files[0].parts[0].given
