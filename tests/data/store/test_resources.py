"""Databases keep to what is set for them, and none reads what another one has written aside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store import resources
from data.store.resources import database, spill_of
from data.store.workspace import writing_into


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (resources.MEMORY, resources.THREADS, resources.SPILL):
        monkeypatch.delenv(name, raising=False)
    yield
    resources._folder.cache_clear()
    resources._not_understood.cache_clear()


def setting(name: str) -> str:
    row = database().execute(f"SELECT current_setting('{name}')::VARCHAR").fetchone()
    assert row
    return str(row[0])


def test_memory_and_threads_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(resources.MEMORY, "800MB")
    monkeypatch.setenv(resources.THREADS, "1")
    assert setting("memory_limit") == "762.9 MiB"
    assert setting("threads") == "1"


def test_memory_may_be_a_part_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = setting("memory_limit")
    monkeypatch.setenv(resources.MEMORY, "80%")
    assert setting("memory_limit") == usual
    monkeypatch.setenv(resources.MEMORY, "1%")
    assert setting("memory_limit").endswith("MiB")


@pytest.mark.parametrize("value", ["1 %", "1\u00a0%", " 1% "])
def test_spaces_in_a_setting_mean_nothing(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(resources.MEMORY, "1%")
    one = setting("memory_limit")
    monkeypatch.setenv(resources.MEMORY, value)
    assert setting("memory_limit") == one
    monkeypatch.setenv(resources.MEMORY, "1\u00a0000\u00a0MB")
    assert setting("memory_limit") == "953.6 MiB"


@pytest.mark.parametrize(("value", "limit"), [("2TB", "1.8 TiB"), ("9999TB", "8.8 PiB"), ("9999999GB", "8.8 PiB")])
def test_memory_of_large_machines_is_understood(value: str, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(resources.MEMORY, value)
    assert setting("memory_limit") == limit


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Warnings, whatever other tests have made of the log of this process."""
    found: list[str] = []
    monkeypatch.setattr(resources.log, "warning", lambda text, *about: found.append(text % about))
    return found


@pytest.mark.parametrize(
    "value", ["much", "0GB", "-1", "1; DROP", "0%", "120%", "%", "²", "1٢GB", "-5%", "0.5%", "1" * 5000]
)
def test_what_cannot_be_understood_is_left_out_and_said_once(
    value: str, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    usual = setting("memory_limit"), setting("threads")
    monkeypatch.setenv(resources.MEMORY, value)
    monkeypatch.setenv(resources.THREADS, value)
    assert (setting("memory_limit"), setting("threads")) == usual
    assert len(said) == 2
    assert all("cannot be used" in one and value not in one for one in said)


def test_each_database_has_its_own_place_for_what_does_not_fit(tmp_path: Path) -> None:
    file = tmp_path / "000001.duckdb"
    places = {spill_of(file) for _ in range(3)}
    code = f"from pathlib import Path; from data.store.resources import spill_of; print(spill_of(Path({str(file)!r})))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert len({*places, Path(other)}) == 4
    assert {place.parent for place in places} == {tmp_path}


def test_the_folder_is_for_its_owner_alone_and_nothing_of_the_dead_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(resources.SPILL, str(tmp_path))
    folder = tmp_path / "tilannekuva-spill"
    folder.mkdir(0o700)
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    left, living = (folder / f"000001.duckdb.{one}-1.tmp" for one in (int(ended.stdout), os.getppid()))
    left.mkdir()
    living.mkdir()
    assert spill_of(tmp_path / "store" / "000001.duckdb").parent == folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [*folder.iterdir()] == [living]


def test_a_folder_that_others_can_read_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setenv(resources.SPILL, str(tmp_path))
    (tmp_path / "tilannekuva-spill").mkdir()
    (tmp_path / "tilannekuva-spill").chmod(0o755)
    assert spill_of(tmp_path / "store.duckdb").parent == tmp_path
    assert len(said) == 1


def test_what_does_not_fit_goes_there_and_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(resources.MEMORY, "60MB")
    monkeypatch.setenv(resources.THREADS, "1")
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setenv(resources.SPILL, str(aside))
    monkeypatch.setattr("data.store.workspace._idle", {})
    with writing_into(tmp_path / "made.duckdb") as connection:
        connection.execute("CREATE TABLE numbers AS SELECT hash(range) AS n FROM range(12_000_000) ORDER BY n")
        assert [*(aside / "tilannekuva-spill").rglob("duckdb_temp*")]
    assert not [*(aside / "tilannekuva-spill").iterdir()]
