"""Opens the local door in the browser of whoever started the app."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
import webbrowser
from html import escape
from pathlib import Path

_PATIENCE = 30
"""Seconds to wait until the server answers."""


def open_soon(address: str, host: str, port: int) -> None:
    """Open an address as soon as the server answers; without a browser, nothing happens: the address has been said."""
    threading.Thread(target=_open, args=(address, host, port), name="open-browser", daemon=True).start()


def _open(address: str, host: str, port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                break
        time.sleep(0.1)
    # A file for its owner alone leads to the address: what is given to a browser by command line, every user can read.
    folder = tempfile.TemporaryDirectory(prefix="tilannekuva-", ignore_cleanup_errors=True)
    page = Path(folder.name) / "open.html"
    page.write_text(page_to(address), encoding="utf-8")
    webbrowser.open(page.as_uri())
    time.sleep(_PATIENCE)
    folder.cleanup()


def page_to(address: str) -> str:
    """Return a page that leads to an address."""
    target = escape(address, quote=True)
    return (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={target}">'
        f'<title>Tilannekuva</title><a href="{target}">Tilannekuva</a>'
    )
