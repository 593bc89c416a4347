"""The app as a server starts it: by its own command, with lines of JSON in its log."""

from __future__ import annotations

from pathlib import Path

from pages.access.logs import SWITCH
from tests.browser.server import Server, started


def run_app(store: Path, log: Path, port: int, host: str, **settings: str) -> Server:
    """Start `tilannekuva run` for a name that people use; settings: further environment variables."""
    words = ["tilannekuva", "run", "--no-browser", "--port", str(port), "--host", host]
    return started(words, store, log, port, **{SWITCH: "json"}, **settings)
