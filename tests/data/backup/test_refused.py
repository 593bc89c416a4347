"""Files that are no backup, or not the one that was made, and all else that cannot be done: in words, and nothing is left."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from data.backup import manifest
from data.backup.errors import BackupError
from data.backup.manifest import Manifest, Packed
from data.backup.packing import backup
from data.backup.restoring import restore
from data.backup.sealing import IDENTITY, SEALED
from data.cli import main
from data.store.keys import KeyFileError, key_path
from data.store.store import Store, StoreError
from data.texts import LANGUAGES, Language, texts
from tests.data.backup.killed import WORDS
from tests.data.backup.test_round_trip import HEADER, no_passphrase, other_keys
from tests.data.ingest.imports import encounters, load

NAME = "manifest.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with two backups beside it: `plain.zip`, and `sealed.zip` with the keys."""
    folder = tmp_path_factory.mktemp("made")
    store = Store(folder / "s")
    load(
        store, encounters(folder, *(f"K{n};AS-{n % 5};{n}.2.2025;49;Arabia;Työ;9" for n in range(1, 21)), header=HEADER)
    )
    backup(store, folder / "plain.zip")
    backup(store, folder / "sealed.zip", WORDS)
    return store


@pytest.fixture
def target(made: Store, tmp_path: Path) -> Store:
    """An empty place with the keys of the backups."""
    shutil.copy(key_path(made.path), tmp_path / "t.keys")
    return Store(tmp_path / "t")


def refused(file: Path, target: Store, words: str = WORDS) -> str:
    """Why a backup is not restored; nothing is there afterwards that was not there before."""
    before = {path: path.read_bytes() for path in target.path.parent.rglob("*") if path.is_file()}
    with pytest.raises(BackupError) as error:
        restore(file, target, lambda: words)
    assert {path: path.read_bytes() for path in target.path.parent.rglob("*") if path.is_file()} == before
    assert not target.path.exists()
    return error.value.reason


def changed(made: Store, to: Path, change: Callable[[dict[str, bytes]], None], *, by_whom: str = "stranger") -> Path:
    """The plain backup with other files in it. by_whom: `keys` makes a manifest and proof anew, as only their holder can."""
    with zipfile.ZipFile(made.path.parent / "plain.zip") as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    if by_whom == "keys":
        about = manifest.read(files.pop(NAME)).manifest
        entries = {name: entry_of(content) for name, content in files.items()}
        files[NAME] = replace(about, files=entries).text(made.keys).encode()
    with zipfile.ZipFile(to, "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
    return to


def entry_of(content: bytes) -> Packed:
    return Packed(len(content), hashlib.sha256(content).hexdigest())


def told(content: dict[str, bytes], **changes: object) -> None:
    """Change what the manifest says, digests and all, without the keys."""
    content[NAME] = json.dumps({**json.loads(content[NAME]), **changes}).encode()


@pytest.mark.parametrize("kind", ["plain", "sealed"])
def test_torn_files(kind: str, made: Store, target: Store, tmp_path: Path) -> None:
    content = (made.path.parent / f"{kind}.zip").read_bytes()
    for length in (0, 1, 3, 4, 22, 100, len(content) // 2, len(content) - 23, len(content) - 1):
        (tmp_path / "torn.zip").write_bytes(content[:length])
        assert refused(tmp_path / "torn.zip", target) == ("not_a_backup" if length < 4 else "damaged")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["plain", "sealed"])
def test_a_flipped_byte_anywhere_changes_nothing_or_is_refused(
    kind: str, made: Store, target: Store, tmp_path: Path
) -> None:
    content, draw = (made.path.parent / f"{kind}.zip").read_bytes(), random.Random(20261126)
    # Each opening of a sealed one takes scrypt a second.
    some = 25 if kind == "plain" else 3
    ends = [*range(0, 90, 90 // some), *range(len(content) - 300, len(content), 300 // some)]
    wrong = 0
    for place in [*ends, *(draw.randrange(len(content)) for _ in range(some))]:
        (tmp_path / "flipped.zip").write_bytes(content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :])
        try:
            restore(tmp_path / "flipped.zip", target, lambda: WORDS)
        except BackupError:
            wrong += 1
            assert not target.path.exists()
        else:  # a time or a mark of the zip that says nothing
            for name in ("current", "generations/000001.duckdb"):
                assert (target.path / name).read_bytes() == (made.path / name).read_bytes()
            shutil.rmtree(target.path)
    assert wrong > some


def test_other_files(made: Store, target: Store, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("Tunnus;Asiakas\n" * 50, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as out:
        out.writestr("encounters.csv", "a;b\n")
    for name in ("text", "other.zip"):
        assert refused(tmp_path / name, target) == "not_a_backup"


CHANGES: dict[str, Callable[[dict[str, bytes]], None]] = {
    "another pointer": lambda files: files.update({"current": b"000009 00000000\n"}),
    "one more": lambda files: files.update({"steward/notes.jsonl": b"{}\n"}),
    "one less": lambda files: files.update({"x": files.pop("store.json")}),
    "outside": lambda files: files.update({"../outside.json": b"{}"}),
    "absolute": lambda files: files.update({"/outside.json": b"{}"}),
    "another number": lambda files: told(files, generation=9),
    "nobody's proof": lambda files: told(files, proof=""),
    "odd proof": lambda files: told(files, proof="ä"),
    "a claim of digests": lambda files: told(
        files,
        files={n: entry_of(c).__dict__ for n, c in files.items() if n != NAME},
        generation=1,
        made="2025-01-01T00:00:00",
    ),
    "no manifest": lambda files: files.update({NAME: b"[]"}),
    "deep": lambda files: files.update({NAME: b"[" * 100_000}),
    "long": lambda files: files.update({NAME: b" " * (manifest.LONGEST + 1)}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_stranger_has_changed(name: str, made: Store, target: Store, tmp_path: Path) -> None:
    assert refused(changed(made, tmp_path / "c.zip", CHANGES[name]), target) in ("forged", "damaged")
    assert not (tmp_path / "outside.json").exists()


@pytest.mark.parametrize(
    "place", ["../outside.json", "/outside.json", "a\\b.json", "x/../../o.json", "lock", ".hidden.json", "a.exe"]
)
def test_not_even_the_holder_of_the_keys_writes_elsewhere(
    place: str, made: Store, target: Store, tmp_path: Path
) -> None:
    file = changed(made, tmp_path / "c.zip", lambda files: files.update({place: b"{}"}), by_whom="keys")
    assert refused(file, target) == "damaged"


def test_two_names_that_a_disk_takes_for_one(made: Store, target: Store, tmp_path: Path) -> None:
    file = changed(made, tmp_path / "c.zip", lambda files: files.update({"Store.json": b"{}"}), by_whom="keys")
    assert refused(file, target) == "damaged"


def test_a_link_in_the_zip(made: Store, target: Store, tmp_path: Path) -> None:
    file = changed(made, tmp_path / "c.zip", lambda files: None, by_whom="keys")
    with zipfile.ZipFile(file) as packed:
        content = {info.filename: packed.read(info) for info in packed.infolist()}
    with zipfile.ZipFile(file, "w") as out:
        for name, text in content.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o120777 if name == "current" else 0o100600) << 16
            out.writestr(info, text)
    assert refused(file, target) == "forged"


def test_a_file_that_is_longer_than_it_says(made: Store, target: Store, tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(made.path.parent / "plain.zip") as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in content.items():
            out.writestr(name, b"\0" * 50_000_000 if name == "current" else text)
    assert file.stat().st_size < 2_000_000
    assert refused(file, target) == "forged"


def test_a_list_of_files_that_would_fill_the_memory(made: Store, target: Store, tmp_path: Path) -> None:
    content = bytearray((made.path.parent / "plain.zip").read_bytes())
    content[-10:-6] = (500_000_000).to_bytes(4, "little")
    (tmp_path / "c.zip").write_bytes(content)
    assert refused(tmp_path / "c.zip", target) == "damaged"


def test_a_later_version(made: Store, target: Store, tmp_path: Path) -> None:
    file = changed(made, tmp_path / "c.zip", lambda files: told(files, format=manifest.FORMAT + 1))
    assert refused(file, target) == "newer"


def test_keys_and_passphrases(made: Store, target: Store, tmp_path: Path) -> None:
    plain, sealed = (made.path.parent / f"{kind}.zip" for kind in ("plain", "sealed"))
    assert refused(sealed, target, "another passphrase") == "passphrase_wrong"
    key_path(target.path).unlink()
    assert refused(plain, target) == "keys_missing"
    other_keys(key_path(target.path))
    assert refused(plain, target) == "other_keys"
    assert refused(sealed, target) == "other_keys"


def test_halves_of_two_sealed_backups(made: Store, target: Store, tmp_path: Path) -> None:
    """Of one passphrase: the key of one does not open the content of the other."""
    backup(made, tmp_path / "other.zip", WORDS)
    with (
        zipfile.ZipFile(made.path.parent / "sealed.zip") as one,
        zipfile.ZipFile(tmp_path / "other.zip") as other,
        zipfile.ZipFile(tmp_path / "both.zip", "w") as out,
    ):
        out.writestr(IDENTITY, one.read(IDENTITY))
        out.writestr(SEALED, other.read(SEALED))
    (tmp_path / "other.zip").unlink()
    assert refused(tmp_path / "both.zip", target) == "damaged"


def test_only_into_an_empty_folder(made: Store, target: Store) -> None:
    file = made.path.parent / "plain.zip"
    target.path.mkdir()
    (target.path / "x").touch()
    with pytest.raises(BackupError, match="not_empty"):
        restore(file, target, no_passphrase)
    (target.path / "x").unlink()
    assert restore(file, target, no_passphrase).manifest.generation == 1
    with pytest.raises(BackupError, match="not_empty"):
        restore(file, target, no_passphrase)


def test_where_no_backup_is_made(made: Store, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"mine")
    (tmp_path / "link.zip").symlink_to(tmp_path / "nowhere")
    for file, reason in (
        (tmp_path / "b.zip", "exists"),
        (tmp_path / "link.zip", "exists"),
        (made.path / "b.zip", "inside_store"),
        (made.path / "new" / "b.zip", "inside_store"),
    ):
        with pytest.raises(BackupError, match=reason):
            backup(made, file)
    with pytest.raises(BackupError, match="passphrase_short"):
        backup(made, tmp_path / "c.zip", "short")
    with pytest.raises(StoreError, match="unwritable"):
        backup(made, tmp_path / "no" / "such" / "c.zip")
    assert (tmp_path / "b.zip").read_bytes() == b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "link.zip"]


def test_what_is_damaged_is_not_backed_up(made: Store, tmp_path: Path) -> None:
    shutil.copytree(made.path, tmp_path / "s")
    own = Store(tmp_path / "s")
    with pytest.raises(KeyFileError, match="missing"):
        backup(own, tmp_path / "b.zip")
    shutil.copy(key_path(made.path), key_path(own.path))
    file = own.file(own.serving())
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] + b"\xff" * 5000 + content[len(content) // 2 + 5000 :])
    with pytest.raises(StoreError, match="damaged"):
        backup(own, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_commands_say_it(lang: Language, made: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    t, sealed, secret = texts(lang), made.path.parent / "sealed.zip", tmp_path / "words"
    secret.write_text("\n", encoding="utf-8")
    secret.chmod(0o600)
    restoring = ["restore", str(sealed), "--store", str(tmp_path / "t"), "--lang", lang]
    making = ["backup", str(tmp_path / "b.zip"), "--with-keys", "--store", str(made.path), "--lang", lang]
    for command in (restoring, making):  # nobody sits at a terminal
        for more in ([], ["--passphrase-file", str(secret)]):
            assert main([*command, *more]) == 2
            assert capsys.readouterr().err == t("refusal.backup.passphrase_needed") + "\n"
    secret.write_text("not this one\n", encoding="utf-8")
    assert main([*restoring, "--passphrase-file", str(secret)]) == 2
    assert capsys.readouterr().err == t("refusal.backup.passphrase_wrong") + "\n"
    if os.name == "posix":
        secret.chmod(0o644)
        assert main([*restoring, "--passphrase-file", str(secret)]) == 2
        assert capsys.readouterr().err == t("refusal.backup.passphrase_open", path=secret) + "\n"
    assert main(["restore", str(tmp_path / "no.zip"), "--store", str(tmp_path / "t"), "--lang", lang]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["words"]


def test_a_passphrase_typed_twice(
    made: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([WORDS, WORDS + "x", WORDS, WORDS, WORDS])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    monkeypatch.setattr("data.commands.asking._has_terminal", lambda: True)
    making = ["backup", str(tmp_path / "b.zip"), "--with-keys", "--store", str(made.path)]
    assert main(making) == 2
    assert capsys.readouterr().err == texts("fi")("refusal.backup.passphrase_differs") + "\n"
    assert main(making) == 0
    assert main(["restore", str(tmp_path / "b.zip"), "--store", str(tmp_path / "t")]) == 0


def test_a_manifest_reads_as_it_was_written(made: Store) -> None:
    with zipfile.ZipFile(io.BytesIO((made.path.parent / "plain.zip").read_bytes())) as packed:
        text = packed.read(NAME)
    claimed = manifest.read(text)
    assert isinstance(claimed.manifest, Manifest)
    assert claimed.is_of(made.keys)
    assert claimed.manifest.text(made.keys).encode() == text
