"""The sample municipality in a store, as a CSV file and on the command line."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.cli import main
from data.codes import code_list
from data.model.records import TABLES
from data.sample.csv_file import write_csv
from data.sample.plan import make_plan
from data.sample.publish import NotASampleStoreError, publish
from data.sample.tables import tables
from data.store.store import Store
from tests.data import hashed

UNTIL = date(2026, 9, 30)
PLAN = make_plan(3_000, 7, UNTIL)


@pytest.fixture(scope="module")
def small() -> dict[str, pl.DataFrame]:
    """Rows before the keys; at this size every table comes in one part."""
    return {name: pl.DataFrame(pl.from_arrow(rows)) for name, rows in tables(PLAN)}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("sample") / "store")
    publish(PLAN, store)
    return store


# In a store


def test_the_store_holds_the_rows_under_keys_as_an_import_makes_them(
    store: Store, small: dict[str, pl.DataFrame]
) -> None:
    with store.read() as connection:
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in TABLES}
        clients = dict(connection.execute("SELECT pseudonym, client FROM client").fetchall())
        seen = {
            client
            for (client,) in connection.execute("SELECT DISTINCT client FROM encounter WHERE client > 0").fetchall()
        }
        records = {record for (record,) in connection.execute("SELECT record FROM encounter").fetchall()}
        anonymous = connection.execute("SELECT DISTINCT client FROM encounter WHERE client < 0").fetchall()
        linked = connection.execute("SELECT count(*), count(DISTINCT encounter) FROM referral WHERE encounter IN "
                                    "(SELECT record FROM encounter)").fetchall()[0]  # fmt: skip
    assert counts == {name: frame.height for name, frame in small.items()}
    assert len(clients) == PLAN.clients
    assert seen == set(clients.values())
    pseudonym = hashed.pseudonym(store.keys, "S-000001")
    assert clients[pseudonym] == hashed.rkey(store.keys, pseudonym)
    assert hashed.record(store.keys, "E-0000001", "encounter") in records
    assert len(records) == PLAN.encounters
    assert len(anonymous) == PLAN.anonymous
    assert linked[0] == small["referral"]["encounter_id"].drop_nulls().len()
    assert store.is_sample


def test_an_anonymous_visitor_is_a_unit_of_its_own_made_of_the_record(store: Store) -> None:
    with store.read() as connection:
        record, client = connection.execute("SELECT record, client FROM encounter WHERE client < 0 LIMIT 1").fetchall()[
            0
        ]
    assert client == -hashed.rkey(store.keys, f"anonymous\x1fencounter\x1f{record}")


def test_making_it_again_replaces_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    publish(make_plan(200, 1, UNTIL), store)
    publish(make_plan(300, 2, UNTIL), store)
    assert store.serving().rows["encounter"] == 300
    assert len(store.history()) == 2


def test_real_records_are_never_mixed_with_examples(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with store.next_generation("a file"):
        pass
    with pytest.raises(NotASampleStoreError):
        publish(PLAN, store)
    assert store.serving().number == 1


# As a file, and on the command line


def test_the_csv_is_what_a_municipality_would_export(tmp_path: Path, small: dict[str, pl.DataFrame]) -> None:
    file = tmp_path / "neuvonta.csv"
    assert write_csv(PLAN, file) == PLAN.encounters
    rows = pl.read_csv(file, separator=";", infer_schema=False)
    assert ";".join(rows.columns) == (
        "kohtaamis_id;asiakas_id;päivämäärä;kunta;kielikoodi;kielituki;kanava;aihe;minuutit;ratkaisu;ajanvaraus_pvm;maahantulo"
    )
    assert rows.height == PLAN.encounters
    assert rows["asiakas_id"].null_count() == PLAN.anonymous
    assert rows["kunta"].str.len_chars().unique().to_list() == [3]
    assert rows["päivämäärä"].to_list() == small["encounter"]["occurred_on"].dt.to_string("%Y-%m-%d").to_list()
    lists = {"kielituki": "language_support", "kanava": "channel", "ratkaisu": "resolution"}
    for header, name in lists.items():
        found = [code_list(name).find(label) for label in rows[header]]
        assert found == small["encounter"][name].cast(pl.String).to_list()
    topics = [[code_list("topic").find(label) for label in cell.split("|")] for cell in rows["aihe"]]
    assert topics == small["encounter"]["topics"].to_list()


def run(*words: str) -> int:
    return main(["sample", *words])


def test_the_command_makes_a_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--encounters", "100", "--store", str(tmp_path / "store"), "--until", "2026-05-31") == 0
    assert "100 asiointia" in capsys.readouterr().out
    assert Store(tmp_path / "store").serving().rows["encounter"] == 100


def test_the_command_refuses_what_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--encounters", "0", "--store", str(tmp_path / "store")) == 2
    assert "--encounters" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()
