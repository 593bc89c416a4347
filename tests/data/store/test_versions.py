"""A store whose serving version is damaged, in any way, says so alike everywhere and lists what one may go back to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data.cli import main as data_command
from data.refusal import refusal_text
from data.store.store import Store, StoreError
from data.store.versions import versions
from data.texts import LANGUAGES, Language, texts
from metrics.cli import main as metrics_command
from tests.conftest import own_copy
from tests.data.store.unsealed import describe
from tests.metrics.made import store_of

Harm = Callable[[Path], tuple[str, str]]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three versions of 90 clients, the third of them serving."""
    rows = [{"client": 1 + i % 90, "occurred_on": date(2025, 1 + i % 9, 3), "municipality": "049"} for i in range(3000)]
    store = store_of(tmp_path_factory.mktemp("three") / "store", {"encounter": rows})
    _ = store.keys
    for _number in range(2):
        with store.next_generation("import: more.csv"):
            pass
    return store.path


@pytest.fixture
def own(three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = own_copy(three, tmp_path / "store")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(path))
    return path


def described(**changes: object) -> Harm:
    def harm(store: Path) -> tuple[str, str]:
        describe(store / "generations" / "000003.json", **changes)
        return "damaged", "generations/000003.json"

    return harm


def pointer(store: Path) -> tuple[str, str]:
    (store / "current").write_text("abc\n")
    return "damaged", "current"


def older_file(store: Path) -> tuple[str, str]:
    shutil.copy(store / "generations" / "000001.duckdb", store / "generations" / "000003.duckdb")
    return "replaced", "generations/000003.duckdb"


def other_token(store: Path) -> tuple[str, str]:
    described(token="0" * 32)(store)
    return "replaced", "generations/000003.duckdb"


def other_number(store: Path) -> tuple[str, str]:
    described(number=2)(store)
    return "replaced", "generations/000003.json"


def no_file(store: Path) -> tuple[str, str]:
    (store / "generations" / "000003.duckdb").unlink()
    return "damaged", "generations/000003.duckdb"


HARMS: dict[str, Harm] = {
    "pointer": pointer, "older file": older_file, "other token": other_token, "other number": other_number, "no file": no_file,
    "wrong types": described(number="x", rows=[], data_until={}),
    "number as text": described(number="3"), "rows as a list": described(rows=[]), "a negative number": described(clients=-1),
    "rows of nothing": described(rows={"encounter": None}), "no days": described(data_until={}), "a day": described(first_day=5),
    "a fraction": described(clients=1.5), "created": described(created="yesterday"), "no cause": described(cause=None),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_every_way_of_asking_says_the_same_and_history_lists_what_is_there(
    harm: str, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reason, name = HARMS[harm](own)
    expected = refusal_text(StoreError(reason, own, name), texts("fi")) + "\n"
    found = versions(Store(own))
    assert [one.number for one in found] == [1, 2, 3]
    assert [one.is_whole for one in found] == [True, True, harm == "pointer"]
    assert [one.is_serving for one in found] == [False, False, harm != "pointer"]
    for command in (["history"], ["history", "--json"]):
        assert data_command(command) == 2
        out, err = capsys.readouterr()
        assert err == expected
        if "--json" in command:
            assert [one["whole"] for one in json.loads(out)] == [True, True, harm == "pointer"]
        else:
            assert len(out.splitlines()) == 3
            assert ("vioittunut" in out.splitlines()[2]) == (harm != "pointer")
    assert (metrics_command(["ask", "clients"]), capsys.readouterr().err) == (2, expected)
    assert data_command(["rollback", "2"]) == 0
    capsys.readouterr()
    assert (data_command(["history"]), metrics_command(["ask", "clients"])) == (0, 0)


def test_a_whole_store_lists_its_versions(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert data_command(["history"]) == 0
    out, err = capsys.readouterr()
    assert (err, [line[:3] for line in out.splitlines()]) == ("", ["  1", "  2", "* 3"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_scrambled_block_is_said_as_damage(lang: Language, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file opens, for its headers are whole; a query that comes to the block fails."""
    file, store = own / "generations" / "000003.duckdb", Store(own)
    content = file.read_bytes()
    said = refusal_text(StoreError("damaged", own, "generations/000003.duckdb"), texts(lang)) + "\n"
    for place in range(12288 + 1000, len(content), 262144):
        file.write_bytes(content[:place] + bytes(range(64)) + content[place + 64 :])
        if _fails_late(store):
            assert metrics_command(["ask", "clients", "--by", "municipality", "--lang", lang]) == 2
            assert capsys.readouterr().err == said
            return
    pytest.fail("every block is read when the file is opened")


def _fails_late(store: Store) -> bool:
    try:
        cursor = store.read()
    except StoreError:
        return False
    try:
        cursor.execute("SELECT * FROM encounter").fetchall()
    except duckdb.Error:
        return True
    finally:
        cursor.close()
    return False
