"""Progress of a precomputation, printed in the terminal of a command."""

from __future__ import annotations

import sys
import time

from data.texts import message
from metrics.warming import Progress

_FIRST, _LONGEST = 1.0, 10.0
"""Seconds before the first line, for short work needs none; the next ones wait twice as long each, and so long at most."""


def on_stderr(lang: str, text: str = "cli.building") -> Progress:
    """Return what tells of each second's progress. text: its key."""
    told, pause = time.monotonic(), _FIRST

    def tell(done: int, of: int) -> None:
        nonlocal told, pause
        if time.monotonic() - told > pause:
            told, pause = time.monotonic(), min(2 * pause, _LONGEST)
            print(message(text, lang, done=done, of=of), file=sys.stderr, flush=True)

    return tell
