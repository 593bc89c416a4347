"""The installed package: built as a wheel, put into an environment of its own, used from a folder of somebody else's work."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import venv
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import ROOT
from tests.test_architecture import tracked

pytestmark = pytest.mark.slow

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
ROOMS = ("data/", "metrics/", "pages/", "translations/", "tilannekuva/")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel. The build backend is the environment's own, so that nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)], cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command. What the package needs is lent by the environment of the tests."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False, symlinks=os.name == "posix")
    place = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", place))
    lent = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    lines = "; ".join(f"site.addsitedir({path!r})" for path in lent)
    (packages / "lent.pth").write_text(f"import site; {lines}\n", encoding="utf-8")
    not_ours(packages)
    bin_folder = Path(sysconfig.get_path("scripts", "venv", place))
    python = bin_folder / ("python.exe" if os.name == "nt" else "python")
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    run([*pip, "install", "--no-deps", "--no-index", "--ignore-installed", str(wheel)], cwd=folder)
    return bin_folder / "tilannekuva"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder of somebody's own work."""
    not_ours(tmp_path)
    return tmp_path


def not_ours(folder: Path) -> None:
    """Packages by the names of our rooms, that must never be imported."""
    for name in ("app", "data", "pages", "metrics", "translations"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise RuntimeError('not ours')\n")


def run(line: Sequence[str | Path], cwd: Path, seconds: float = 180) -> str:
    """Run a command in a folder without the settings of whoever runs the tests; what it printed."""
    done = subprocess.run(
        [str(part) for part in line], cwd=cwd, env=clean(), capture_output=True, text=True, timeout=seconds
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


def clean() -> dict[str, str]:
    return {
        name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "TILANNEKUVA", "STREAMLIT"))
    }


def test_the_wheel_holds_all_that_is_tracked_and_nothing_else(wheel: Path) -> None:
    inside = {
        name.removeprefix("tilannekuva/") for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name
    }
    ours = {name.removeprefix("tilannekuva/") for name in tracked() if name.startswith(ROOMS)}
    assert inside == ours | {"app.py", ".streamlit/config.toml"}
    assert all(name.startswith(("tilannekuva/", "tilannekuva-")) for name in zipfile.ZipFile(wheel).namelist())


def test_it_says_what_it_is(command: Path, elsewhere: Path) -> None:
    assert run([command, "--version"], elsewhere).split() == ["tilannekuva", VERSION]
    assert "  import " in run([command, "--help"], elsewhere)
    assert "--dry-run" in run([command, "import", "--help"], elsewhere)


def test_it_makes_imports_asks_and_reports_in_the_current_folder(command: Path, elsewhere: Path) -> None:
    run([command, "sample", "--encounters", "3000"], elsewhere)
    assert (elsewhere / "sample-store" / "current").exists()
    assert "Arabic" in run([command, "ask", "clients", "--by", "language", "--lang", "en"], elsewhere)
    run([command, "sample", "--encounters", "500", "--csv", "own.csv"], elsewhere)
    run([command, "import", "own.csv", "--no-cells"], elsewhere)
    assert (elsewhere / "store" / "current").exists()
    run([command, "report", "--store", "sample-store", "--period", "2026-ytd-09", "--out", "report.pdf"], elsewhere)
    assert (elsewhere / "report.pdf").read_bytes().startswith(b"%PDF")


def test_it_serves_from_any_folder_until_it_is_stopped(command: Path, elsewhere: Path, sample_store: Path) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = elsewhere / "log.txt"
    line = [str(command), "run", "--port", str(port), "--store", str(sample_store)]
    with log.open("wb") as output:
        server = subprocess.Popen(line, cwd=elsewhere, env=clean(), stdout=output, stderr=subprocess.STDOUT)
    try:
        page = answered(f"http://127.0.0.1:{port}/kysynta?lang=sv", server)
        assert '<html lang="sv"' in page, "served past app.py"
    finally:
        server.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        code = server.wait(30)
    if os.name == "posix":
        assert code == 0, "Ctrl-C is no failure"
    said = log.read_text(encoding="utf-8")
    assert f"http://127.0.0.1:{port}" in said
    assert "Traceback" not in said
    assert "not ours" not in said


def answered(url: str, server: subprocess.Popen[bytes], seconds: float = 60) -> str:
    """The page at an address, as soon as the server answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(url, timeout=10) as answer:
                return str(answer.read().decode("utf-8"))
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url}")
