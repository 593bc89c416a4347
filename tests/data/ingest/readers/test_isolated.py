"""Reading in a process of its own: its death refuses one file, and nothing stays behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from data.ingest.readers import FileRefused, isolated, limits, read
from data.ingest.readers.isolated import Door
from tests.conftest import ROOT
from tests.data.ingest import hostile


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    made = Door()
    made.start()
    yield made
    made.end()
    assert not [*scratch.iterdir()], "nothing stays on the disk"


def good(folder: Path) -> Path:
    path = folder / "hyva.csv"
    path.write_text('Raportti 1\n\nTunnus;Kieli;"Aihe"\nK1;ar;Työ\nK2;so;Vero;liikaa\n', encoding="utf-8")
    return path


def test_sheets_come_back_whole(door: Door, tmp_path: Path) -> None:
    path = good(tmp_path)
    (here,), (there,) = read(path), door.read(path)
    assert there.rows.equals(here.rows)
    assert there.rows.schema == here.rows.schema
    assert (there.header, there.broken, there.notes, there.titles, there.name, there.file) == (
        here.header, here.broken, here.notes, here.titles, here.name, here.file,
    )  # fmt: skip
    assert here.broken
    assert here.titles


def test_the_folder_is_for_its_owner_alone(door: Door) -> None:
    assert door._folder
    assert Path(door._folder.name).stat().st_mode & 0o777 == 0o700


def refused(door: Door, path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        door.read(path)
    return caught.value.reason


def test_a_folder_that_has_been_cleared_away_is_made_anew(door: Door, tmp_path: Path) -> None:
    for folder in (tmp_path / "scratch").iterdir():
        shutil.rmtree(folder)
    (sheet,) = door.read(good(tmp_path))
    assert sheet.rows.equals(read(good(tmp_path))[0].rows)


def test_what_cannot_be_opened_is_told_by_its_reason(door: Door, tmp_path: Path) -> None:
    """A name that is wrong, and what `*.xlsx` finds beside a workbook that is open in Excel, need other words than damage."""
    assert refused(door, tmp_path / "käynnit") == "not_found"
    beside = tmp_path / "~$kaynnit.xlsx"
    beside.write_bytes(b"\x06Matti" + bytes(159))
    assert refused(door, beside) == "open_elsewhere"


def test_a_folder_without_a_name_is_named(door: Door) -> None:
    with pytest.raises(FileRefused) as caught:
        door.read(Path())
    assert (caught.value.reason, caught.value.file) == ("not_a_file", ".")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSEGV])
def test_a_death_refuses_the_file_and_the_next_one_is_read(
    door: Door, tmp_path: Path, end: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door._process
    first = door._process
    os.kill(first.pid, signal.SIGSTOP)
    asked = Door._ask

    def dying(self: Door, *rest: object) -> object:
        os.kill(first.pid, end)
        os.kill(first.pid, signal.SIGCONT)
        return asked(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Door, "_ask", dying)
    assert refused(door, good(tmp_path)) == "reader_stopped"
    monkeypatch.setattr(Door, "_ask", asked)
    assert door.read(good(tmp_path))[0].rows.height == 1
    assert door._process.pid != first.pid


def test_too_much_memory_is_a_refusal(door: Door, tmp_path: Path) -> None:
    assert refused(door, hostile.shared_strings_just_short_enough(tmp_path)) in ("reader_stopped", "too_large_area")
    assert door.read(good(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_no_room_for_what_was_read_is_told_as_such(door: Door, tmp_path: Path) -> None:
    """As on a full disk, or where the shell has a limit for files (`ulimit -f`)."""
    assert door._process
    if sys.platform == "linux":
        import resource  # which other systems do not have

        resource.prlimit(door._process.pid, resource.RLIMIT_FSIZE, (100, 100))
    assert refused(door, good(tmp_path)) == "no_room"
    assert door.read(good(tmp_path))


def test_no_time_left_is_a_refusal(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert door._process
    os.kill(door._process.pid, signal.SIGSTOP)  # as if it never came to an end
    monkeypatch.setattr(isolated, "limits", lambda *_: limits.Limits(0.2, 10**9))
    assert refused(door, good(tmp_path)) == "too_slow"
    monkeypatch.undo()
    assert door.read(good(tmp_path))


def test_processor_time_is_limited(tmp_path: Path) -> None:
    """Quotation marks take the slow reader, which gets a second here."""
    path = tmp_path / "hidas.csv"
    path.write_bytes(b"a;b;c\n" + b'"x"y";1;2\n' * 3_000_000)
    code = (
        "import sys; from pathlib import Path; from data.ingest.readers import child\n"
        "child.limits = lambda kind, size: type('L', (), {'seconds': 1.0, 'memory': 10**9})\n"
        "child._limit('text', 1); child.read(Path(sys.argv[1]))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, timeout=60)
    assert -done.returncode == signal.SIGXCPU


def test_limits_grow_with_honest_files_only() -> None:
    small = limits.limits("text", 5_000)
    assert small == limits.limits("text", 20_000_000) == limits.limits("workbook", 5_000_000)
    assert small.seconds <= 20
    assert small.memory < 1_000_000_000
    large = limits.limits("text", 1_000_000_000)
    assert large.seconds > 40
    assert large.memory > 8_000_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_killed_import_leaves_nothing_behind(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    code = "from data.ingest.readers.isolated import Door; d = Door(); d.start(); print('ready', flush=True); input()"
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"TMPDIR": str(scratch)}, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert parent.stdout
    parent.stdout.readline()
    assert len([*scratch.iterdir()]) == 1
    parent.kill()
    parent.communicate()
    for _ in range(200):
        if not [*scratch.iterdir()]:
            return
        time.sleep(0.05)
    pytest.fail("the folder is still there")


def test_a_file_in_the_current_folder_is_never_taken_for_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "polars.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    with Door() as made:
        assert made.read(Path(good(tmp_path).name))[0].rows.height == 1


def test_nothing_secret_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_KEYS", "/keys")
    assert "TILANNEKUVA_KEYS" not in isolated._environment()


def test_starting_is_cheap() -> None:
    """The reading process loads nothing of the store, the texts or the interface."""
    code = "import sys, data.ingest.readers.child; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"duckdb", "babel", "pydantic", "streamlit", "pyarrow", "data.texts", "data.store"} & set(loaded)


def test_large_files_do_not_cost_their_memory_twice(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "iso.csv"
    pl.DataFrame({f"a{n}": pl.Series(range(200_000)).cast(pl.String) + " teksti tekstiä" for n in range(8)}).write_csv(
        path
    )
    assert path.stat().st_size > isolated._LARGE
    assert door.read(path)[0].rows.height == 200_000
    assert not door.alive, "it does not give its memory back"
