"""From file to generation: every row accounted for, identifiers gone, corrections replace, refusals leave the store alone."""

import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.coverage import deliveries
from data.ingest import merging
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Counts, Prepared
from data.ingest.rejects import load as load_rejects
from data.store import draft
from data.store.generation import Generation
from data.store.store import Store
from tests.data import hashed
from tests.data.ingest.imports import GOOD, HEADER, bytes_below, encounters, load, rows

CODE = "131052-308T"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s")


def counts(prepared: Prepared) -> Counts:
    return prepared.files[0].counts


def reasons(prepared: Prepared) -> list[tuple[int, str, str]]:
    return [(reject.row, reject.field, reject.reason) for reject in prepared.files[0].rejected]


def test_a_row_comes_in_whole(store: Store, tmp_path: Path) -> None:
    prepared, generation = load(store, encounters(tmp_path, GOOD))
    assert prepared.exit_code == 0
    assert generation is not None
    assert generation.cause == "test"
    query = (
        "SELECT service::VARCHAR, occurred_on::VARCHAR, municipality::VARCHAR, language::VARCHAR, served_in::VARCHAR, "
        "language_support::VARCHAR, channel::VARCHAR, topics::VARCHAR[], minutes, resolution::VARCHAR, satisfaction "
        "FROM encounter"
    )
    assert rows(store, query) == [
        ("guidance", "2025-02-03", "049", "ar", "und", "interpreter_remote", "phone", ["work"], 30, "solved", None)
    ]


def test_keys_are_those_of_the_key_module(store: Store, tmp_path: Path) -> None:
    load(
        store,
        encounters(
            tmp_path,
            GOOD,
            GOOD.replace("K1", "K2").replace("AS-1", ""),
            GOOD.replace("K1", "K3").replace("AS-1", "as-1 "),
        ),
    )
    pseudonym = hashed.pseudonym(store.keys, "AS-1")
    assert rows(store, "SELECT client, pseudonym FROM client") == [(hashed.rkey(store.keys, pseudonym), pseudonym)]
    clients = [client for (client,) in rows(store, "SELECT client FROM encounter ORDER BY client")]
    assert clients[1:] == [hashed.rkey(store.keys, pseudonym)] * 2, "small letters and blanks make no other client"
    assert isinstance(clients[0], int)
    assert -(2**61) < clients[0] < 0, "an anonymous visitor is a unit of its own"
    [(record,)] = rows(store, f"SELECT record FROM encounter WHERE client = {clients[0]}")
    assert record == hashed.record(store.keys, "K2", "encounter")


def test_a_referral_finds_its_encounter(store: Store, tmp_path: Path) -> None:
    sent = encounters(
        tmp_path,
        "O1;K1;AS-1;Kela;4.2.2025",
        "O2;;AS-1;Migri;4.2.2025",
        name="o.csv",
        header="Ohjaus;Kohtaaminen;Asiakas;Mihin;Ohjattu",
    )
    load(store, encounters(tmp_path, GOOD), sent)
    query = "SELECT count(*) FROM referral r JOIN encounter e ON r.encounter = e.record AND r.client = e.client"
    assert rows(store, query) == [(1,)]


def test_no_identifier_is_left_anywhere(store: Store, tmp_path: Path) -> None:
    path = encounters(tmp_path, GOOD.replace("AS-1", CODE).replace("K1", "KOHT-1"), GOOD.replace("3.2.2025", CODE[:6]))
    prepared, _ = load(store, path)
    assert counts(prepared) == Counts(read=2, loaded=1, rejected=1)
    assert all(CODE.encode() not in content and b"KOHT-1" not in content for content in bytes_below(store.path))
    assert CODE not in repr(prepared)
    assert (store.path / "rejected").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (store.path / "rejected").iterdir())


def test_each_bad_row_has_its_reasons_and_is_counted_once(store: Store, tmp_path: Path) -> None:
    bad = [
        GOOD.replace("K1", "K2").replace("3.2.2025", "31.2.2025"),
        GOOD.replace("K1", "K3").replace(";49;", ";999;"),
        GOOD.replace("K1", "K4").replace("Arabia", "Klingon").replace("0,50", "-2"),
        GOOD.replace("K1", "K5").replace("2025", "2999"),
        GOOD.replace("AS-1", "AS-7"),
        ";AS-8;4.2.2025;49;Arabia;Etätulkki;Puhelin;;0,50;",
        GOOD + ";liikaa;soluja",
    ]
    asked = prepare([encounters(tmp_path, GOOD, *bad)], store)
    assert [one.question.value for one in asked.open_questions] == ["999", "Klingon"]
    prepared, _ = publish(asked.with_defaults(), store, "test")
    assert prepared.exit_code == 3
    # Odd values of fields that may be unknown cost no row; two different rows of one number are both rejected.
    assert counts(prepared) == Counts(read=8, loaded=2, rejected=6)
    assert [(one.field, one.reason, one.rows, one.taken_as) for one in prepared.files[0].parts[0].odd] == [
        ("municipality", "unknown_code", 1, "not_known"), ("language", "unknown_code", 1, "not_known"),
        ("minutes", "negative", 1, "not_known"),
    ]  # fmt: skip
    assert sorted(reasons(prepared)) == [
        (2, "encounter_id", "duplicate_id"),
        (3, "occurred_on", "bad_date"),
        (6, "occurred_on", "date_in_future"),
        (7, "encounter_id", "duplicate_id"),
        (8, "encounter_id", "required_empty"),
        (8, "topics", "required_empty"),
        (9, "", "too_many_cells"),
    ]
    assert load_rejects(store.rejected_path) == prepared.files[0].rejected
    assert b"Klingon" not in b"".join(bytes_below(store.rejected_path))


def test_dates_that_go_backwards(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, GOOD + ";4.2.2025", header=HEADER + ";Ajanvaraus tehty"))
    assert rows(store, "SELECT occurred_on::VARCHAR, requested_on FROM encounter") == [("2025-02-03", None)]


def test_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = encounters(tmp_path, GOOD, GOOD.replace("K1", "K2"))
    load(store, path)
    prepared, generation = load(store, path)
    assert generation is None
    assert counts(prepared) == Counts(read=2, unchanged=2)
    assert len(store.history()) == 1


def test_a_corrected_file_replaces_the_rows_that_differ(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, GOOD, GOOD.replace("K1", "K2")))
    corrected = encounters(
        tmp_path,
        GOOD,
        GOOD.replace("K1", "K2").replace("Työ", "Asuminen").replace("AS-1", "AS-2"),
        GOOD.replace("K1", "K3"),
    )
    prepared, generation = load(store, corrected)
    assert counts(prepared) == Counts(read=3, loaded=1, replaced=1, unchanged=1)
    assert generation is not None
    assert rows(store, "SELECT topics::VARCHAR[], count(*) FROM encounter GROUP BY 1 ORDER BY 2") == [
        (["housing"], 1),
        (["work"], 2),
    ]
    load(store, encounters(tmp_path, *[GOOD.replace("K1", key).replace("AS-1", "AS-2") for key in ("K1", "K2", "K3")]))
    assert rows(store, "SELECT pseudonym FROM client") == [(hashed.pseudonym(store.keys, "AS-2"),)], (
        "nobody mentions AS-1 any more"
    )


def test_files_of_one_call_are_one_generation_and_see_each_other(store: Store, tmp_path: Path) -> None:
    first = encounters(tmp_path, GOOD, name="a.csv")
    second = encounters(tmp_path, GOOD.replace("Työ", "Asuminen"), GOOD.replace("K1", "K2"), name="b.csv")
    third = encounters(tmp_path, GOOD.replace("Työ", "Asuminen"), name="c.csv")
    prepared, generation = load(store, first, second, third)
    assert [file.counts for file in prepared.files] == [
        Counts(read=1, loaded=1), Counts(read=2, loaded=1, replaced=1), Counts(read=1, unchanged=1),
    ]  # fmt: skip
    assert generation is not None
    assert (generation.number, generation.rows["encounter"]) == (1, 2)


def test_a_refused_file_is_left_out_and_the_others_load(store: Store, tmp_path: Path) -> None:
    refused = encounters(tmp_path, "maito;1,20", name="b.csv", header="tuote;hinta")
    prepared, _ = load(store, refused, encounters(tmp_path, GOOD))
    assert prepared.exit_code == 2
    assert [file.refused for file in prepared.files] == ["no_known_columns", None]
    assert rows(store, "SELECT count(*) FROM encounter") == [(1,)]


def test_missing_columns_are_named(store: Store, tmp_path: Path) -> None:
    prepared, generation = load(store, encounters(tmp_path, "K1;Puhelin", header="Tunnus;Kanava"))
    assert generation is None
    assert (prepared.files[0].refused, prepared.files[0].params) == (
        "wrong_table", {"table": "encounter", "missing": "occurred_on,topics"},
    )  # fmt: skip


@pytest.mark.parametrize("value", [f"asiakas {CODE} soitti", "aino@example.fi", "+358 40 123 4567"])
def test_personal_data_stops_the_file(store: Store, tmp_path: Path, value: str) -> None:
    prepared, generation = load(store, encounters(tmp_path, f"{GOOD};{value}", header=f"{HEADER};Huomio"))
    assert (prepared.exit_code, generation, prepared.files[0].refused) == (2, None, "personal_data")
    assert [(finding.row, finding.column_header) for finding in prepared.files[0].findings] == [(2, "Huomio")]
    assert all(value.encode() not in content for content in bytes_below(store.path))


def test_an_identity_code_in_a_second_column_of_identifiers_stops_the_file(store: Store, tmp_path: Path) -> None:
    prepared, _ = load(
        store, encounters(tmp_path, f"{GOOD.replace('AS-1', CODE)};AS-1", header=f"{HEADER};Asiakasnumero")
    )
    assert prepared.files[0].refused == "personal_data"


def test_service_points_named_in_encounters_are_registered(store: Store, tmp_path: Path) -> None:
    header = f"{HEADER};Palvelupiste"
    path = encounters(
        tmp_path,
        f"{GOOD};Itäkeskus",
        GOOD.replace("K1", "K2") + ";Itäkeskus",
        GOOD.replace("K1", "K3") + ";" + "x" * 61,
        header=header,
    )
    prepared, _ = load(store, path)
    assert rows(store, "SELECT code, name_fi FROM service_point") == [("itakeskus", "Itäkeskus")]
    assert [(one.field, one.reason) for one in prepared.files[0].parts[0].odd] == [("service_point", "too_long")]
    listed = encounters(tmp_path, "itakeskus;Neuvontapiste Itäkeskus;Helsinki", name="p.csv", header="koodi;nimi;kunta")
    prepared, _ = load(store, listed)
    assert counts(prepared) == Counts(read=1, replaced=1)
    load(store, encounters(tmp_path, GOOD.replace("K1", "K4") + ";Neuvontapiste Itäkeskus", header=header))
    assert rows(store, "SELECT service_point, count(*) FROM encounter GROUP BY 1 ORDER BY 2") == [
        ("unknown", 1),
        ("itakeskus", 3),
    ]


def test_a_newer_import_of_a_file_takes_the_place_of_its_rejects(store: Store, tmp_path: Path) -> None:
    bad = GOOD.replace("3.2.2025", "31.2.2025")
    load(store, encounters(tmp_path, bad), encounters(tmp_path, bad, name="toinen-kohtaamiset.csv"))
    load(store, encounters(tmp_path, GOOD))
    assert [reject.file for reject in load_rejects(store.rejected_path)] == ["toinen-kohtaamiset.csv"]


def test_a_store_that_moved_on_is_compared_anew(store: Store, tmp_path: Path) -> None:
    prepared = prepare([encounters(tmp_path, GOOD, GOOD.replace("K1", "K2"))], store)
    load(store, encounters(tmp_path, GOOD, name="b.csv"))
    done, _ = publish(prepared, store, "test")
    assert counts(prepared) == Counts(read=2, loaded=2)
    assert counts(done) == Counts(read=2, loaded=1, unchanged=1)
    assert rows(store, "SELECT count(*), count(DISTINCT record) FROM encounter") == [(2, 2)]


def test_what_another_import_has_brought_meanwhile_makes_no_version(store: Store, tmp_path: Path) -> None:
    """As two first imports of a file at once: the second says what it would have said after the first."""
    file = encounters(tmp_path, GOOD)
    prepared = prepare([file], store)
    load(store, file)
    done, generation = publish(prepared, store, "test")
    assert counts(done) == Counts(read=1, unchanged=1)
    assert (generation, store.numbers()) == (None, (1,))
    with store.reading() as connection:
        assert len(deliveries.read(connection)) == 1


@pytest.mark.parametrize("made", [False, True])
def test_a_trial_leaves_nothing_behind(made: bool, store: Store, tmp_path: Path) -> None:
    if made:
        load(store, encounters(tmp_path, GOOD))
    file = encounters(tmp_path, GOOD, GOOD.replace("K1", "K2"))
    before = sorted(tmp_path.rglob("*"))
    prepared = prepare([file], store, wishes=Wishes(is_trial=True))
    assert counts(prepared) == (Counts(read=2, loaded=1, unchanged=1) if made else Counts(read=2, loaded=2))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_store_of_an_older_program_is_compared_by_its_words(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, encounters(tmp_path, GOOD, GOOD.replace("K1", "K2")))
    for module in (draft, merging):
        monkeypatch.setattr(module, "schema_version", lambda: "newer")
    changed = encounters(tmp_path, GOOD, GOOD.replace("K1", "K2").replace("Työ", "Asuminen"))
    prepared, _ = load(store, changed)
    assert counts(prepared) == Counts(read=2, replaced=1, unchanged=1)
    assert rows(store, "SELECT count(*), count(DISTINCT record) FROM encounter") == [(2, 2)]


def test_the_population_table_adds_up(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "vaesto.csv"
    path.write_text(
        '"Väestö"\n\n"Alue";"Kieli";"2024";"2025"\n"KU049 Espoo";"SSS YHTEENSÄ";9;9\n"KU049 Espoo";"ar arabia";4;..\n'
        '"KU049 Espoo";"xx klingon";1;2\n', encoding="utf-8",
    )  # fmt: skip
    prepared, _ = load(store, path)
    assert counts(prepared) == Counts(read=6, loaded=2, rejected=2, totals=2)
    assert rows(store, "SELECT language::VARCHAR, year, residents FROM population ORDER BY year") == [
        ("ar", 2024, 4),
        ("ar", 2025, None),
    ]


def test_marks_and_a_forced_order_of_topics(store: Store, tmp_path: Path) -> None:
    path = encounters(tmp_path, "K1;1.2.2025;x;;1", "K2;1.2.2025;;;", header="Tunnus;Pvm;Työ;Asuminen;Koulutus")
    prepared, _ = load(store, path)
    assert rows(store, "SELECT topics::VARCHAR[] FROM encounter") == [(["work", "education"],)]
    assert reasons(prepared) == [(3, "topics", "required_empty")]


def test_in_a_column_of_crosses_empty_means_no(store: Store, tmp_path: Path) -> None:
    header = "Asiakas;Koulutus;Alkoi;Suoritettu;Räätälöity"
    path = encounters(tmp_path, "A1;Kielikoulutus;1.2.2025;x;Kyllä", "A2;Kielikoulutus;1.2.2025;;", header=header)
    load(store, path)
    assert rows(store, "SELECT completed, tailored FROM training ORDER BY completed") == [(False, None), (True, True)]


CELLS = {
    "Tunnus": st.one_of(st.integers(1, 6).map(str), st.just("")), "Asiakas": st.sampled_from(["A1", "A2", ""]),
    "Pvm": st.sampled_from(["1.2.2025", "2025-02-30", "", "45000"]), "Aiheet": st.sampled_from(["Työ", "Työ; Asuminen", "", "?"]),
    "Kesto (min)": st.sampled_from(["5", "-1", "", "x"]), "Kunta": st.sampled_from(["49", "Esbo", "", "999"]),
}  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries(CELLS).filter(lambda row: any(row.values())), min_size=1, max_size=12))
def test_no_row_is_lost_whatever_the_file_holds(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    store = Store(folder / "s")
    lines = [";".join(row[name] for name in CELLS) for row in drawn]
    for _ in range(2):
        prepared, _ = load(store, encounters(folder, *lines, header=";".join(CELLS)))
        done = counts(prepared)
        assert done.read == len(lines) == done.loaded + done.replaced + done.unchanged + done.rejected + done.totals
        assert done.rejected == len({reject.row for reject in prepared.files[0].rejected})
    if store.current():
        assert rows(store, "SELECT count(*) FROM encounter") == [(done.unchanged,)]


NAMED = [
    "131052-308T.csv", "asiakas_0401234567.csv", "aino@example.fi.csv", "lista 13105\u200b2-308T.csv",
    "１３１０５２－３０８Ｔ.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_a_file_called_by_personal_data_is_refused_and_its_name_stays_nowhere(
    store: Store, tmp_path: Path, name: str
) -> None:
    prepared, generation = load(store, encounters(tmp_path, GOOD.replace("Arabia", "Klingon"), name=name))
    assert (generation, prepared.exit_code, prepared.files[0].refused) == (None, 2, "personal_data")
    assert prepared.files[0].file == "file-1.csv"
    assert (0, "") in {(finding.row, finding.column_header) for finding in prepared.files[0].findings}
    assert name not in repr(prepared)
    assert [path.name for path in store.path.rglob("*") if name[:-4] in path.name or "308T" in path.name] == []
    assert all(name.encode() not in content for content in bytes_below(store.path))


def test_a_sheet_called_by_personal_data_stops_the_file(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "kirja.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("131052-308T.csv", f"{HEADER}\n{GOOD}\n")
    prepared, _ = load(store, path)
    assert prepared.files[0].refused == "personal_data"
    assert CODE not in repr(prepared)


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-2+3", "+x"])
def test_the_name_of_a_service_point_is_no_formula(store: Store, tmp_path: Path, name: str) -> None:
    load(store, encounters(tmp_path, f"{GOOD};{name}", header=f"{HEADER};Palvelupiste"))
    listed = encounters(tmp_path, f"a;{name};Helsinki", name="p.csv", header="koodi;nimi;kunta")
    load(store, listed)
    if store.current():
        assert rows(store, "SELECT * FROM service_point") == []


def test_the_name_of_a_service_point_is_one_line_of_what_prints(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, f'{GOOD};"Itä\n\u202ekeskus"', header=f"{HEADER};Palvelupiste"))
    assert rows(store, "SELECT name_fi FROM service_point") == [("Itä keskus",)]


def test_all_of_an_import_reads_the_store_over_one_cursor(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making one takes as long as a question, and a small file asks a dozen."""
    load(store, encounters(tmp_path, GOOD))
    read, opened = Store.read, []

    def noted(store: Store, *of: Generation) -> duckdb.DuckDBPyConnection:
        opened.append(read(store, *of))
        return opened[-1]

    monkeypatch.setattr(Store, "read", noted)
    other = encounters(tmp_path, GOOD.replace("K1", "K2"), name="b.csv")
    assert prepare([other, encounters(tmp_path, GOOD, name="c.csv")], store).exit_code == 0
    (cursor,) = opened
    with pytest.raises(duckdb.ConnectionException):
        cursor.execute("SELECT 1")
