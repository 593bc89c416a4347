"""What a disk and DuckDB raise becomes one error, in one place; and on a full disk the store stays as it was and is read."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from data.store.store import Store, StoreError
from data.store.trouble import told
from data.texts import message
from tests.conftest import ROOT, own_copy
from tests.data.store.mutations import Mutated

FOLDER, FILE = Path("s"), "generations/000001.duckdb"
ERRORS: dict[str, tuple[OSError | duckdb.Error, bool, str | None]] = {
    "full": (OSError(errno.ENOSPC, "x"), True, "no_room"),
    "quota": (OSError(errno.EDQUOT, "x"), True, "no_room"),
    "too large": (OSError(errno.EFBIG, "x"), True, "no_room"),
    "too little memory": (duckdb.OutOfMemoryException("failed to allocate data of size 4.0 MiB"), False, "no_memory"),
    "no room to spill": (
        duckdb.OutOfMemoryException("failed to offload data block: 'max_temp_directory_size'"),
        False,
        "no_room",
    ),
    "read-only": (OSError(errno.EROFS, "x"), True, "unwritable"),
    "no right": (PermissionError(errno.EACCES, "x"), True, "unwritable"),
    "no right to read": (PermissionError(errno.EACCES, "x"), False, "unreadable"),
    "a bad disk": (OSError(errno.EIO, "x"), False, "damaged"),
    "no folder": (FileNotFoundError(errno.ENOENT, "x"), True, "unwritable"),
    "no file": (FileNotFoundError(errno.ENOENT, "x"), False, None),
    "no disk": (OSError("x"), True, None),
    "DuckDB, full": (duckdb.TransactionException("Failed to commit: " + os.strerror(errno.ENOSPC)), True, "no_room"),
    "DuckDB, invalid after full": (duckdb.FatalException(os.strerror(errno.ENOSPC)), True, "no_room"),
    "DuckDB, no right": (duckdb.IOException("Cannot open file: " + os.strerror(errno.EACCES)), False, "unreadable"),
    "DuckDB, no database": (duckdb.IOException("it is not a valid DuckDB database file!"), False, "damaged"),
    "DuckDB, checksum": (duckdb.Error("Corrupt database file: computed checksum"), False, "damaged"),
    "DuckDB, broken": (duckdb.SerializationException("x"), False, "damaged"),
    "DuckDB, internal": (duckdb.InternalException("x"), False, "damaged"),
    "DuckDB, a wrong question": (duckdb.BinderException("no such column"), False, None),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_of_the_disk_is_one_of_the_store(name: str) -> None:
    error, writing, reason = ERRORS[name]
    with pytest.raises((StoreError, type(error))) as raised, told(FOLDER, FILE, writing=writing):
        raise error
    assert getattr(raised.value, "reason", None) == reason
    assert raised.value is error or raised.value.__cause__ is None, "its own text may hold a value"


LIMITED = """
import resource, sys
from tilannekuva.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
codes = []
for line in sys.argv[2:]:
    codes.append(main(line.split("|")))
sys.exit(codes != [0 if "ask" in line or "history" in line else 2 for line in sys.argv[2:]])
"""
"""A process that can write no longer file than so many bytes: as if the disk were full, also for root."""


@pytest.mark.skipif(os.name != "posix", reason="limits of a process")
@pytest.mark.parametrize("most", [0, 200_000])
def test_on_a_full_disk_nothing_changes_and_figures_are_there(most: int, whole: Mutated, tmp_path: Path) -> None:
    path = own_copy(whole.whole, tmp_path / "store", cells=False)
    at = f"--store|{path}"
    lines = [
        "ask|clients",
        f"import|{whole.new}",
        "rollback|2|--yes",
        "forget|--client|AS-9",
        "release|--now|--yes",
        "history",
    ]
    command = [sys.executable, "-c", LIMITED, str(most), *(f"{line}|{at}" for line in lines)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = [line for line in ended.stderr.splitlines() if " %" not in line]
    assert ended.returncode == 0, ended.stderr
    # The question is answered, and that it is not in the log is said.
    assert said.count(message("audit.unwritable", "fi")) == (most == 0), said
    assert len(said) == 4 + (most == 0), said
    assert all("levyllä" in line.lower() and "tilaa" in line for line in said), said
    assert [one.token for one in Store(path).history()] == [one.token for one in Store(whole.whole).history()]
    assert not [*path.rglob("*.draft*"), *path.rglob("*.tmp")]


def test_where_cells_cannot_be_kept_figures_are_there(
    whole: Mutated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a store that may only be read."""
    path = own_copy(whole.whole, tmp_path / "store", cells=False)
    whole.own = path

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        whole.faults.clear()
        from tests.data.store.mutations import READING

        assert [whole.check("read-only", line) for line in READING] == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert whole.faults == []
    assert not (path / "cube").exists()
