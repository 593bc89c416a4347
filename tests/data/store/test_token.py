"""Which data: a generation is told from every other one, whatever its number, path and time, and read as itself."""

import shutil
import weakref
from pathlib import Path

import pytest

from data.store import reading
from data.store.generation import Generation
from data.store.kept import clear_cells
from data.store.releases import rollback
from data.store.repair import repair
from data.store.store import KEEP, Store, StoreError
from data.store.workspace import writing_into
from tests.data.store import unsealed
from tests.metrics.made import store_of


def made(path: Path, clients: int, created: str | None = None) -> Store:
    """A store with one generation of so many clients."""
    store = store_of(path, {"encounter": [{"client": number} for number in range(1, clients + 1)]})
    if created:
        describe(store, created=created)
    return store


def description(store: Store) -> Path:
    return store.path / "generations" / "000001.json"


def describe(store: Store, **changes: object) -> None:
    """Change what the first generation says about itself."""
    unsealed.describe(description(store), **changes)


def clients(store: Store, generation: Generation | None = None) -> int:
    cursor = store.read(generation)
    try:
        (count,) = cursor.execute("SELECT count(*) FROM client").fetchone() or (None,)
    finally:
        cursor.close()
    assert isinstance(count, int)
    return count


def restore(backup: Path, store: Store) -> None:
    """Put a backup in the place of a store as `cp -a` does: names and times as they were."""
    shutil.rmtree(store.path)
    shutil.copytree(backup, store.path)


def test_no_two_generations_have_one_token(tmp_path: Path) -> None:
    """Made in one second, with one number and the same content; and each import in a store has its own."""
    moment = "2026-11-25T12:00:00"
    stores = [made(tmp_path / f"store-{i}", 3, moment) for i in range(3)]
    with stores[0].next_generation("again"):
        pass
    found = [one.token for store in stores for one in store.history()]
    assert len(set(found)) == len(found) == 4
    assert len({hash(one) for store in stores for one in store.history()}) == 4


def test_a_token_goes_with_its_generation(tmp_path: Path) -> None:
    """Into a backup and back, and over a rollback."""
    store = made(tmp_path / "store", 3)
    first = store.serving()
    shutil.copytree(store.path, tmp_path / "backup")
    with store.next_generation("second"):
        pass
    assert store.serving().token != first.token
    assert rollback(store, 1) == store.serving() == first
    restore(tmp_path / "backup", store)
    assert (store.serving(), clients(store)) == (first, 3)


def test_a_generation_of_an_earlier_version_is_told_by_its_file(tmp_path: Path) -> None:
    """Neither its description nor its file holds a token."""
    stores = {count: made(tmp_path / f"made-{count}", count, "2026-11-25T12:00:00") for count in (3, 5)}
    for store in stores.values():
        without_token(store)
    store = Store(tmp_path / "store")
    shutil.copytree(stores[3].path, store.path)
    first = store.serving()
    assert clients(store, first) == 3
    restore(stores[5].path, store)
    assert store.serving().token != first.token
    assert clients(store) == 5
    with pytest.raises(StoreError, match="no_generation"):
        store.read(first)
    with store.next_generation("an import by this version"):
        pass
    assert (len(store.serving().token), clients(store)) == (32, 5)


def without_token(store: Store) -> None:
    """Make a store as a version without tokens left it."""
    import duckdb

    with duckdb.connect(str(description(store).with_suffix(".duckdb"))) as connection:
        connection.execute("ALTER TABLE about DROP COLUMN token")
    describe(store, token=None)


def test_generations_of_an_earlier_version_are_described_anew(tmp_path: Path) -> None:
    store = made(tmp_path / "store", 3)
    with store.next_generation("again"):
        pass
    for number in (1, 2):
        file = store.path / "generations" / f"{number:06d}.duckdb"
        reading.forget(file.resolve())
        with writing_into(file) as connection:
            connection.execute("ALTER TABLE about DROP COLUMN token")
        file.with_suffix(".json").unlink()
    assert [(one.deed, one.what) for one in repair(store)] == [("described", "1"), ("described", "2")]
    assert [clients(store, one) for one in store.history()] == [3, 3]
    assert len({one.token for one in store.history()}) == 2


@pytest.mark.parametrize("token", ["../../elsewhere", "", 7, "0" * 31, ["0" * 32], 10**31, None])
def test_a_token_that_nobody_has_given_is_not_used(tmp_path: Path, token: object) -> None:
    """It names a folder: nothing but 32 hexadecimal digits may get there."""
    store = made(tmp_path / "store", 3)
    describe(store, token=token)
    path = store.cube_path(store.serving())
    assert path.parent == store.path / "cube"
    assert path.name.startswith("000001-")


def test_another_store_at_the_same_path_is_read_as_itself(tmp_path: Path) -> None:
    """While a cursor over the first one is still open, which goes on reading what it was opened on."""
    stores = [made(tmp_path / f"made-{count}", count, "2026-11-25T12:00:00") for count in (3, 5, 7)]
    store = Store(tmp_path / "store")
    cursors = []
    for source, count in zip(stores, (3, 5, 7), strict=True):
        if store.path.exists():
            shutil.rmtree(store.path)
        shutil.copytree(source.path, store.path)
        cursors.append(store.read())
        assert clients(store) == count
    assert [cursor.execute("SELECT count(*) FROM client").fetchall() for cursor in cursors] == [[(3,)], [(5,)], [(7,)]]


def test_a_file_that_is_not_the_one_described_is_not_read(tmp_path: Path) -> None:
    """A backup that is half put back: the file is another generation's, or the description is."""
    store, other = made(tmp_path / "store", 3), made(tmp_path / "other", 5)
    held = store.serving()
    assert clients(store, held) == 3
    file = description(store).with_suffix(".duckdb")
    shutil.copy(description(other).with_suffix(".duckdb"), file)
    with pytest.raises(StoreError, match="replaced"):
        store.read()
    shutil.copy(description(other), description(store))
    assert clients(store) == 5
    with pytest.raises(StoreError, match="no_generation"):
        store.read(held)
    file.unlink()
    with pytest.raises(StoreError, match="damaged"):
        store.read()


def test_a_cursor_stays_good_however_many_generations_are_read(tmp_path: Path) -> None:
    """Only so many connections are kept open; a visitor in the middle of reading does not notice."""
    store = made(tmp_path / "store", 3)
    first = store.read()
    for number in range(KEEP):
        with store.next_generation(f"import {number}"):
            pass
        assert clients(store) == 3
    assert first.execute("SELECT count(*) FROM client").fetchall() == [(3,)]


def test_a_file_that_another_process_has_replaced_is_let_go_though_nobody_reads_it(tmp_path: Path) -> None:
    """A connection holds rows of people in memory (`metrics.cube.kept_rows`), perhaps of somebody who was forgotten since."""
    store = made(tmp_path / "store", 3)
    first = store.serving()
    with store.next_generation("second"):
        pass
    assert clients(store, first) == 3
    held = weakref.ref(reading._connections[_held(store, first)][0])
    other = made(tmp_path / "other", 5)
    shutil.copy(store.file(first), other.file(first))  # as `rewrite` in another process: another file of the same name
    other.file(first).replace(store.file(first))
    assert clients(store) == 3  # of another generation
    assert held() is None
    store.file(store.serving()).unlink()
    reading.let_go_of_what_has_gone()
    assert not [file for file, _ in reading._connections if file.is_relative_to(store.path.resolve())]


def _held(store: Store, generation: Generation) -> tuple[Path, tuple[int, ...]]:
    return next(key for key in reading._connections if key[0] == store.file(generation).resolve())


def test_the_connection_that_is_read_most_stays(tmp_path: Path) -> None:
    """With what it keeps in memory, though each of the earlier generations is looked at once, as where all are listed."""
    store = made(tmp_path / "store", 3)
    for number in range(reading._HELD + 1):
        with store.next_generation(f"import {number}"):
            pass
    every, serving = store.history(), store.serving()
    store.read(serving).close()
    held = reading._connections[_held(store, serving)][0]
    for one in every:
        store.read(one).close()
        store.read(serving).close()
    assert reading._connections[_held(store, serving)][0] is held
    assert len(reading._connections) == reading._HELD


def test_what_does_not_fit_in_memory_stays_beside_the_store(tmp_path: Path) -> None:
    store = made(tmp_path / "store", 3)
    cursor = store.read()
    (folder,) = cursor.execute("SELECT current_setting('temp_directory')").fetchone() or ("",)
    cursor.close()
    assert Path(str(folder)).is_relative_to(store.path)


def test_cells_go_with_their_generation(tmp_path: Path) -> None:
    """Folders of pruned, replaced and earlier versions' generations are cleared by the next import; others stay."""
    store = made(tmp_path / "store", 3)
    own = store.cube_path(store.serving())
    strange = [own.with_name(name) for name in ("000001", "000001-0123456789abcdef", "000009-0123456789abcdef")]
    for folder in (own, *strange):
        folder.mkdir(parents=True)
        (folder / "cells.cells").touch()
    with store.next_generation("second"):
        pass
    assert list(own.parent.iterdir()) == [own]
    for number in range(KEEP + 1):
        with store.next_generation(f"import {number}"):
            pass
    assert list(own.parent.iterdir()) == []


def test_a_damaged_description_costs_no_cells(tmp_path: Path) -> None:
    store = made(tmp_path / "store", 3)
    own = store.cube_path(store.serving())
    own.mkdir(parents=True)
    description(store).write_text("{")
    clear_cells(store)
    assert own.is_dir()
