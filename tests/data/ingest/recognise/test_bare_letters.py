"""Headers and words without dots and rings, as systems write them that know ASCII alone."""

from pathlib import Path

import pytest

from data.codes import code_list
from data.ingest.recognise.headers import Rank, field_of, meanings, rank_of
from data.ingest.recognise.synonyms import field_words
from data.ingest.recognise.whose import is_of_another
from data.model.records import TABLES
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import asked, csv, load


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("paivamaara", "occurred_on"), ("aidinkieli", "language"), ("kayntitapa", "channel"), ("Modersmal", "language"),
        ("Arende", "topics"), ("ika", "age_band"), ("AIDINKIELI", "language"), ("asiakkaan_aidinkieli", "language"),
    ],
)  # fmt: skip
def test_a_header_without_dots_names_the_same_field(header: str, field: str) -> None:
    assert field_of("encounter", header) == (field, None)


def test_the_rank_and_the_open_meanings_are_those_of_the_word_with_dots() -> None:
    assert rank_of("encounter", "paivamaara") == rank_of("encounter", "päivämäärä")
    assert rank_of("encounter", "Aidinkieli") == Rank.SPECIFIC
    assert meanings("encounter", "Kayntiaika") == meanings("encounter", "Käyntiaika") != ()


@pytest.mark.parametrize("table", TABLES)
def test_no_word_loses_its_own_meaning(table: str) -> None:
    words = field_words(table)
    bare = [word for word in words if word.isascii()]
    assert len(bare) > len(words) / 4
    assert all(words[word] in TABLES[table].model_fields for word in bare)


@pytest.mark.parametrize("header", ["Tyontekijan kotikunta", "Lahettajan kieli", "Edellinen kayntipaiva"])
def test_headers_of_somebody_else_are_known_without_dots(header: str) -> None:
    assert is_of_another(header)


def test_words_of_code_lists_are_known_without_dots() -> None:
    assert code_list("channel").find("sahkoposti") == "message"
    assert code_list("municipality").find("Jarvenpaa") == code_list("municipality").find("Järvenpää")
    assert code_list("topic").find("Tyo") == code_list("topic").find("Työ")


def test_a_file_without_dots_loads_as_the_one_with_them(tmp_path: Path) -> None:
    head = ["paivamaara", "aidinkieli", "aihe", "kayntitapa"]
    body = [[f"{n + 1}.3.2025", "venaja", "Tyo", ("kaynti", "sahkoposti")[n % 2]] for n in range(12)]
    store = Store(tmp_path / "s")
    assert asked(load(store, csv(tmp_path, [head, *body]))) == []
    found = "SELECT language::VARCHAR, channel::VARCHAR, count(*) FROM encounter GROUP BY ALL ORDER BY 2"
    assert rows(store, found) == [("ru", "message", 6), ("ru", "walk_in", 6)]


def test_numbers_of_people_are_asked_about_without_dots(tmp_path: Path) -> None:
    body = [[f"{n + 1}.3.2025", "Kela", n % 3 + 1] for n in range(12)]
    for header in ("kavijamaara", "Henkilomaara", "Montako henkiloa oli paikalla?"):
        path = csv(tmp_path, [["Pvm", "Aihe", header], *body])
        assert asked(load(Store(tmp_path / header[:3]), path)) == [("heads", header)]
