"""A store whose files lack what the program has learnt since they were made: all that is asked of it is done all the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from data.coverage import deliveries
from data.ingest.forgetting import InRegister, _delete
from data.model.records import TABLES
from data.model.schema import columns, schema_version
from data.refusal import refusal_text
from data.store import reading
from data.store.releases import follow, moves_visitors, release_status, rollback
from data.store.repair import repair
from data.store.rewriting import rewrite
from data.store.store import Store, StoreError
from data.store.workspace import writing_into
from data.texts import LANGUAGES, texts
from metrics.ask import ask
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from tests.data.ingest.imports import GOOD, load
from tests.data.ingest.imports import encounters as csv_file
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
    rewrite(store, lambda connection: _delete(connection, [InRegister((), (5,))]))
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


def changed(found: Store, *statements: str) -> Store:
    """A store after statements in each of its files, of a version of the program that knew of no other form."""
    for file in found.path.glob("*/*.duckdb"):
        reading.forget(file.resolve())
        with writing_into(file) as connection:
            for statement in (*statements, "UPDATE about SET schema_version = 'other'"):
                connection.execute(statement)
    return found


def with_codes(folder: Path, codes: Sequence[str], channel: str) -> Store:
    """A store whose list of channels is another one, with an SQL expression of each encounter's."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return changed(
        of_a_hundred(folder, is_open=False),
        f"CREATE TYPE other_channel AS ENUM ({listed})",
        f"CREATE TABLE other AS SELECT * REPLACE (({channel})::other_channel AS channel) FROM encounter",
        "DROP TABLE encounter",
        "ALTER TABLE other RENAME TO encounter",
    )


def channels(store: Store) -> dict[object, int]:
    with store.reading(store.serving()) as cursor:
        return dict(cursor.execute("SELECT channel::VARCHAR, count(*) FROM encounter GROUP BY 1").fetchall())


def test_fewer_codes_and_in_another_order(tmp_path: Path) -> None:
    old = with_codes(tmp_path / "store", ["unknown", "phone"], "if(record % 2 = 0, 'phone', 'unknown')")
    before = channels(old)
    assert before.keys() == {"unknown", "phone"}
    walk_in = ask(Question(("clients",), where=(("channel", ("walk_in",)),)), old).rows
    assert [row.value for row in walk_in] == [None]
    with old.next_generation("the same rows"):
        pass
    assert channels(old) == before


def test_codes_that_are_not_known_stop_an_import_in_words(tmp_path: Path) -> None:
    """Of a later version of the program, or of one whose list had a code that has gone: no row may lose it unseen."""
    newer = with_codes(tmp_path / "store", ["unknown", "pigeon"], "if(record % 2 = 0, 'pigeon', 'unknown')")
    assert [row.value for row in ask(Question(("clients",)), newer).rows] == [100]
    before = channels(newer)
    with pytest.raises(StoreError) as raised, newer.next_generation("the same rows"):
        pass
    assert (raised.value.reason, raised.value.detail) == ("another_form", "encounter.channel")
    assert (newer.serving().number, channels(newer)) == (1, before)
    for lang in LANGUAGES:
        assert "encounter.channel" in refusal_text(raised.value, texts(lang))
    assert not [*newer.path.rglob("*.draft*")]


def test_where_a_value_was_not_needed_it_is_unknown(tmp_path: Path) -> None:
    old = changed(
        of_a_hundred(tmp_path / "store", is_open=False),
        "ALTER TABLE encounter ALTER COLUMN channel DROP NOT NULL",
        "UPDATE encounter SET channel = NULL",
        "ALTER TABLE encounter DROP COLUMN topics",
    )
    with old.next_generation("the same rows"):
        pass
    assert channels(old) == {"unknown": 100}


def test_deliveries_of_which_less_was_kept(tmp_path: Path) -> None:
    found = Store(tmp_path / "store")
    load(found, csv_file(tmp_path, GOOD))
    old = changed(found, "ALTER TABLE delivery DROP COLUMN gone", "ALTER TABLE delivery DROP COLUMN fields")
    with old.reading(old.serving()) as cursor:
        (before,) = deliveries.read(cursor)
    assert (before.loaded, before.gone, before.fields) == (1, 0, ())
    with old.next_generation("the same rows"):
        pass
    with old.reading(old.serving()) as cursor:
        assert deliveries.read(cursor) == (before,)
    seen: list[deliveries.Delivery] = []
    rewrite(old, lambda connection: seen.extend(deliveries.read(connection)))
    assert set(seen) == {before}


def test_people_are_forgotten_where_there_were_no_encounters(tmp_path: Path) -> None:
    old = changed(of_a_hundred(tmp_path / "store", is_open=False), "DROP TABLE encounter")
    rewrite(old, lambda connection: _delete(connection, [InRegister((), (5,))]))
    assert old.serving().clients == 0, "nobody is kept of whom nothing is"


def test_a_file_that_says_nothing_of_itself_is_not_the_one_that_belongs_there(tmp_path: Path) -> None:
    found = changed(of_a_hundred(tmp_path / "store", is_open=False))
    file = found.file(found.serving())
    reading.forget(file.resolve())
    with writing_into(file) as connection:
        connection.execute("DROP TABLE about")
    with pytest.raises(StoreError) as raised:
        found.read(found.serving())
    assert raised.value.reason == "replaced"
