"""Words of headers: a wide collection with the right fields, none for two fields, and how specific each is."""

import re
import tomllib
from pathlib import Path

import pytest

from data.codes import normalise
from data.ingest.recognise.headers import Rank, field_of, is_general, rank
from data.ingest.recognise.synonyms import ambiguous, field_words, spelled_out
from data.model.records import TABLES

HERE = Path(__file__)
COLLECTED = tomllib.loads(HERE.with_name("headers.toml").read_text("utf-8"))
NOT_TAKEN = COLLECTED.pop("not_taken")
SYNONYMS = tomllib.loads((HERE.parents[4] / "data/ingest/recognise/synonyms.toml").read_text("utf-8"))
SHEETS, GENERAL, STAMP = (SYNONYMS.pop(name) for name in ("sheets", "general", "stamp"))
COMPOUNDS = tomllib.loads((HERE.parents[4] / "data/ingest/recognise/compounds.toml").read_text("utf-8"))

SOMEONE_ELSE = re.compile(
    r"\b(tulkin|tolkens|interpreter s|puolison|makens|makans|spouse|työntekijän|ohjaajan|handläggarens|worker|"
    r"edelli\w+|seuraav\w+|föregående|nästa|previous|next(?! to work)|muokat\w+|muokkaus\w*|ändrad\w*|modified)\b"
)


@pytest.mark.parametrize(
    ("table", "field"), [(table, field) for table, fields in COLLECTED.items() for field in fields]
)
def test_the_collected_headers_name_their_fields(table: str, field: str) -> None:
    named = {header: (field_of(table, header) or (None,))[0] for header in COLLECTED[table][field]}
    assert {header: found for header, found in named.items() if found != field} == {}


@pytest.mark.parametrize("table", NOT_TAKEN)
def test_headers_of_someone_else_and_of_another_time_are_no_synonyms(table: str) -> None:
    assert {header: found for header in NOT_TAKEN[table] if (found := field_of(table, header))} == {}


def test_no_synonym_speaks_of_someone_else_or_of_another_time() -> None:
    words = [word for table in TABLES for word, field in field_words(table).items() if field != "language_support"]
    assert [word for word in words if SOMEONE_ELSE.search(normalise(word))] == []


@pytest.mark.parametrize("table", TABLES)
def test_no_word_is_given_to_two_fields_unless_its_values_decide(table: str) -> None:
    fields: dict[str, set[str]] = {normalise(field): {field} for field in TABLES[table].model_fields}
    for file in (SYNONYMS, COMPOUNDS):
        for section in (table, "every"):
            for field, patterns in file.get(section, {}).items():
                for word in spelled_out(patterns) if field in TABLES[table].model_fields else ():
                    fields.setdefault(word, set()).add(field)
    assert {word: found for word, found in fields.items() if len(found) > 1 and word not in ambiguous(table)} == {}


@pytest.mark.parametrize("name", ["general", "stamp"])
def test_only_words_that_a_table_knows_are_ranked(name: str) -> None:
    every = {normalise(word) for words in SYNONYMS["every"].values() for word in words}
    for table, words in {"general": GENERAL, "stamp": STAMP}[name].items():
        known = every if table == "every" else field_words(table).keys()
        assert {word for word in words if normalise(word) not in known} == set()
        if table != "every":
            wanted = Rank.STAMP if name == "stamp" else Rank.GENERAL
            assert {word: rank(table, word) for word in words} == dict.fromkeys(words, wanted)


def test_a_word_is_exact_specific_or_general() -> None:
    general = [
        "Kieli", "Kunta", "Pvm", "Päivä", "Palvelu", "Numero", "Nr", "Tunniste", "ID", "Rivi", "Aihe", "Språk", "Datum", "City",
    ]  # fmt: skip
    assert [word for word in general if not is_general("encounter", word)] == []
    assert all(
        map(is_general, ["referral", "training", "enrolment", "service_point"], ["Tila", "Tyyppi", "Loppu", "Nimi"])
    )
    specific = [
        "Äidinkieli",
        "Kotikunta",
        "Asiointipäivä",
        "Asiointikieli",
        "Ärendenummer",
        "Visit date",
        "Vastaajan ID",
    ]
    assert [rank("encounter", word) for word in specific] == [Rank.SPECIFIC] * len(specific)
    assert rank("encounter", "Occurred on") == rank("staff", "languages") == rank("referral", "status") == Rank.EXACT
    assert rank("encounter", "Language") == Rank.EXACT, "an export of our own"
    assert Rank.EXACT < Rank.SPECIFIC < rank("encounter", "Päivä") < rank("encounter", "Luotu")
