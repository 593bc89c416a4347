"""The door on one's own machine: a key that opens once, and the browsers it has been opened for.

Whoever started the program reads the key where it was started, as with Jupyter. All is kept in memory: a restart closes
every door. Only digests of browsers' passes are held.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

PATH: Final = "/avaa"
KEY: Final = "avain"
"""The address that opens the door, and its parameter with the key."""
HOURS_OPEN: Final = 12
"""How long a browser stays let in: a working day."""
_MOST_BROWSERS: Final = 50


class LocalDoor:
    """One door of one server. `key` opens it once; then there is another."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._key = secrets.token_urlsafe(32)
        self._opened: dict[str, float] = {}

    @property
    def key(self) -> str:
        """The key that opens the door next."""
        return self._key

    def open(self, key: str) -> str | None:
        """Return a pass for the browser that brings the right key, which is used up by that; None for any other key."""
        with self._lock:
            if not secrets.compare_digest(key.encode(), self._key.encode()):
                return None
            self._key = secrets.token_urlsafe(32)
            made = secrets.token_urlsafe(32)
            self._opened[_digest(made)] = self._clock()
            while len(self._opened) > _MOST_BROWSERS:
                del self._opened[next(iter(self._opened))]
            return made

    def lets_in(self, pass_: str | None) -> bool:
        """Return whether a pass is one of this door's, given out less than HOURS_OPEN ago and not taken back."""
        since = self._opened.get(_digest(pass_)) if pass_ else None
        return since is not None and self._clock() - since < HOURS_OPEN * 3600

    def close(self, pass_: str | None) -> None:
        """Take a pass back."""
        with self._lock:
            self._opened.pop(_digest(pass_ or ""), None)


def _digest(pass_: str) -> str:
    return hashlib.sha256(pass_.encode()).hexdigest()


DOOR: Final = LocalDoor()
"""The door of this process."""
