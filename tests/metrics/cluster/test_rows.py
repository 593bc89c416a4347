"""Rows of clients as they are written for a cluster: each client's in one slice, whole, and for nobody else to read."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from data.model.schema import client_tables
from data.store.audit import AuditLog
from data.store.store import Store
from metrics.cluster.errors import ClusterError
from metrics.cluster.loading import loaded
from metrics.cluster.manifest import ALL, MANIFEST, WrittenRows, place_of
from metrics.cluster.writing import write
from metrics.model.facts import FACTS
from metrics.model.facts.of_all import OF_ALL, answered
from tests.conftest import own_copy
from tilannekuva import __main__ as tilannekuva

SLICES = 5


@pytest.fixture(scope="module")
def store(sample_store: Path) -> Store:
    return Store(sample_store)


@pytest.fixture(scope="module")
def folder(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(store, store.serving(), tmp_path_factory.mktemp("cluster") / "rows", SLICES)


def pieces(folder: Path, *numbers: int) -> list[tuple[str, bytes]]:
    wanted = {ALL, *(f"slice={number}" for number in numbers)}
    found = ((*place_of(str(path)), path) for path in sorted(folder.rglob("*.parquet")))
    return [(table, path.read_bytes()) for table, part, path in found if part in wanted]


def manifest(folder: Path) -> WrittenRows:
    return WrittenRows.read((folder / MANIFEST).read_text(encoding="utf-8"))


def contents(cursor: duckdb.DuckDBPyConnection, table: str, where: str) -> list[tuple[object, ...]]:
    return cursor.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY record").fetchall()


@pytest.mark.parametrize("numbers", [(0,), (1, 4), tuple(range(SLICES))])
def test_a_slice_holds_all_rows_of_its_clients_as_they_are(
    numbers: tuple[int, ...], store: Store, folder: Path
) -> None:
    """Types too: codes are in the order of their lists, and keys whole."""
    own = f"abs(client) % {SLICES} IN {(*numbers, -1)}"
    with store.reading() as cursor, loaded(pieces(folder, *numbers), manifest(folder), numbers) as found:
        for table in client_tables():
            assert contents(found, table, own) == contents(cursor, table, own) != [], table
            described = f"SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '{table}'"
            assert set(found.execute(described).fetchall()) == set(cursor.execute(described).fetchall())
        for table in ("service_point", "staff"):
            assert contents(found, table, "true") == contents(cursor, table, "true")


def test_what_a_client_refers_to_is_there_once(store: Store, folder: Path) -> None:
    """Visitors without a name have another key in each of their rows, so it often lies in another slice."""
    links = f"SELECT count(*) FROM referral r JOIN encounter e ON e.record = r.encounter WHERE abs(r.client) % {SLICES} IN (1, 4)"
    with store.reading() as cursor, loaded(pieces(folder, 1, 4), manifest(folder), (1, 4)) as found:
        assert found.execute(links).fetchall() == cursor.execute(links).fetchall()
        of_others = f"SELECT count(*) > 10 FROM encounter WHERE abs(client) % {SLICES} NOT IN (1, 4)"
        assert found.execute(of_others).fetchall() == [(True,)], "so that the test could fail"


def test_files_are_for_their_owner_alone_and_hold_no_names(folder: Path) -> None:
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}
    assert modes == {True: 0o700, False: 0o600}
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*")} == {0}
    assert not (folder / "client").exists(), "pseudonyms stay in the store"
    every = f"SELECT DISTINCT file, sheet, digest FROM '{folder / 'delivery' / ALL / 'rows.parquet'}'"
    assert duckdb.execute(every).fetchall() == [("", "", "")]


def test_what_lacks_is_said(folder: Path) -> None:
    known = manifest(folder)
    places = [place_of(str(path)) for path in folder.rglob("*.parquet")]
    assert known.missing(places) is None
    assert known.missing([one for one in places if one != ("outcome", "slice=3")]) == "outcome/slice=3"
    assert known.missing([one for one in places if one != ("staff", ALL)]) == f"staff/{ALL}"
    with pytest.raises(ClusterError, match="rows_missing"), loaded(pieces(folder, 1), known, (1, 2)):
        pass


def test_only_what_this_program_has_written_is_read(folder: Path) -> None:
    known = manifest(folder)
    assert WrittenRows.read(known.text()) == known
    for text in (known.text()[:-40], replace(known, schema="0").text(), "{}", "[]", ""):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it
            WrittenRows.read(text)


def test_facts_ask_of_all_clients_in_no_other_way() -> None:
    """Where data end is no question for a slice."""
    for fact in FACTS.values():
        sql = answered(fact.select(tuple(fact.columns)))
        assert fact.until == "NULL" or f"({fact.until})" not in sql
        assert not any(query in sql for query in OF_ALL.values()), fact.name


def test_the_command_writes_what_everyone_is_answered_from(
    sample_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = own_copy(sample_store, tmp_path / "own", cells=False)
    command = ["slices", "--to", str(tmp_path / "rows"), "--slices", "2", "--store", str(own), "--lang", "en"]
    assert tilannekuva.main(command) == 0
    (made,) = (tmp_path / "rows").iterdir()
    assert made.name == Store(own).cube_path(Store(own).serving()).name
    assert str(made) in capsys.readouterr().out
    assert [line.what for line in AuditLog(own).lines()][-1] == "sliced"
    shutil.rmtree(made / "encounter")
    assert tilannekuva.main(command) == 0
    assert (made / "encounter").exists(), "it takes the place of an earlier one"
    assert tilannekuva.main(["slices", "--to", str(own / "current"), "--store", str(own)]) == 2
    assert "Traceback" not in capsys.readouterr().err
