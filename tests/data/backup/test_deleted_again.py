"""What was deleted after a backup was made is deleted again when it is restored, and nothing that was loaded since."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from data.backup.packing import backup
from data.backup.restoring import restore
from data.cli import main
from data.coverage import deliveries
from data.coverage.removal_log import Removal, is_listed, list_beside_keys, removals, removals_in
from data.coverage.removals import delete_source, find_source
from data.coverage.repeating import roll_back
from data.coverage.retention import expire
from data.coverage.undoing import undo_delivery
from data.store.keys import key_path
from data.store.releases import open_to_others, rollback
from data.store.store import Store
from data.texts import LANGUAGES, Language
from tests.data.backup.test_round_trip import HEADER, no_passphrase
from tests.data.ingest.imports import encounters, load

OLD = [f"O{n};BS-{n};{n}.3.2024;49;Arabia;Työ;9" for n in range(1, 8)]
NEW = [f"N{n};AS-{n};{n}.2.2025;49;Arabia;Työ;9" for n in range(1, 12)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two deliveries, one of each year, and a backup of both."""
    made = Store(tmp_path / "s")
    load(made, encounters(tmp_path, *OLD, header=HEADER))
    load(made, encounters(tmp_path, *NEW, header=HEADER))
    backup(made, tmp_path / "b.zip")
    return made


def elsewhere(store: Store, folder: Path, *, with_list: bool = True) -> Store:
    """An empty place with the keys, and the list of deletions beside them."""
    folder.mkdir()
    shutil.copy(key_path(store.path), folder / "s.keys")
    if with_list and list_beside_keys(store.path).exists():
        shutil.copy(list_beside_keys(store.path), folder / "s.keys.removals")
    return Store(folder / "s")


def years(store: Store) -> dict[int, int]:
    """Encounters of the serving version by year."""
    with store.reading() as connection:
        found = connection.execute(
            "SELECT year(occurred_on), count(*) FROM encounter GROUP BY ALL ORDER BY 1"
        ).fetchall()
        clients = connection.execute("SELECT count(*) FROM client").fetchall()[0][0]
    assert clients == sum(count for _, count in found)
    return {int(year): int(count) for year, count in found}


def restored(store: Store, tmp_path: Path, *, with_list: bool = True) -> tuple[dict[int, int], int | None]:
    new = elsewhere(store, tmp_path / "new", with_list=with_list)
    done = restore(tmp_path / "b.zip", new, no_passphrase)
    assert key_path(new.path).read_text() == key_path(store.path).read_text()
    return years(new), done.deleted_again


def test_rows_of_a_source_and_period(store: Store, tmp_path: Path) -> None:
    delete_source(store, find_source(store, "main"), (date(2025, 2, 4), date(2025, 2, 28)))
    assert restored(store, tmp_path) == (years(store), 8) == ({2024: 7, 2025: 3}, 8)


def test_all_rows_of_a_source(store: Store, tmp_path: Path) -> None:
    delete_source(store, find_source(store, "main"))
    assert restored(store, tmp_path) == ({}, 18)


def test_rows_that_were_too_old(store: Store, tmp_path: Path) -> None:
    assert expire(store, date(2025, 1, 1)) == 7
    assert restored(store, tmp_path) == ({2025: 11}, 7)


def test_a_delivery_that_was_undone(store: Store, tmp_path: Path) -> None:
    undo_delivery(store, 2)
    assert restored(store, tmp_path) == ({2024: 7}, 11)


def test_a_number_that_is_another_delivery_s_now_is_left_alone(store: Store, tmp_path: Path) -> None:
    """Undone was the third; after going back the third is another one."""
    before = store.serving().number
    load(store, encounters(tmp_path, *(line.replace("N", "M").replace("AS", "CS") for line in NEW), header=HEADER))
    undo_delivery(store, 3)
    (line,) = removals_in(list_beside_keys(store.path))
    rollback(store, before)
    load(store, encounters(tmp_path, "X1;DS-1;1.6.2025;49;Arabia;Työ;9", header=HEADER))
    with store.reading() as connection:
        assert [one.number for one in deliveries.read(connection)] == [1, 2, 3]
    (tmp_path / "b.zip").unlink()
    backup(store, tmp_path / "b.zip")
    listed(store, tmp_path, line.model_copy(update={"time": line.time.replace(year=line.time.year + 1)}))
    assert restored(store, tmp_path) == ({2024: 7, 2025: 12}, 0)


def test_what_was_deleted_before_the_backup_and_loaded_again_stays(store: Store, tmp_path: Path) -> None:
    """Also where a clock was wrong: the rows came with another delivery."""
    line = delete_and_line(store)
    load(store, encounters(tmp_path, *NEW, header=HEADER))
    (tmp_path / "b.zip").unlink()
    backup(store, tmp_path / "b.zip")
    listed(store, tmp_path, line.model_copy(update={"time": line.time.replace(year=line.time.year + 1)}))
    assert restored(store, tmp_path) == ({2024: 7, 2025: 11}, 0)


def test_another_store_with_the_same_keys_loses_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Store(tmp_path / "o")
    monkeypatch.setenv("TILANNEKUVA_KEYS", str(key_path(store.path)))
    for lines in (NEW, OLD):
        load(other, encounters(tmp_path, *lines, header=HEADER))
    delete_source(other, find_source(other, "main"))
    expire(other, date(2026, 1, 1))
    assert restore(tmp_path / "b.zip", Store(tmp_path / "new"), no_passphrase).deleted_again == 0
    assert years(Store(tmp_path / "new")) == years(store) == {2024: 7, 2025: 11}


def listed(store: Store, folder: Path, *lines: Removal) -> None:
    """Make these the list beside the keys."""
    text = "".join(removals(folder / "nowhere").text_with(line) for line in lines)
    list_beside_keys(store.path).write_text(text, encoding="utf-8")


def delete_and_line(store: Store) -> Removal:
    delete_source(store, find_source(store, "main"), (date(2025, 1, 1), date(2025, 12, 31)))
    return removals_in(list_beside_keys(store.path))[-1]


def test_what_was_taken_back_by_going_back_stays(store: Store, tmp_path: Path) -> None:
    before = store.serving().number
    delete_and_line(store)
    roll_back(store, before)
    assert [line.taken_back for line in removals_in(list_beside_keys(store.path))] == [True]
    assert restored(store, tmp_path) == ({2024: 7, 2025: 11}, 0)


def test_what_was_taken_back_and_done_after_all_goes(store: Store, tmp_path: Path) -> None:
    before = store.serving().number
    delete_and_line(store)
    after = store.serving().number
    roll_back(store, before)
    roll_back(store, after)
    assert restored(store, tmp_path) == ({2024: 7}, 11)


def test_a_version_beside_the_deletion_does_not_have_it(store: Store, tmp_path: Path) -> None:
    """Deleted in the third; the fourth comes from the second. By the store's own log alone, too."""
    delete_and_line(store)
    deleted = store.serving().number
    roll_back(store, deleted - 1)
    load(store, encounters(tmp_path, "X1;DS-1;1.6.2025;49;Arabia;Työ;9", header=HEADER))
    beside = store.serving().number
    roll_back(store, deleted)
    roll_back(store, beside)
    assert restored(store, tmp_path) == ({2024: 7, 2025: 11}, 0)
    new = elsewhere(store, tmp_path / "own", with_list=False)
    assert restore(tmp_path / "b.zip", new, no_passphrase, removals=removals(store.path).path).deleted_again == 0


def test_old_rows_do_not_come_back_by_going_back(store: Store, tmp_path: Path) -> None:
    expire(store, date(2025, 1, 1))
    roll_back(store, 1)
    assert restored(store, tmp_path) == ({2025: 11}, 7)


def test_twice_restored_deletes_twice(store: Store, tmp_path: Path) -> None:
    """Going by the list of the restored store, which has the deletion and what was made of it."""
    delete_and_line(store)
    assert restored(store, tmp_path) == ({2024: 7}, 11)
    again = elsewhere(Store(tmp_path / "new" / "s"), tmp_path / "again")
    assert restore(tmp_path / "b.zip", again, no_passphrase).deleted_again == 11
    assert years(again) == {2024: 7}


def test_a_store_that_is_open_is_deleted_from_as_by_the_command(store: Store, tmp_path: Path) -> None:
    """The release keeps the rows until it moves, as it does when the command deletes them."""
    open_to_others(store)
    (tmp_path / "b.zip").unlink()
    backup(store, tmp_path / "b.zip")
    delete_and_line(store)
    new = elsewhere(store, tmp_path / "new")
    restore(tmp_path / "b.zip", new, no_passphrase)
    assert years(new) == {2024: 7}
    seen = []
    for one in (store, new):
        release = one.release()
        assert release is not None
        with one.reading(release) as connection:
            seen.append(connection.execute("SELECT count(*) FROM encounter").fetchall())
    assert seen[0] == seen[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_said(lang: Language, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    delete_and_line(store)
    new, other = elsewhere(store, tmp_path / "new"), elsewhere(store, tmp_path / "other", with_list=False)
    capsys.readouterr()
    assert main(["restore", str(tmp_path / "b.zip"), "--store", str(new.path), "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert {"fi": "11 riviä", "sv": "11 rader", "en": "11 rows"}[lang] in said
    assert main(["restore", str(tmp_path / "b.zip"), "--store", str(other.path), "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("delete", "undo", "retention", "tilannekuva audit --store"))
    assert years(other) == {2024: 7, 2025: 11}


def test_by_a_list_that_is_given(store: Store, tmp_path: Path) -> None:
    delete_and_line(store)
    new = elsewhere(store, tmp_path / "new", with_list=False)
    command = ["restore", str(tmp_path / "b.zip"), "--store", str(new.path), "--removals"]
    assert main([*command, str(tmp_path / "no.jsonl")]) == 2
    (tmp_path / "torn.jsonl").write_text("00ab\n", encoding="utf-8")
    assert main([*command, str(tmp_path / "torn.jsonl")]) == 2
    assert not new.path.exists()
    assert main([*command, str(removals(store.path).path)]) == 0
    assert years(new) == {2024: 7}
    assert [line.what for line in removals_in(list_beside_keys(new.path))] == ["source"]


@pytest.mark.parametrize(
    "command",
    ["delete --source main --period 2024", "undo 2", "retention --years 1 --yes"],
    ids=lambda text: text.split()[0],
)
def test_a_list_that_cannot_be_written_stops_no_deletion_and_is_said(
    command: str, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = list_beside_keys(store.path)
    path.mkdir()
    assert main([*command.split(), "--store", str(store.path), "--lang", "en"]) == 0
    assert "--removals" in capsys.readouterr().err
    path.rmdir()
    assert is_listed(store.path)  # the next deletion lists those that are lacking
    assert restored(store, tmp_path)[0] == years(store)


def test_an_empty_list_is_damage_and_not_nothing(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = elsewhere(store, tmp_path / "new")
    list_beside_keys(new.path).touch()
    assert main(["restore", str(tmp_path / "b.zip"), "--store", str(new.path), "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert "s.keys.removals cannot be read" in told
    assert "check-store" not in told
    assert not new.path.exists()


def test_a_long_list_is_short_work(store: Store, tmp_path: Path) -> None:
    line = delete_and_line(store)
    listed(store, tmp_path, *(line.model_copy(update={"generation": number}) for number in range(3, 2_000)))
    assert restored(store, tmp_path) == ({2024: 7}, 11)


def test_a_source_that_the_backup_does_not_know_is_passed_over(store: Store, tmp_path: Path) -> None:
    line = delete_and_line(store)
    other = line.model_copy(update={"source": "no-such-source"})
    listed(store, tmp_path, other)
    assert restored(store, tmp_path) == ({2024: 7, 2025: 11}, 0)
