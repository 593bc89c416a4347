"""Whatever a backup or a restore is killed at: the file or the store is there whole, or not at all, and the next try works."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from data.backup.packing import backup
from data.backup.restoring import restore
from data.ingest.forgetting import forget_client
from data.store.keys import key_path
from data.store.store import Store
from tests.data.backup.killed import at_step
from tests.data.ingest.imports import encounters, load, rows

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]
COUNT = "SELECT count(*), count(DISTINCT client) FROM encounter"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "s")
    load(made, encounters(tmp_path, *(f"K{n};AS-{n % 5};{n}.2.2025;49;Arabia;;;Työ;;" for n in range(1, 21))))
    return made


def test_a_backup(store: Store, tmp_path: Path) -> None:
    to = tmp_path / "to"
    step = 0
    while True:
        shutil.rmtree(to, ignore_errors=True)
        to.mkdir()
        if not at_step("backup", store.path, to / "b.zip", step):
            break
        # Neither half of it nor anything else; with its name it is whole.
        assert [path.name for path in to.iterdir()] in ([], ["b.zip"])
        if (to / "b.zip").exists():
            shutil.rmtree(tmp_path / "t", ignore_errors=True)
            shutil.copy(key_path(store.path), key_path(tmp_path / "t"))
            restore(to / "b.zip", Store(tmp_path / "t"), str)
        step += 1
    assert step > 1, "nothing was tested"
    assert store.serving().number == 1


def test_a_restore_that_forgets(store: Store, tmp_path: Path) -> None:
    file, base = tmp_path / "b.zip", tmp_path / "base"
    backup(store, file)
    forget_client(store, "AS-3")
    base.mkdir()
    for name in ("s.keys", "s.keys.forgotten"):
        shutil.copy(tmp_path / name, base / name)
    step, before = 0, 0
    while True:
        own = tmp_path / "own"
        shutil.rmtree(own, ignore_errors=True)
        shutil.copytree(base, own)
        new = Store(own / "s")
        was_killed = at_step("restore", new.path, file, step)
        if not new.path.exists():
            before += 1
            assert restore(file, Store(own / "s"), str).forgotten_again == 1
        assert rows(Store(own / "s"), COUNT) == [(16, 4)]
        if not was_killed:
            break
        assert not (own / ".s.restoring").exists() or new.path.exists()
        step += 6
    assert before > 2, "nothing was tested"
    assert sorted(path.name for path in own.iterdir()) == ["s", "s.keys", "s.keys.forgotten"]
