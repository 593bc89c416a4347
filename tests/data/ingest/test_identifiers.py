"""One rule for identifiers: however the same one is written, it is one client, one row, one place; others stay others."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from data.ingest.anonymous import without_placeholders
from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.recognise.asking import question_key
from data.model.fields import Identifier
from data.model.identifiers import identifier, identifiers, row_numbers
from data.model.records import TABLES
from data.model.schema import columns
from data.sample.tables import IDENTIFIERS
from data.store.store import Store
from tests.data import hashed
from tests.data.ingest.imports import load, rows

BLANKS = [chr(code) for code in range(0x110000) if chr(code).isspace() and chr(code) not in "\n\r"]
"""Line breaks too are blanks, but a CSV cell with one is another matter."""
NOTHING = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202a", "\u034f", "\ufe0f", "\u0001"]
DASHES = ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\ufe63", "\uff0d"]
HEADER = "Tunnus;Asiakas;Pvm;Aiheet;Palvelupiste"

bare = st.text("ABCDEFÅÄÖSSÉЖΩ0123456789-_./", min_size=1, max_size=12).filter(lambda text: text.strip("-_./"))


@st.composite
def written(draw: st.DrawFn, text: str) -> str:
    """The same identifier in other blanks, case and width."""
    out = []
    for letter in text:
        ways = [letter, letter.lower(), letter.upper()]
        if "!" <= letter <= "~":
            ways += [chr(ord(way) + 0xFEE0) for way in ways if len(way) == 1]
        ways = DASHES if letter == "-" else ways
        out.append(draw(st.sampled_from(ways)) + draw(st.text([*BLANKS, *NOTHING], max_size=2)))
    return draw(st.text([*BLANKS, *NOTHING], max_size=2)) + "".join(out)


two_ways = bare.flatmap(lambda text: st.tuples(st.just(text), written(text), written(text)))


def file_of(folder: Path, name: str, *lines: str, header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8", newline="")
    return path


def number_of(text: str) -> str:
    """What tells rows apart: `0012` is row `12`."""
    return str(row_numbers(pl.Series([identifier(text)]))[0])


def is_somebody(ways: tuple[str, str, str]) -> bool:
    """No placeholder, such as `0` or `X`, which stands for nobody."""
    return without_placeholders(pl.Series([identifier(ways[0])]))[1] == 0


@settings(max_examples=10)
@given(st.lists(two_ways.filter(is_somebody), min_size=2, max_size=8, unique_by=lambda ways: number_of(ways[0])))
def test_two_ways_of_writing_are_one_client_and_one_row_and_others_stay_others(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("ways")
    store = Store(folder / "s")
    # Clients' numbers have a letter, because those of digits alone lose their zeros, and a digit, because a word is no number.
    # The steward says that they are codes: blanks between letters may look like names.
    wishes = Wishes(answers=Answers({question_key("names", "encounter", "Asiakas"): "codes"}))
    first = file_of(folder, "a.csv", *(f"{one};A1{one};3.2.2025;Työ;" for _, one, _ in drawn))
    publish(prepare([first], store, wishes=wishes), store, "test")
    second = file_of(folder, "b.csv", *(f"{two};A1{two};3.2.2025;Työ;" for *_, two in drawn))
    again = prepare([second], store, wishes=wishes)
    assert (again.files[0].counts.unchanged, again.files[0].counts.read) == (len(drawn), len(drawn))
    kept = {pseudonym for (pseudonym,) in rows(store, "SELECT pseudonym FROM client")}
    assert kept == {hashed.pseudonym(store.keys, identifier(f"A1{text}")) for text, *_ in drawn}
    assert len(kept) == len(drawn)


@given(two_ways)
def test_the_rule_for_one_text_and_for_a_column_is_the_same(ways: tuple[str, str, str]) -> None:
    cells = pl.Series("c", [*ways, None, "k 1", "K2", "\u200b"], dtype=pl.String)
    assert identifiers(cells).to_list() == [*[identifier(ways[0])] * 3, None, "K1", "K2", None]
    assert TypeAdapter(Identifier).validate_python(ways[1]) == identifier(ways[0])


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_a_cleaned_text_is_clean_whatever_it_was(text: str) -> None:
    clean = identifier(text)
    assert identifier(clean) == clean == identifier(text.upper()) == identifier(text.lower())
    assert "\x1f" not in clean
    assert clean == "".join(clean.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [("12", "0012"), ("1", "1.0"), ("AS-1", "AS1"), ("131052-308T", "131052A308T"), ("131052-308T", "131052Y308T")],
)
def test_what_could_be_two_is_not_made_one(one: str, other: str) -> None:
    assert identifier(one) != identifier(other)


@pytest.mark.parametrize("code", ["131052-308T", "131052–308t", "１３１０５２-３０８Ｔ", " 131052 -\u00a0308T\ufeff"])
def test_an_identity_code_is_one_client_however_it_was_typed(code: str) -> None:
    assert identifier(code) == "131052-308T"


def test_rows_of_other_tables_find_the_encounter_and_the_client(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, file_of(tmp_path, "a.csv", "k\u00a0１;as–1;3.2.2025;Työ;"))
    sent = file_of(
        tmp_path, "o.csv", "o1;K1;AS-1;Kela;4.2.2025", "O\u200b1;K1;AS-1;Kela;4.2.2025",
        header="Ohjaus;Kohtaaminen;Asiakas;Mihin;Ohjattu",
    )  # fmt: skip
    prepared, _ = load(store, sent)
    assert prepared.files[0].counts.repeated == 1
    assert rows(
        store, "SELECT count(*) FROM referral r JOIN encounter e ON r.encounter = e.record AND r.client = e.client"
    ) == [(1,)]
    assert rows(store, "SELECT count(*) FROM client") == [(1,)]
    enrolled = file_of(
        tmp_path, "e.csv", "J1;as-1;Espoo;5.2.2025", "J2;ＡＳ-1;Espoo;5.2.2025",
        header="Jakson tunnus;Asiakas;Osaamiskeskus;Alkoi",
    )  # fmt: skip
    prepared, _ = load(store, enrolled)
    assert (prepared.exit_code, prepared.files[0].counts.loaded) == (0, 2), (
        "two periods of one client, as their numbers say"
    )
    assert rows(store, "SELECT count(*) FROM client") == [(1,)]


def test_a_cell_where_nothing_prints_is_empty(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    prepared, _ = load(store, file_of(tmp_path, "a.csv", "\u2060\u00ad;A1;3.2.2025;Työ;", "K2;\u00ad;3.2.2025;Työ;"))
    assert [(one.row, one.field, one.reason) for one in prepared.files[0].rejected] == [
        (2, "encounter_id", "required_empty")
    ]
    assert rows(store, "SELECT client < 0 FROM encounter") == [(True,)]


def test_a_long_identifier_is_measured_as_it_is_hashed(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    long = "1\u00a0" * 200
    prepared, _ = load(store, file_of(tmp_path, "a.csv", f"{long};A1;3.2.2025;Työ;", f"{long}2;A1;3.2.2025;Työ;"))
    assert [(one.row, one.reason) for one in prepared.files[0].rejected] == [(3, "too_long")]
    with pytest.raises(ValidationError):
        TypeAdapter(Identifier).validate_python(f"{long}2")


@pytest.mark.parametrize(
    "place", ["ITÄ-KESKUS", "Itä–keskus", "itä\u00ad-keskus", "\u00a0Ｉｔä‑keskus\u200b", "Ita\u0308-keskus\ufeff"]
)
def test_a_service_point_is_one_however_its_code_or_name_is_written(tmp_path: Path, place: str) -> None:
    store = Store(tmp_path / "s")
    load(store, file_of(tmp_path, "a.csv", "K1;A1;3.2.2025;Työ;Itä-keskus"))
    load(store, file_of(tmp_path, "b.csv", f"K2;A1;3.2.2025;Työ;{place}"))
    empty = Store(tmp_path / "t")
    load(empty, file_of(tmp_path, "c.csv", f"K2;A1;3.2.2025;Työ;{place}"))
    for one in (store, empty):
        assert rows(one, "SELECT DISTINCT service_point FROM encounter") == [("ita-keskus",)]


def test_the_sample_municipality_writes_its_identifiers_clean() -> None:
    assert all(identifier(form.format(7)) == form.format(7) for form in IDENTIFIERS.values())


def test_every_identifier_of_every_table_is_cleaned() -> None:
    for model in TABLES.values():
        for column in columns(model):
            if column.identity:
                kind = TypeAdapter(model.model_fields[column.field].rebuild_annotation())
                assert kind.validate_python("ａ\u00a01") == "A1"
