"""`tilannekuva`: every command of every room under one name, and `run` that says why it cannot."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from data.texts import texts
from tests.browser.server import free_port
from tests.conftest import ROOT, own_copy
from tilannekuva import __main__ as command
from tilannekuva import running


def test_every_command_has_one_name_and_a_line_of_help(capsys: pytest.CaptureFixture[str]) -> None:
    names = Counter(name for room in command.ROOMS for name in command.commands(room))
    assert {"run", "import", "sample", "ask", "report", "reference"} <= set(names)
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for room in command.ROOMS for name, told in command.commands(room).items() if not told] == []
    assert command.main([]) == 0
    shown = capsys.readouterr().out
    assert [name for name in names if f"\n  {name} " not in shown] == []


def test_a_room_is_known_by_its_commands_before_it_is_loaded() -> None:
    for room in command.ROOMS:
        assert room.names == tuple(command.commands(room))


def test_a_question_loads_no_room_but_its_own() -> None:
    asked = """
import sys
import time
from tilannekuva.__main__ import main
main(["show", "clients"])
print([name for name in ("data.cli", "data.ingest", "altair", "streamlit", "pages") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_a_question_whose_cells_are_there_loads_no_library_of_tables_charts_or_pages(
    sample_store: Path, tmp_path: Path
) -> None:
    """Each takes as long to load as all else that a short command does; what counts and what imports loads them on use."""
    store = own_copy(sample_store, tmp_path / "store")
    asked = f"""
import sys
import time
from tilannekuva.__main__ import main
for words in (["clients"], ["clients", "solved_share", "--by", "municipality", "--each", "year"], ["wait_days"]):
    main(["ask", *words, "--store", {str(store)!r}])
main(["ask", "clients", "--compare", "year", "--store", {str(store)!r}])
libraries = ("polars", "numpy", "pandas", "pyarrow", "altair", "streamlit", "babel")
what_counts = ("metrics.cube.scan", "metrics.cube.sql", "metrics.cube.admission", "metrics.together")
print([name for name in (*libraries, *what_counts) if name in sys.modules])
"""
    for _ in ("they are counted", "they are there"):
        done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_command_is_called_by_its_own_name(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("import", "ask", "report", "run", "reference"):
        with pytest.raises(SystemExit) as ended:
            command.main([name, "--help"])
        assert ended.value.code == 0
        assert f"käyttö: tilannekuva {name} " in capsys.readouterr().out


def test_an_unknown_command_is_refused_with_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["imprt"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert texts("fi")("cli.usage.no_command") in told.err
    assert "  import " in told.err


def test_in_the_checkout_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tilannekuva", "list", "--lang", "en"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "employed_by" in done.stdout


@pytest.mark.parametrize(("lang", "words"), [("fi", "on jo käytössä"), ("sv", "används redan"), ("en", "is in use")])
def test_a_taken_port_is_said_with_a_free_one(lang: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.socket()) as other:
        other.bind((running.ADDRESS, 0))
        other.listen()
        port = other.getsockname()[1]
        assert running.main(["run", "--port", str(port), "--lang", lang], "tilannekuva") == 2
    told = capsys.readouterr().err
    assert f"{port} {words}" in told
    free = int(told.rsplit("PORT=", 1)[1].rstrip(").\n"))
    assert running.why_not(free) is None


@pytest.mark.parametrize("port", [0, -1, 65_536, 99_999])
def test_a_port_that_cannot_be_is_said(port: int) -> None:
    assert running.why_not(port) == "run.port_number"


def test_a_port_in_the_environment_is_read_as_kindly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "viisi")
    assert running.main(["run", "--lang", "en"], "tilannekuva") == 2
    assert "Port viisi will not do" in capsys.readouterr().err


def test_a_port_that_may_not_be_opened_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Guarded(socket.socket):
        def bind(self, address: Any) -> None:
            if address[1] < 1024:
                raise PermissionError(errno.EACCES, "Permission denied")
            super().bind(address)

    monkeypatch.setattr(socket, "socket", Guarded)
    assert running.main(["run", "--port", "80", "--lang", "en"], "tilannekuva") == 2
    assert "Port 80 may not be opened" in capsys.readouterr().err


def test_the_file_of_sign_in_may_lie_anywhere(tmp_path: Path) -> None:
    """It is read before the server starts: a mistake in it is said, and never passed over."""
    file = tmp_path / "secrets.toml"
    file.write_text('[auth]\nclient_id = "a"\n', encoding="utf-8")
    command = [sys.executable, "-m", "tilannekuva", "run", "--no-browser", "--port", str(free_port()), "--lang", "en"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"STREAMLIT_SECRETS_FILES": str(file)}, capture_output=True, text=True, timeout=60
    )  # fmt: skip
    assert done.returncode == running.REFUSED
    assert texts("en")("refusal.access.auth") in done.stderr


@pytest.mark.parametrize("names", [(), ("--host", "luvut.example.fi")])
def test_a_start_and_an_end_say_nothing_but_our_own_words(names: tuple[str, ...], tmp_path: Path) -> None:
    """Streamlit would tell in English of its address, of its end, and of options that have changed since it was started."""
    command = [sys.executable, "-m", "tilannekuva", "run", "--no-browser", "--port", str(free_port()), *names]
    said = tmp_path / "said"
    with said.open("w") as out:
        started = subprocess.Popen([*command, "--store", str(tmp_path / "store")], cwd=ROOT, stdout=out, stderr=out)
        try:
            ends = time.monotonic() + 60
            while "/avaa?avain=" not in said.read_text() and time.monotonic() < ends:
                time.sleep(0.1)
        finally:
            started.send_signal(signal.SIGINT)
            started.wait(20)
    assert "/avaa?avain=" in said.read_text()
    told = said.read_text().replace(texts("fi")("run.no_data"), "").splitlines()
    start = texts("fi")("run.local").splitlines()
    assert [line for line in told if line and line not in start and "/avaa?avain=" not in line] == []
