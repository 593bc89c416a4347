"""Profiles: saved once, they recognise the same shape by themselves, and only that."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.ingest import report
from data.ingest.readers import read
from data.ingest.recognise import profiles
from data.ingest.recognise.asking import Asking, question_key
from data.ingest.recognise.columns import recognise
from data.ingest.recognise.profiles import ProfileError, Profiles
from data.ingest.recognise.recognised import missing_fields
from data.ingest.recognise.values import Reading
from data.store.store import Store
from tests.data.ingest.imports import GOOD, HEADER, encounters, load, rows

SHIPPED = ("kohtaamiset", "neuvonta_kirjaukset", "neuvonta_tapahtumat", "ohjaukset", "osaamiskeskus")


def saved(store: Path, path: Path, name: str = "oma") -> None:
    found = recognise(read(path)[0])
    profiles.save(store, name, [(found.table, found.columns, found.ignored)])


def test_a_saved_profile_recognises_the_same_columns_in_any_order(tmp_path: Path) -> None:
    path = encounters(tmp_path, GOOD)
    saved(tmp_path / "s", path)
    turned = encounters(tmp_path, "Työ;3.2.2025;AS-1;K1;49;Arabia;Etätulkki;Puhelin;0,50;Ratkesi", name="b.csv",
                        header="Aiheet;Pvm;Asiakas;Tunnus;Kuntanro;Kieli;Kielituki;Kanava;Kesto_h;Tulos")  # fmt: skip
    plain = recognise(read(turned)[0])
    by_profile = Profiles.of_store(tmp_path / "s").recognise(read(turned)[0])
    assert by_profile is not None
    assert by_profile.profile == "oma"
    assert {m.column: (m.field, m.reading) for m in by_profile.columns} == {
        m.column: (m.field, m.reading) for m in plain.columns
    }


def test_another_shape_is_left_to_recognition(tmp_path: Path) -> None:
    saved(tmp_path / "s", encounters(tmp_path, GOOD))
    other = encounters(tmp_path, "K1;3.2.2025;Työ", name="b.csv", header="Tunnus;Pvm;Aiheet")
    assert Profiles.of_store(tmp_path / "s").recognise(read(other)[0]) is None


def test_words_of_the_house_are_saved_as_codes(tmp_path: Path) -> None:
    path = encounters(tmp_path, 'K1;AS-1;3.2.2025;49;"Arabi ""murre""";Etätulkki;Puhelin;Työ;0,50;Ratkesi')
    store = Store(tmp_path / "s")
    found = recognise(read(path)[0])
    columns = [
        replace(m, reading=Reading(overrides={'Arabi "murre"': "ar"})) if m.field == "language" else m
        for m in found.columns
    ]
    profiles.save(store.path, "oma", [(found.table, columns, found.ignored)])
    prepared, _ = load(store, path)
    assert prepared.files[0].parts[0].profile == "oma"
    assert rows(store, "SELECT language::VARCHAR FROM encounter") == [("ar",)]


def test_profiles_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="unknown"):
        Profiles.of_store(tmp_path, forced="ei-ole")
    with pytest.raises(ProfileError, match="name"):
        profiles.save(tmp_path, "../muualle", [])
    (tmp_path / "profiles").mkdir()
    for text in ('[[sheet]]\ntable = "ei"\ncolumn = []', "a = " + "[" * 100_000):
        (tmp_path / "profiles" / "rikki.toml").write_text(text)
        with pytest.raises(ProfileError, match="damaged"):
            Profiles.of_store(tmp_path, forced="rikki")


def test_one_more_column_does_not_spoil_a_profile_and_is_recognised_by_its_name(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    saved(store.path, encounters(tmp_path, f"{GOOD};Arki", header=f"{HEADER};Murre"))
    assert Profiles.of_store(store.path).known["oma"].sheet[0].column[-1].field is None
    more = (
        f"Arvosana;{HEADER};Outo"  # one is known by its name, one is not, and one that the profile leaves out is gone
    )
    prepared, _ = load(store, encounters(tmp_path, f"4;{GOOD};x", name="b.csv", header=more))
    part = prepared.files[0].parts[0]
    assert (prepared.exit_code, part.profile) == (0, "oma")
    assert [(one.header, one.reason) for one in part.ignored] == [("Outo", "unknown_header")]
    assert rows(store, "SELECT satisfaction, channel::VARCHAR FROM encounter") == [(4, "phone")]


def test_what_is_answered_of_a_column_goes_before_the_profile(tmp_path: Path) -> None:
    path = encounters(tmp_path, GOOD)
    saved(tmp_path / "s", path)
    asking = Asking(given={question_key("column", "encounter", "Kieli"): "served_in"})
    found = Profiles.of_store(tmp_path / "s").recognise(read(path)[0], asking)
    assert found is not None
    assert [match.header for match in found.of_field("served_in")] == ["Kieli"]
    assert found.of_field("language") == ()
    assert [one.how for one in asking.decisions] == ["answered"]


def test_a_damaged_profile_is_named_and_set_aside(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    saved(store.path, encounters(tmp_path, GOOD))
    (store.path / "profiles" / "rikki.toml").write_text("[[sheet", "utf-8")
    prepared, _ = load(store, encounters(tmp_path, GOOD))
    assert (prepared.exit_code, prepared.damaged_profiles) == (0, ("rikki.toml.damaged",))
    assert any("rikki.toml.damaged" in line for line in report.lines(prepared, "fi"))
    assert sorted(path.name for path in (store.path / "profiles").iterdir()) == ["oma.toml", "rikki.toml.damaged"]
    assert load(store, encounters(tmp_path, GOOD))[0].damaged_profiles == ()


def test_a_forced_profile_must_fit(tmp_path: Path) -> None:
    saved(tmp_path / "s", encounters(tmp_path, GOOD))
    other = encounters(tmp_path, "maito;1,20", name="b.csv", header="tuote;hinta")
    with pytest.raises(ProfileError, match="misfit"):
        Profiles.of_store(tmp_path / "s", forced="oma").recognise(read(other)[0])


def test_profiles_that_ship_are_valid() -> None:
    known = Profiles.of_store(Path("ei-ole")).known
    assert {name for name, profile in known.items() if profile.sheet} == {*SHIPPED}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_says_what_recognition_says_of_the_same_headers(name: str, tmp_path: Path) -> None:
    """It makes sure of what the synonyms would find: each column the same field, nothing invented."""
    for number, shape in enumerate(Profiles.of_store(tmp_path).known[name].sheet):
        path = tmp_path / f"{number}.csv"
        header = ";".join(column.header for column in shape.column)
        path.write_text(header + "\n" + ";".join("1" for _ in shape.column) + "\n", "utf-8")
        sheet = read(path)[0]
        by_profile = Profiles.of_store(tmp_path).recognise(sheet)
        assert by_profile is not None
        assert by_profile.profile == name
        assert by_profile.table == shape.table
        assert missing_fields(by_profile) == ()
        found = {match.header: match.field for match in recognise(sheet).columns}
        assert found.items() <= {match.header: match.field for match in by_profile.columns}.items()
