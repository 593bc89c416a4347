"""Whoever was forgotten after a backup was made is forgotten again when it is restored, before anybody can read it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data.backup.packing import backup
from data.backup.restoring import restore
from data.cli import main
from data.coverage.removal_log import removals
from data.coverage.removals import RemovalError
from data.ingest.forgetting import forget_client
from data.ingest.forgotten import ForgottenClients, beside_keys, marks_in
from data.store.keys import key_path
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import LANGUAGES, Language
from tests.data.backup.test_round_trip import HEADER, no_passphrase
from tests.data.ingest.imports import encounters, load

LINES = [*(f"K{n};AS-{n % 5};{n}.2.2025;49;Arabia;Työ;9" for n in range(1, 21)), "K28;AS-4;28.2.2025;49;Arabia;Työ;9"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the store that each test has a copy of."""
    folder = tmp_path_factory.mktemp("made")
    made = Store(folder / "s")
    load(made, encounters(folder, *LINES, header=HEADER))
    open_to_others(made)
    forget_client(made, "AS-1")
    backup(made, folder / "b.zip")
    forget_client(made, "AS-3")
    backup(made, folder / "c.zip")
    return folder


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    """Opened to others, with a backup `b.zip` from before AS-3 was forgotten, and one `c.zip` from after."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Store(tmp_path / "s")


def elsewhere(store: Store, folder: Path, *, with_list: bool = True) -> Store:
    """An empty place with the keys, and the list of forgotten clients beside them."""
    folder.mkdir()
    shutil.copy(key_path(store.path), folder / "s.keys")
    if with_list:
        shutil.copy(beside_keys(store.path), folder / "s.keys.forgotten")
    return Store(folder / "s")


def everybody(store: Store) -> list[tuple[int, int]]:
    """Rows and clients of the serving version and of the release."""
    found = []
    for generation in (store.serving(), store.release()):
        with store.reading(generation) as connection:
            query = "SELECT (SELECT count(*) FROM encounter), (SELECT count(*) FROM client)"
            found += [(int(row[0]), int(row[1])) for row in connection.execute(query).fetchall()]
    return found


def test_by_the_list_beside_the_keys(store: Store, tmp_path: Path) -> None:
    new = elsewhere(store, tmp_path / "new")
    done = restore(tmp_path / "b.zip", new, no_passphrase)
    assert (done.forgotten_again, done.has_list) == (1, True)
    assert everybody(new) == everybody(store) == [(13, 3), (13, 3)]
    assert ForgottenClients(new).marks() == ForgottenClients(store).marks() == marks_in(beside_keys(new.path))
    with pytest.raises(RemovalError, match="already"):
        forget_client(new, "AS-3")
    load(new, encounters(tmp_path, *LINES, header=HEADER))  # the old file brings nobody back
    assert everybody(new)[0] == (13, 3)
    assert [(line.what, line.rows) for line in removals(new.path).lines()] == [("client", 8), ("client", 8)]


def test_a_backup_of_after_needs_nobody_forgotten(store: Store, tmp_path: Path) -> None:
    new = elsewhere(store, tmp_path / "new")
    assert restore(tmp_path / "c.zip", new, no_passphrase).forgotten_again == 0
    assert new.serving() == store.serving()


def test_by_a_list_that_is_given(store: Store, tmp_path: Path) -> None:
    new = elsewhere(store, tmp_path / "new", with_list=False)
    done = restore(tmp_path / "b.zip", new, no_passphrase, store.path / "sources" / "forgotten.txt")
    assert (done.forgotten_again, done.has_list) == (1, True)
    assert marks_in(beside_keys(new.path)) == ForgottenClients(store).marks()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_any_list_it_is_said(
    lang: Language, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = elsewhere(store, tmp_path / "new", with_list=False)
    assert main(["restore", str(tmp_path / "b.zip"), "--store", str(new.path), "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert {"fi": "unohda uudelleen", "sv": "glöm på nytt", "en": "forget them again"}[lang] in said
    assert everybody(new) == [(17, 4), (17, 4)]
    assert len(marks_in(beside_keys(new.path))) == 1  # AS-1 is on the backup's own list, and stays away


def test_a_list_that_is_named_must_be_there_and_whole(store: Store, tmp_path: Path) -> None:
    new = elsewhere(store, tmp_path / "new")
    command = ["restore", str(tmp_path / "b.zip"), "--store", str(new.path), "--forgotten"]
    assert main([*command, str(tmp_path / "no.txt")]) == 2
    (tmp_path / "torn.txt").write_text("00ab\n", encoding="utf-8")
    assert main([*command, str(tmp_path / "torn.txt")]) == 2
    beside_keys(new.path).write_text("1\n", encoding="utf-8")
    assert main(command[:-1]) == 2
    assert not new.path.exists()


def test_who_is_welcome_again_leaves_the_list(store: Store, tmp_path: Path) -> None:
    assert main(["forget", "--client", "AS-3", "--allow", "--store", str(store.path)]) == 0
    assert marks_in(beside_keys(store.path)) == ForgottenClients(store).marks()
    new = elsewhere(store, tmp_path / "new")
    assert restore(tmp_path / "b.zip", new, no_passphrase).forgotten_again == 0


def test_a_list_that_cannot_be_written_is_said_and_the_person_forgotten(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = beside_keys(store.path)
    path.unlink()
    path.mkdir()
    assert main(["forget", "--client", "AS-2", "--store", str(store.path), "--lang", "en"]) == 0
    told = capsys.readouterr()
    assert str(path) in told.out
    assert everybody(store) == [(9, 2), (9, 2)]


def test_the_list_says_nothing_of_whom(store: Store) -> None:
    content = beside_keys(store.path).read_text(encoding="utf-8")
    assert "AS" not in content
    assert len(content.splitlines()) == 2
