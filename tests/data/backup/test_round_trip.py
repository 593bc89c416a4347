"""A backup restored into an empty folder answers as the store did, and the next import knows its clients."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from data.backup.contents import taken
from data.backup.errors import BackupError
from data.backup.packing import backup
from data.backup.restoring import restore
from data.cli import main
from data.steward.targets_and_notes import Ledger
from data.store.keys import key_path
from data.store.releases import open_to_others, rollback
from data.store.store import Store, StoreError
from metrics.briefings.briefing import Briefings
from metrics.cli import main as metrics_main
from metrics.hypotheses.register import Register
from metrics.watching.watch import Watches
from tests.conftest import own_copy
from tests.data.backup import little_work
from tests.data.ingest.imports import bytes_below, encounters, load, rows
from tests.metrics.hypotheses.test_register import asked

WORDS = "viisi sattumanvaraista sanaa"
QUESTIONS = (
    ["clients"], ["encounters"], ["encounters", "--by", "language"], ["clients", "--by", "municipality"],
    ["encounters", "--by", "topic", "--period", "2026"], ["clients", "--period", "2026-06"],
    ["encounters", "--by", "channel"], ["clients", "--by", "language", "--period", "2025"],
    ["encounters", "--audience", "internal", "--by", "language"], ["clients", "--audience", "internal"],
)  # fmt: skip


def no_passphrase() -> str:
    raise AssertionError("nobody is to be asked")


def answers(store: Path) -> list[str]:
    """What is said to ten questions, byte for byte."""
    said = []
    for question in QUESTIONS:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            assert metrics_main(["ask", *question, "--store", str(store), "--format", "json"]) == 0
        said.append(out.getvalue())
    return said


@pytest.fixture(scope="module")
def whole(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The sample municipality, opened to others, with a line in every list."""
    store = Store(own_copy(sample_store, tmp_path_factory.mktemp("whole") / "s", cells=False))
    open_to_others(store)
    Ledger.of(store.path).set_target("clients", 2025, 10, known={"clients": (0, 1e9)})
    Ledger.of(store.path).write_note(date(2025, 1, 2), "Laki muuttui")
    Watches.of(store.path).set(metric="clients", rule="above", value=1)
    Register.of(store.path).register(asked())
    return store


@pytest.mark.slow
@pytest.mark.parametrize("is_sealed", [False, True])
def test_the_same_answers_from_an_empty_folder(is_sealed: bool, whole: Store, tmp_path: Path) -> None:
    before = answers(whole.path)
    assert len({*before}) == len(QUESTIONS)
    file, again = tmp_path / "b.zip", Store(tmp_path / "new" / "s")
    backup(whole, file, WORDS if is_sealed else None)
    if not is_sealed:
        again.path.parent.mkdir()
        shutil.copy(key_path(whole.path), key_path(again.path))
    done = restore(file, again, (lambda: WORDS) if is_sealed else no_passphrase)
    assert (done.forgotten_again, done.manifest.release) == (0, 1)
    assert answers(again.path) == before
    assert again.serving() == whole.serving()
    assert again.released() == whole.released()
    for name in (
        "steward/targets.jsonl",
        "steward/notes.jsonl",
        "steward/watches.jsonl",
        "hypotheses/registered.jsonl",
    ):
        assert (again.path / name).read_bytes() == (whole.path / name).read_bytes()
    assert key_path(again.path).read_bytes() == key_path(whole.path).read_bytes()
    assert sorted(path.name for path in again.path.parent.iterdir()) == ["s", "s.keys"]
    if os.name == "posix":
        made = [*again.path.parent.rglob("*")]
        assert [path for path in made if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def other_keys(path: Path) -> None:
    """Keys that no other store has."""
    path.write_text(json.dumps({"pseudonym": "5a" * 32, "noise": "c3" * 32}), encoding="ascii")
    path.chmod(0o600)


def small(folder: Path) -> Store:
    """A store of three files, with keys of its own."""
    store = Store(folder / "s")
    other_keys(key_path(store.path))
    for number in (1, 2, 3):
        lines = [f"K{row};AS-{row % 7};{1 + row % 27}.2.2025;49;Arabia;Työ;{number}" for row in range(30)]
        load(store, encounters(folder, *lines, header=HEADER, name=f"{number}.csv"))
    return store


HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet;Kesto (min)"


def test_the_next_import_knows_the_clients(tmp_path: Path) -> None:
    store = small(tmp_path)
    file = tmp_path / "b.zip"
    backup(store, file, WORDS)
    new = Store(tmp_path / "elsewhere" / "s")
    restore(file, new, lambda: WORDS)
    more = encounters(tmp_path, "N1;as-3;3.3.2025;49;Arabia;Työ;9", header=HEADER, name="4.csv")
    for one in (store, new):
        load(one, more)
    query = "SELECT client, count(*) FROM encounter GROUP BY ALL ORDER BY ALL"
    assert rows(store, query) == rows(new, query)
    assert new.serving().number == store.serving().number


def test_without_a_passphrase_the_keys_are_never_in_it(tmp_path: Path) -> None:
    store, file = small(tmp_path), tmp_path / "b.zip"
    made = backup(store, file)
    with zipfile.ZipFile(file) as packed:
        names = packed.namelist()
        content = b"".join(packed.read(name) for name in names)
    for key in (store.keys.pseudonym, store.keys.noise):
        assert key not in content
        assert key.hex().encode() not in content
    assert sorted((*made.files, "manifest.json")) == sorted(names)
    # What serves and what people have written; no earlier version, no cells, no rows that did not load.
    assert [name for name in names if name.startswith("generations/")] == [
        "generations/000003.duckdb",
        "generations/000003.json",
    ]
    assert {name.partition("/")[0] for name in names} <= {
        "current",
        "store.json",
        "generations",
        "sources",
        "log",
        "manifest.json",
    }


def test_a_key_file_that_stands_in_the_store_stays_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, file = small(tmp_path), tmp_path / "b.zip"
    inside = store.path / "keys.json"
    inside.write_bytes(key_path(store.path).read_bytes())
    inside.chmod(0o600)
    monkeypatch.setenv("TILANNEKUVA_KEYS", str(inside))
    assert "keys.json" not in backup(Store(store.path), file).files


def test_sealed_nothing_can_be_read_without_the_passphrase(tmp_path: Path) -> None:
    store, file = small(tmp_path), tmp_path / "b.zip"
    backup(store, file, WORDS)
    with zipfile.ZipFile(file) as packed:
        assert packed.namelist() == ["identity.age", "backup.zip.age"]
    content = file.read_bytes()
    for told in (b"manifest", b"generations", b"DUCK", store.keys.pseudonym.hex().encode()):
        assert told not in content


def test_too_little_work_seals_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`little_work` does the least there may be. A busy machine is given less by the library."""
    monkeypatch.setattr(little_work, "WORK", little_work.WORK - 1)
    monkeypatch.setattr("data.backup.sealing._TRIES", 2)
    with pytest.raises(BackupError, match="too_busy"):
        backup(small(tmp_path), tmp_path / "b.zip", WORDS)
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.skipif(os.name != "posix", reason="owners")
def test_a_backup_is_its_owners_alone_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    store, folder = small(tmp_path), tmp_path / "to"
    folder.mkdir()
    backup(store, folder / "a.zip")
    backup(store, folder / "b.zip", WORDS)
    assert sorted(path.name for path in folder.iterdir()) == ["a.zip", "b.zip"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_where_a_disk_has_no_nameless_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.backup.packing._nameless", lambda _path: None)
    store, folder = small(tmp_path), tmp_path / "to"
    folder.mkdir()
    backup(store, folder / "a.zip")
    assert [path.name for path in folder.iterdir()] == ["a.zip"]
    shutil.copy(key_path(store.path), tmp_path / "t.keys")
    restore(folder / "a.zip", Store(tmp_path / "t"), no_passphrase)
    assert Store(tmp_path / "t").serving() == store.serving()


def test_while_an_import_runs(tmp_path: Path) -> None:
    """The one who writes holds the lock for long; the backup is of what serves meanwhile."""
    store, file = small(tmp_path), tmp_path / "b.zip"
    with store.next_generation("long") as connection:
        connection.execute("DELETE FROM encounter")
        assert backup(store, file).generation == 3
    assert store.serving().number == 4
    key_path(tmp_path / "t").write_bytes(key_path(store.path).read_bytes())
    key_path(tmp_path / "t").chmod(0o600)
    restore(file, Store(tmp_path / "t"), no_passphrase)
    assert rows(Store(tmp_path / "t"), "SELECT count(*) FROM encounter") == [(30,)]


def test_files_are_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something is put in place while the files are opened, they are opened anew."""
    store = small(tmp_path)
    real, calls = Store.serving, [0]

    def serving(one: Store) -> object:
        found = real(one)
        calls[0] += 1
        if calls[0] == 1:
            rollback(one, 1)
        return found

    monkeypatch.setattr(Store, "serving", serving)
    with taken(store) as contents:
        assert contents.serving.number == 1
        assert contents.files["current"].read().startswith(b"000001")
        assert "generations/000001.duckdb" in contents.files
    assert calls[0] > 2


def test_the_list_of_briefings_comes_along(tmp_path: Path) -> None:
    store, file = small(tmp_path), tmp_path / "b.zip"
    folder = Briefings.of(store.path).folder
    folder.mkdir()
    (folder / "B-1.jsonl").write_text("{}\n", encoding="utf-8")
    assert "briefings/B-1.jsonl" in backup(store, file).files
    assert b"{}\n" in bytes_below(folder)


def elsewhere(path: Path) -> None:
    """As where somebody has moved a list to another disk."""
    path.rename(path.parents[1].with_name("elsewhere.jsonl"))
    path.symlink_to(path.parents[1].with_name("elsewhere.jsonl"))


def emptied_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [elsewhere, emptied_folder])
def test_no_list_is_left_out_without_a_word(harm: Callable[[Path], None], tmp_path: Path) -> None:
    store = small(tmp_path)
    Ledger.of(store.path).write_note(date(2025, 3, 1), "Laki muuttui")
    file = store.path / "steward" / "notes.jsonl"
    harm(file)
    with pytest.raises(StoreError, match="unreadable") as error:
        backup(store, tmp_path / "b.zip")
    assert error.value.path == file
    assert not (tmp_path / "b.zip").exists()


def test_a_backup_of_a_damaged_list_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has all that there is; that an earlier one has more is for people to know."""
    store = small(tmp_path)
    Ledger.of(store.path).write_note(date(2025, 3, 1), "Laki muuttui")
    file = store.path / "steward" / "notes.jsonl"
    file.write_bytes(file.read_bytes()[:20])
    assert main(["backup", str(tmp_path / "b.zip"), "--store", str(store.path)]) == 0
    assert str(file) in capsys.readouterr().err


def test_the_commands(sealed_as_always: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With as much work of scrypt's as the age library thinks fit, which is more than `sealing` asks for."""
    store, file, secret = small(tmp_path), tmp_path / "b.zip", tmp_path / "words"
    secret.write_text(WORDS + "\n", encoding="utf-8")
    secret.chmod(0o600)
    given = ["--passphrase-file", str(secret), "--lang", "en"]
    assert main(["backup", str(file), "--with-keys", "--store", str(store.path), *given]) == 0
    assert "version 3" in capsys.readouterr().out
    with zipfile.ZipFile(file) as sealed:
        assert int(sealed.read("identity.age").split()[4]) >= little_work.WORK  # on a busy machine no more
    to = tmp_path / "t"
    assert main(["restore", str(file), "--store", str(to), *given]) == 0
    assert "Version 3 is in use" in capsys.readouterr().out
    assert Store(to).serving() == store.serving()
