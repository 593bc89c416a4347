"""How far the making of cells has come, told in the window of a command."""

from __future__ import annotations

import sys
import time

from data.texts import message
from metrics.warming import Progress

_EVERY = 1.0
"""Seconds between two lines, and before the first: short work needs none."""


def on_stderr(lang: str, text: str = "cli.building") -> Progress:
    """Return what tells of each second's progress. text: its key."""
    told = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal told
        if time.monotonic() - told > _EVERY:
            told = time.monotonic()
            print(message(text, lang, done=done, of=of), file=sys.stderr, flush=True)

    return tell
