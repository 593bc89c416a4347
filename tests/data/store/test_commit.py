"""Several files at once: what was stopped half way is finished by whoever comes next; leftovers are in nobody's way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.store import commit as committing
from data.store.commit import UNFINISHED, commit, finish
from data.store.durable import create_durably, write_durably
from data.store.repair import repair
from data.store.rewriting import rewrite
from data.store.sealed import sealed
from data.store.store import Store, StoreError
from tests.metrics.made import store_of


def test_a_reader_finishes_what_a_writer_could_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(tmp_path / "store", {"encounter": [{"client": 1}]})
    with monkeypatch.context() as patch:
        patch.setattr(committing, "finish", lambda _store: None)
        with store.next_generation("second"):
            pass
    assert (store.path / UNFINISHED).exists()
    assert Store(store.path).serving().number == 2
    assert not (store.path / UNFINISHED).exists()
    assert [one.number for one in store.history()] == [1, 2]


@pytest.mark.parametrize("stop", ["generations/000001.duckdb", "generations/000001.json"])
def test_whoever_reads_in_the_middle_is_told_of_no_damage(
    stop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file and its description change one after the other, and both at once for whoever has begun before."""
    store = store_of(tmp_path / "store", {"encounter": [{"client": 1}, {"client": 2}]})
    before, replace = store.serving(), Path.replace

    def stopped(self: Path, place: Path) -> Path:
        found = replace(self, place)
        if place == store.path / stop:
            raise KeyboardInterrupt
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            rewrite(store, lambda connection: connection.execute("DELETE FROM encounter WHERE client = 1"))  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="no_generation"):
        store.read(before)
    assert store.serving().rows["encounter"] == 1


@pytest.mark.parametrize("name", ["../x", "/etc/x", "generations/../../x", "a/b"])
def test_nothing_outside_the_store_takes_part(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.draft").write_text("x")
    (tmp_path / UNFINISHED).write_text(sealed({"moves": {"x.draft": name}, "gone": []}))
    with pytest.raises(StoreError, match="damaged"):
        finish(tmp_path)
    (tmp_path / UNFINISHED).write_text(sealed({"moves": {}, "gone": [name]}))
    with pytest.raises(StoreError, match="damaged"):
        finish(tmp_path)


def test_a_commit_puts_in_place_and_removes(tmp_path: Path) -> None:
    (tmp_path / "generations").mkdir()
    for name in ("generations/000001.json", "generations/000001.duckdb", "generations/000002.draft"):
        (tmp_path / name).write_text(name)
    commit(tmp_path, {"generations/000002.draft": "generations/000002.duckdb"}, ["generations/000001"])
    assert [path.name for path in (tmp_path / "generations").iterdir()] == ["000002.duckdb"]


def test_leftovers_of_any_kind_are_in_nobodys_way(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", {"encounter": [{"client": 1}]})
    for name in ("000002.draft", "000009.draft.wal"):
        (store.path / "generations" / name).mkdir()
        (store.path / "generations" / name / "x").write_text("x")
    (store.path / "generations" / "000002.json.draft").symlink_to("nowhere")
    (store.path / "current.draft").write_bytes(b"\xff")
    with store.next_generation("second"):
        pass
    assert store.serving().number == 2
    assert not [*store.path.rglob("*.draft*")]


def test_a_small_file_is_made_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.keys"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("data.store.durable._link", stop)
        patch.setattr("pathlib.Path.rename", stop)
        with pytest.raises(KeyboardInterrupt):
            create_durably(path, "keys")
    assert not path.exists()
    create_durably(path, "keys")
    with pytest.raises(FileExistsError):
        create_durably(path, "others")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("store.keys", "keys")]


def test_without_links_a_file_is_made_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    create_durably(tmp_path / "k", "keys")
    with pytest.raises(FileExistsError):
        create_durably(tmp_path / "k", "others")
    assert (tmp_path / "k").read_text() == "keys"


def test_what_a_killed_process_left_of_a_small_file_goes(tmp_path: Path) -> None:
    import os

    old, new = tmp_path / "a.1.tmp", tmp_path / "a.2.tmp"
    for left in (old, new):
        left.write_text("x")
    os.utime(old, (0, 0))
    write_durably(tmp_path / "a", "text")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a", "a.2.tmp"]


def test_a_folder_is_out_of_the_way_of_writers_before_anything_in_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cube" / "000001-a").mkdir(parents=True)
    rmtree, there = shutil.rmtree, []

    def watched(path: Path, **more: Any) -> None:
        if path.exists():
            there.append((tmp_path / "cube").exists())
        rmtree(path, **more)

    monkeypatch.setattr(shutil, "rmtree", watched)
    commit(tmp_path, {}, ["cube"])
    assert there == [False]
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.skipif(os.name != "posix", reason="processes are asked for by number")
@pytest.mark.parametrize("folder", ["generations", "releases"])
def test_rows_that_a_killed_reader_has_left_go_with_the_next_writer(folder: str, tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", {"encounter": [{"client": 1}]})
    living, dead = (store.path / folder / f"000001.duckdb.{number}-3.tmp" for number in (os.getpid(), 2**22 + 7))
    for spilled in (living, dead):
        spilled.mkdir(parents=True)
        (spilled / "duckdb_temp_storage-0.tmp").write_text("rows")
    with store.writing():
        pass
    assert living.exists()
    assert not dead.exists()


@pytest.mark.skipif(os.name != "posix", reason="processes are asked for by number")
@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(lambda store: list(repair(store)), id="a repair"),
        pytest.param(lambda store: commit(store.path, {}, ["generations/000001"]), id="the file goes"),
    ],
)
def test_a_living_reader_goes_on_with_what_it_could_not_keep_in_memory(
    deed: Callable[[Store], object], tmp_path: Path
) -> None:
    """DuckDB makes the folder once: without it, whatever does not fit is told as damage from then on."""
    store = store_of(tmp_path / "store", {"encounter": [{"client": 1}]})
    dead = store.path / "generations" / f"000001.duckdb.{2**22 + 7}-3.tmp"
    dead.mkdir()
    much = "SELECT count(*), max(n) FROM (SELECT hash(range) AS n FROM range(2_000_000) ORDER BY n OFFSET 1)"
    with store.reading() as cursor:
        cursor.execute("SET memory_limit = '20MB'")
        cursor.execute("SET threads = 1")
        found = cursor.execute(much).fetchall()
        assert [*store.path.glob("generations/*.tmp/duckdb_temp*")]
        deed(store)
        assert not dead.exists()
        assert cursor.execute(much).fetchall() == found
