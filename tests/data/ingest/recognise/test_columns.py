"""Sheets to tables and columns to fields: synonyms, units, marks, guesses from values, and what is left out and why."""

from collections.abc import Sequence

import polars as pl
import pytest

from data.ingest.readers import Sheet
from data.ingest.recognise.columns import recognise
from data.ingest.recognise.headers import field_of
from data.ingest.recognise.population import long_table
from data.ingest.recognise.recognised import NoTable
from data.ingest.recognise.synonyms import field_words
from data.model.records import TABLES


def sheet_of(columns: dict[str, Sequence[str | None]], name: str | None = None) -> Sheet:
    frame = pl.DataFrame({f"c{index}": list(cells) for index, cells in enumerate(columns.values())})
    return Sheet("tiedosto.csv", name, tuple(columns), frame.cast(pl.String).with_row_index("row", offset=2))


def fields(columns: dict[str, Sequence[str | None]], name: str | None = None) -> dict[str, str]:
    return {match.header: match.field for match in recognise(sheet_of(columns, name)).columns}


BASE: dict[str, Sequence[str | None]] = {
    "Tunnus": ["1", "2"],
    "Pvm": ["1.2.2025", "2.2.2025"],
    "Aihe": ["Työ", "Koulutus"],
}


@pytest.mark.parametrize("table", TABLES)
def test_an_export_of_our_own_is_known_by_its_field_names(table: str) -> None:
    columns: dict[str, Sequence[str | None]] = {name: ["x"] for name in TABLES[table].model_fields}
    found = recognise(sheet_of(columns))
    assert found.table == table
    assert {match.header: match.field for match in found.columns} == {name: name for name in columns}


@pytest.mark.parametrize("table", TABLES)
def test_no_word_means_two_fields_of_a_table(table: str) -> None:
    for word, field in field_words(table).items():
        assert field in TABLES[table].model_fields, word


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Kesto_h", ("minutes", "hours")), ("Kesto (min)", ("minutes", None)), ("Kesto (t)", ("minutes", "hours")),
        ("Kesto tunteina", ("minutes", "hours")), ("Tunnit", ("minutes", "hours")), ("Längd (timmar)", ("minutes", "hours")),
        ("3. Äidinkieli", ("language", None)), ("ÄIDINKIELI *", ("language", None)), ("Modersmål", ("language", None)),
        ("Mitä asia koski? (voi valita useita)", ("topics", None)), ("Lempiväri", None),
    ],
)  # fmt: skip
def test_headers(header: str, expected: tuple[str, str | None] | None) -> None:
    assert field_of("encounter", header) == expected


def test_three_languages() -> None:
    assert fields({"Mötesnummer": ["1"], "Datum": ["1.2.2025"], "Ämne": ["Arbete"], "Hemkommun": ["Esbo"]}) == {
        "Mötesnummer": "encounter_id", "Datum": "occurred_on", "Ämne": "topics", "Hemkommun": "municipality",
    }  # fmt: skip
    assert fields({"Encounter ID": ["1"], "Date": ["2025-02-01"], "Topic": ["Work"], "Mother tongue": ["Arabic"]}) == {
        "Encounter ID": "encounter_id", "Date": "occurred_on", "Topic": "topics", "Mother tongue": "language",
    }  # fmt: skip


def test_the_name_of_a_sheet_decides_between_tables() -> None:
    columns: dict[str, Sequence[str | None]] = {"Asiakas": ["1"], "Laji": ["Oppisopimus"], "Alkoi": ["1.2.2025"]}
    assert recognise(sheet_of(columns | {"Koulutus": ["Oppisopimus"]}, "Koulutukset")).table == "training"
    assert recognise(sheet_of(columns, "Työllistymiset")).table == "outcome"


def test_one_column_per_topic() -> None:
    columns: dict[str, Sequence[str | None]] = {
        "Tunnus": ["1"], "Pvm": ["1.2.2025"], "Aihe: Työ": ["x"], "Aihe [Asuminen]": [None], "Koulutus": ["Kyllä"],
    }  # fmt: skip
    found = recognise(sheet_of(columns))
    assert {match.header: match.mark for match in found.of_field("topics")} == {
        "Aihe: Työ": "work", "Aihe [Asuminen]": "housing", "Koulutus": "education",
    }  # fmt: skip


def test_a_column_of_marks_for_something_else_is_not_a_topic() -> None:
    found = recognise(sheet_of(BASE | {"Outo": ["x", None]}))
    assert [(item.header, item.reason) for item in found.ignored] == [("Outo", "unknown_header")]


def test_values_give_a_column_away_only_when_unmistakable() -> None:
    three: dict[str, Sequence[str | None]] = {name: [*cells, cells[0]] for name, cells in BASE.items()}
    assert fields(three | {"Sarake 7": ["Puhelin", "Ajanvaraus", "Chat"]})["Sarake 7"] == "channel"
    assert "Sarake 7" not in fields(BASE | {"Sarake 7": ["Puhelin", "Ajanvaraus"]}), "two words are asked about"
    assert "Sarake 7" not in fields(BASE | {"Sarake 7": ["Puhelin", "Puhelin"]}), "one word is no proof"
    assert "Sarake 7" not in fields(BASE | {"Sarake 7": ["Espoo", "Helsinki"]}), "where someone was born, perhaps"
    assert "Sarake 7" not in fields(BASE | {"Sarake 7": ["arabia", "somali"]})
    assert "Sarake 7" not in fields(BASE | {"Sarake 7": ["Puhelin", "Savumerkit"]})


def test_a_long_header_with_a_known_phrase_needs_values_that_fit() -> None:
    header = "Asiakkaan ilmoittama äidinkieli vastaanotossa"
    assert fields(BASE | {header: ["arabia", "somali"]})[header] == "language"
    assert header not in fields(BASE | {header: ["kyllä", "ehkä"]})


def test_what_is_left_out_is_said() -> None:
    found = recognise(sheet_of(BASE | {"Päivä": ["1.1.2025", None], "Huomio": ["a", "b"], "Tyhjä": [None, None]}))
    assert {item.header: item.reason for item in found.ignored} == {
        "Päivä": "field_taken", "Huomio": "unknown_header", "Tyhjä": "empty_column",
    }  # fmt: skip


def test_a_sheet_that_fits_no_table_names_the_nearest() -> None:
    with pytest.raises(NoTable) as caught:
        recognise(sheet_of({"Tunnus": ["1"], "Kanava": ["Puhelin"], "Äidinkieli": ["arabia"]}))
    assert caught.value.nearest == "encounter"
    assert caught.value.missing == ("occurred_on", "topics")


def population(**extra: Sequence[str | None]) -> Sheet:
    return sheet_of(
        {
            "Alue": ["KU049 Espoo"] * 4 + ["SSS KOKO MAA"],
            "Kieli": ["SSS YHTEENSÄ", "01 KOTIMAISET KIELET YHTEENSÄ", "ar arabia", "so somali", "ar arabia"],
            "2024": ["218319", "191800", "4268", "..", "9"],
            "2025 Väestö 31.12.": ["221753", "193170", "-", ".", "9"],
        }
        | extra
    )


def test_the_language_table_of_statistics_finland() -> None:
    found = recognise(population())
    assert (found.table, found.dropped) == ("population", 6)
    assert found.sheet.rows.select("row", "c0", "c1", "c2", "c3").rows() == [
        (4, "KU049 Espoo", "ar arabia", "2024", "4268"), (4, "KU049 Espoo", "ar arabia", "2025", "0"),
        (5, "KU049 Espoo", "so somali", "2024", None), (5, "KU049 Espoo", "so somali", "2025", None),
    ]  # fmt: skip


def test_a_long_population_table_drops_its_totals_too() -> None:
    sheet = sheet_of(
        {"Alue": ["Espoo"] * 2, "Kieli": ["Yhteensä", "arabia"], "Vuosi": ["2024"] * 2, "Väestö": ["9", "4"]}
    )
    found = recognise(sheet)
    assert (found.table, found.dropped, found.sheet.rows.height) == ("population", 1, 1)


def test_encounters_are_no_population_table() -> None:
    assert long_table(sheet_of(BASE | {"Kunta": ["49", "49"], "Kieli": ["ar", "so"]})) is None
