"""Commands that meet a damaged release: each says what has been done and what has not, and what to do first."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.cli import main
from data.commands.releasing import DONE_BUT_RELEASE
from data.refusal import refusal_text
from data.store.releases import open_to_others
from data.store.store import Store, StoreError
from data.texts import texts
from tests.data.ingest.imports import GOOD, encounters

T = texts("fi")
JANUARY = GOOD.replace("3.2.2025", "3.1.2025")
OTHER = JANUARY.replace("K1", "K2").replace("AS-1", "AS-2")
LATER = GOOD.replace("K1", "K3").replace("AS-1", "AS-3")


@pytest.fixture
def store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Store:
    """A store with two clients of a whole month, and one of a month that is not, that has been opened after its second file."""
    made = Store(tmp_path / "store")
    assert main(["import", str(encounters(tmp_path, JANUARY, LATER)), "--store", str(made.path)]) == 0
    assert main(["import", str(encounters(tmp_path, OTHER, name="toinen.csv")), "--store", str(made.path)]) == 0
    open_to_others(made)
    capsys.readouterr()
    return made


def run(capsys: pytest.CaptureFixture[str], store: Store, *words: str) -> tuple[int, str]:
    code = main([*words, "--store", str(store.path)])
    return code, capsys.readouterr().err


def damage(store: Store, name: str) -> str:
    """Damage a file of the release; return what is said of it. In the middle of a file it shows only to whoever reads it all."""
    file = store.path / ("releases/000001.duckdb" if name == "inside" else name)
    whole = bytearray(file.read_bytes())
    if name == "inside":
        at = len(whole) // 8
        whole[at : 7 * at] = bytes(byte ^ 0x55 for byte in whole[at : 7 * at])
    file.write_bytes(whole if name == "inside" else b"x")
    detail = str(file.relative_to(store.path))
    return refusal_text(StoreError("release_damaged", store.path, detail), T)


DAMAGED = pytest.mark.parametrize("name", ["released", "releases/000001.json", "releases/000001.duckdb", "inside"])


@DAMAGED
@pytest.mark.parametrize("act", ["import", "delete", "undo", "rollback"])
def test_what_is_done_is_said_with_what_is_left(
    store: Store, name: str, act: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = encounters(tmp_path, LATER.replace("K3", "K4"), name="kolmas.csv")
    words = {
        "import": [str(later)], "delete": ["--source", "main"], "undo": ["2"], "rollback": ["1"],
    }[act]  # fmt: skip
    said = damage(store, name)
    before = store.serving().token
    code, err = run(capsys, store, act, *words)
    assert (code, store.serving().token != before) == (DONE_BUT_RELEASE, True)
    assert f"{T('release.after_change')} {said}" in err


def test_a_folder_that_is_watched_tells_of_it_too(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = damage(store, "released")
    folder = tmp_path / "in"
    folder.mkdir()
    encounters(folder, LATER.replace("K3", "K4"))
    code, err = run(capsys, store, "watch-folder", str(folder), "--once", "--every", "0.1")
    assert (code, store.serving().number) == (DONE_BUT_RELEASE, 3)
    assert err == f"{T('release.after_change')} {said}\n"


@DAMAGED
def test_the_status_tells_of_damage(store: Store, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, store, "release", "--status") == (0, "")
    said = damage(store, name)
    assert run(capsys, store, "release", "--status") == (2, said + "\n")
    assert run(capsys, store, "release", "--now", "--yes")[0] == 0
    assert run(capsys, store, "release", "--status") == (0, "")


@DAMAGED
def test_nobody_is_forgotten_until_there_is_a_release_to_forget_in(
    store: Store, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(store, name)
    before = [one.token for one in store.history()]
    code, err = run(capsys, store, "forget", "--client", "AS-1")
    assert code == 2
    assert err.startswith("Ketään ei ole vielä unohdettu")
    assert [one.token for one in store.history()] == before
    run(capsys, store, "release", "--now", "--yes")
    assert run(capsys, store, "forget", "--client", "AS-1")[0] == 0


@pytest.mark.parametrize(("act", "words"), [("delete", ["--source", "main"]), ("undo", ["2"])])
def test_what_waits_is_told(store: Store, act: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([act, *words, "--store", str(store.path)]) == 0
    assert T("release.corrected", count=2 if act == "delete" else 1) in capsys.readouterr().out
