"""`make run` and `make test` on machines that lack something: plain words, a Chromium from where there is one, a last line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.conftest import ROOT
from tests.deploy import nginx

OLD = '#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2"\n[ "$1" = -V ]\n'
WITHOUT_VENV = f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"\n'
WITHOUT_PIP = f'#!/bin/sh\n[ "$2" = venv ] && mkdir "$3" && echo broken && exit 1\nexec "{sys.executable}" "$@"\n'


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
@pytest.mark.parametrize("target", ["run", "test"])
@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, ["There is no", "Install Python 3.11 or newer", "make PYTHON=python3.12"]),
        (OLD, ["needs Python 3.11 or newer", "Python 3.9.2", "make PYTHON=python3.12"]),
        (WITHOUT_VENV, ["venv and ensurepip are missing", "apt-get install python3-venv"]),
        (WITHOUT_PIP, ["broken", "could not make the environment"]),
    ],
)
def test_make_says_what_to_do_about_python(tmp_path: Path, target: str, script: str | None, said: list[str]) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "tests").mkdir()
    for lock in ("requirements.lock", "tests/requirements.lock"):
        (tmp_path / lock).touch()
    python = tmp_path / "python3"
    if script is not None:
        python.write_text(script, encoding="utf-8")
        python.chmod(0o755)
    done = subprocess.run(
        ["make", f"PYTHON={python}", target], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    told = done.stdout + done.stderr
    assert done.returncode != 0
    assert [words for words in said if words not in told] == [], told
    assert "Traceback" not in told
    assert not (tmp_path / ".venv").exists(), "the next try starts afresh"


SHELL = "chromium-headless-shell"


class Machine:
    """A machine on which some ways of getting a Chromium work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, has: bool = False, works: str = "") -> None:
        self.has, self.works, self.ran = has, works, list[str]()
        monkeypatch.setattr(chromium, "find_chromium", lambda: "/some/chromium" if self.has else None)
        monkeypatch.setattr(chromium, "_run", self.run)
        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")

    def run(self, command: list[str], **_: str) -> bool:
        text = " ".join(command)
        self.ran.append(text)
        self.has = self.has or (bool(self.works) and self.works in f"{text}$" and "install" in command)
        return True


def test_a_chromium_of_the_system_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, has=True)
    assert (chromium.main(), machine.ran) == (0, [])


def test_else_playwright_installs_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, works="playwright install chromium")
    assert chromium.main() == 0
    assert [text.split(" -m ")[1] for text in machine.ran] == ["playwright install chromium"]


@pytest.mark.parametrize(("user", "before"), [(0, ""), (1000, "sudo -n ")])
def test_else_the_package_manager_where_it_may(monkeypatch: pytest.MonkeyPatch, user: int, before: str) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    machine = Machine(monkeypatch, works="apt-get")
    assert chromium.main() == 0
    assert machine.ran[-1].startswith(f"{before}env DEBIAN_FRONTEND=noninteractive apt-get")
    assert machine.ran[-1].endswith(" chromium-headless-shell")


def test_else_the_whole_browser_where_the_package_manager_has_no_headless_shell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch, works="recommends chromium$")
    assert chromium.main() == 0
    assert machine.ran[-1].endswith(" chromium")


def test_the_headless_shell_is_taken_where_there_are_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in ("chromium", SHELL) else None)
    monkeypatch.setattr(chromium, "_starts", lambda path: True)
    assert chromium.find_chromium() == f"/usr/bin/{SHELL}"
    monkeypatch.setattr(chromium, "_starts", lambda path: not path.endswith(SHELL))
    assert chromium.find_chromium() == "/usr/bin/chromium"


@pytest.mark.parametrize(("ci", "code"), [(None, 0), ("0", 0), ("1", 1), ("true", 1)])
def test_without_any_the_rest_runs_at_home_but_not_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str | None, code: int
) -> None:
    Machine(monkeypatch)
    monkeypatch.delenv("CI", raising=False)
    if ci is not None:
        monkeypatch.setenv("CI", ci)
    assert chromium.main() == code
    assert "apt-get install chromium" in capsys.readouterr().err


@pytest.mark.parametrize(("ci", "code"), [("0", 0), ("1", 1)])
def test_an_nginx_is_got_where_it_may_be_and_missed_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, code: int
) -> None:
    machine = Machine(monkeypatch)
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(nginx, "find_nginx", lambda: None)
    assert nginx.main() == code
    assert machine.ran[-1].endswith("nginx-light")
    assert "apt-get install nginx-light" in capsys.readouterr().err


def test_a_browser_that_does_not_start_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    stub.chmod(0o755)
    monkeypatch.setattr(chromium, "_candidates", lambda: iter([None, str(stub)]))
    assert chromium.find_chromium() is None
    stub.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    assert chromium.find_chromium() == str(stub)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_last_line_says_what_did_not_run_and_why(tmp_path: Path, workers: str) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_unconfigure  # noqa: F401\n")
    (tmp_path / "test_it.py").write_text(
        "import pytest\n\n"
        "def test_runs(): pass\n\n"
        "@pytest.mark.parametrize('n', [1, 2])\ndef test_page(n): pytest.skip('no Chromium found\\nTo get one: …')\n\n"
        "@pytest.mark.skip(reason='no make')\ndef test_make(): pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-n", workers, "-q", "-p", "no:cacheprovider", "--rootdir", ".", "."]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "3 tests did not run (2: no Chromium found; 1: no make)"
