"""The app as a server starts it: by its own command, with lines of JSON in its log."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from pages.access.logs import SWITCH
from tests.browser.server import Server
from tests.conftest import ROOT


def run_app(store: Path, log: Path, port: int, host: str, **settings: str) -> Server:
    """Start `tilannekuva run` for a name that people use; settings: further environment variables."""
    command = [sys.executable, "-m", "tilannekuva", "run", "--no-browser", "--port", str(port), "--host", host]
    environment = os.environ | {"TILANNEKUVA_STORE": str(store), SWITCH: "json"} | settings
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Server(f"http://127.0.0.1:{port}", process, log)
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"the app did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
