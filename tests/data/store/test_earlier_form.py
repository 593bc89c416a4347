"""A store whose files lack what the program has learnt since they were made: all that is asked of it is done all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.forgetting import _delete
from data.model.records import TABLES
from data.model.schema import columns, schema_version
from data.store import reading
from data.store.releases import follow, moves_visitors, release_status, rollback
from data.store.repair import repair
from data.store.rewriting import rewrite
from data.store.store import Store
from data.store.workspace import writing_into
from metrics.ask import ask
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from tests.data.store.months import another, encounters, of_a_hundred
from tests.metrics.made import store_of


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A hundred clients and a release, of a program that knew no training and not at what hour people came."""
    found = of_a_hundred(tmp_path / "store")
    for file in found.path.glob("*/*.duckdb"):
        reading.forget(file.resolve())
        with writing_into(file) as connection:
            connection.execute("DROP TABLE training")
            connection.execute("ALTER TABLE encounter DROP COLUMN hour")
            connection.execute("UPDATE about SET schema_version = 'earlier'")
    return found


def test_releases_follow_as_before(store: Store) -> None:
    another(store)
    found = release_status(store)
    assert found is not None
    assert (found.release.number, found.people, found.corrected) == (2, 0, 0), "a quarter has ended"
    assert store.released().rows["encounter"] == 130
    assert store.released().schema_version == schema_version()
    assert not [*store.path.rglob("*.draft*")]


def test_what_it_has_learnt_is_no_correction(store: Store) -> None:
    with store.next_generation("the same rows"):
        pass
    found = follow(store)
    assert found is not None
    assert (found.release.number, found.people, found.corrected) == (1, 0, 0)
    assert not moves_visitors(store, 1)


def test_one_may_go_back(store: Store) -> None:
    another(store)
    follow(store)
    assert moves_visitors(store, 1)
    rollback(store, 1, accepted=True)
    assert (store.serving().number, store.released().rows["encounter"]) == (1, 100)


@pytest.mark.parametrize("first", [False, True])
def test_people_are_forgotten_in_every_version(store: Store, *, first: bool) -> None:
    if not first:
        another(store)
    rewrite(store, lambda connection: _delete(connection, [5]))
    with store.reading(store.generation(1)) as connection:
        assert connection.execute("SELECT count(*) FROM client").fetchone() == (99,)
    assert store.generation(1).schema_version == "earlier"


def test_a_version_is_described_anew(store: Store) -> None:
    (store.path / "generations" / "000001.json").unlink()
    assert [one.deed for one in repair(store)] == ["described"]
    assert store.serving().rows["encounter"] == 100


def lacking_all_it_may(folder: Path) -> Store:
    """A store of a program that knew nothing but who came when, and where to."""
    found = of_a_hundred(folder, is_open=False)
    for file in found.path.glob("*/*.duckdb"):
        reading.forget(file.resolve())
        with writing_into(file) as connection:
            for table, model in TABLES.items():
                if table != "encounter":
                    connection.execute(f"DROP TABLE {table}")
                    continue
                for column in columns(model):
                    if not column.required and column.name not in ("client", "municipality"):
                        connection.execute(f'ALTER TABLE {table} DROP COLUMN "{column.name}"')
            connection.execute("UPDATE about SET schema_version = 'earlier'")
    return found


def test_every_kind_of_figure_is_asked_of_it(tmp_path: Path) -> None:
    """What has come since is not known, and nothing is a fault."""
    old = lacking_all_it_may(tmp_path / "store")
    one_of_each = {one.fact: one for one in definitions().values()}
    told = {one.id: ask(Question((one.id,), one.requires), old).rows for one in one_of_each.values()}
    assert [row.value for row in ask(Question(("clients",)), old).rows] == [100]
    assert {
        row.value for metric, rows in told.items() for row in rows if definitions()[metric].fact != "encounter"
    } <= {None}
    assert [row.codes["sex"] for row in ask(Question(("clients",), ("sex",)), old).rows if row.value] == ["unknown"]


def test_the_next_import_brings_it_into_the_present_form(tmp_path: Path) -> None:
    old = lacking_all_it_may(tmp_path / "store")
    another(old)
    assert old.serving().schema_version == schema_version()
    with old.reading(old.serving()) as cursor:
        assert cursor.execute("SELECT DISTINCT channel, partners, satisfaction FROM encounter").fetchall() == [
            ("unknown", [], None)
        ]
    assert [row.value for row in ask(Question(("clients",)), old).rows] == [100]


def test_whoever_reads_a_file_of_this_version_sees_its_tables(tmp_path: Path) -> None:
    made = store_of(tmp_path / "store", {"encounter": encounters(range(1, 3), 8)})
    with made.reading(made.serving()) as cursor:
        assert cursor.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchall() == [(0,)]
