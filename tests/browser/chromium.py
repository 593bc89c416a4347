"""A Chromium for the browser tests: the system's, else Playwright's own, else one from the package manager.

The headless shell before the whole browser, which takes a quarter more of the processor.

`python -m tests.browser.chromium` gets one where there is none, or says why it could not; `make test` runs it first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NONE_FOUND = "no Chromium found for the browser tests"
HOW_TO_GET_ONE = f"""{NONE_FOUND}. To get one:
  Debian:  sudo apt-get install chromium
  Ubuntu:  sudo snap install chromium
  Fedora:  sudo dnf install chromium
  macOS:   brew install --cask chromium
Google Chrome on the path does as well."""
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "/usr/bin/chromium")
_MAC = "/Applications/Chromium.app/Contents/MacOS/Chromium"
_PATIENCE = 600
"""Seconds that getting one may take."""


def find_chromium() -> str | None:
    """Path of a Chromium or Chrome that starts, or None."""
    return next((path for path in _candidates() if path and _starts(path)), None)


_started: list[tuple[Playwright, Browser]] = []


def running(executable: str) -> Browser:
    """The Chromium of all tests of this process: Playwright can be started once in it."""
    if not _started:
        from playwright.sync_api import sync_playwright

        playwright = sync_playwright().start()
        _started.append((playwright, playwright.chromium.launch(executable_path=executable, args=list(FLAGS))))
    return _started[0][1]


def end() -> None:
    """Close it, if it runs."""
    while _started:
        playwright, browser = _started.pop()
        browser.close()
        playwright.stop()


def needed(found: str | None, none: str, how: str) -> str:
    """A program that tests need. Without it they are skipped at home and fail in CI."""
    if found is None:
        import pytest

        if in_ci():
            pytest.fail(how, pytrace=False)
        pytest.skip(none)
    return found


def get_chromium() -> str | None:
    """Find one or get one: path of a Chromium that starts, None when none can be had here."""
    ways: tuple[tuple[str, Callable[[], None]], ...] = (
        ("playwright install chromium", _install_playwrights_own),
        ("apt-get install chromium-headless-shell", lambda: install_package("chromium-headless-shell")),
        ("apt-get install chromium", lambda: install_package("chromium")),
    )
    found = find_chromium()
    for name, install in ways:
        if found is None:
            print(f"No Chromium yet: trying {name}", flush=True)
            install()
            found = find_chromium()
    return found


def main() -> int:
    """Get one; the result is the exit code: without one 0 at home, where its tests are skipped, and 1 in CI."""
    if get_chromium() is not None:
        return 0
    print(HOW_TO_GET_ONE, file=sys.stderr)
    if in_ci():
        return 1
    print("The other tests run without it.", file=sys.stderr)
    return 0


def in_ci() -> bool:
    """Whether the environment says `CI`: there a test may not be left out."""
    return os.environ.get("CI", "") not in ("", "0", "false")


def _candidates() -> Iterator[str | None]:
    yield from (shutil.which(name) for name in (*_NAMES, _MAC))
    yield _playwrights_own()


def _starts(path: str) -> bool:
    """A file alone is not enough: a snap's stand-in, or one whose libraries are missing, does not start."""
    return _run([path, "--headless", "--no-sandbox", "--version"], seconds=60)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install_playwrights_own() -> None:
    _run([sys.executable, "-m", "playwright", "install", "chromium"], PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT="15000")


def install_package(name: str) -> None:
    """From Debian's or Ubuntu's packages, where this user may install them without being asked for a password."""
    as_root = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") is None or not _run([*as_root, "true"]):
        return
    # `env` sets it past sudo, which drops the environment.
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    _run([*apt, "update"])
    _run([*apt, "install", "-y", "--no-install-recommends", name])


def _run(command: list[str], *, seconds: int = _PATIENCE, **environment: str) -> bool:
    """Whether a command could be run and went well; what it prints is not for the reader."""
    try:
        done = subprocess.run(
            command, env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
