"""Sign-ins that have ended before their time. Kept beside the store, so that a restart does not bring them back."""

from __future__ import annotations

import json
import logging
import threading
import time
from pathlib import Path
from typing import Final

from data.store.durable import write_durably
from data.store.small_file import text_of
from data.store.store import default_store, own_store
from pages.access.settings import MOST_HOURS

_NAME = "signed-out.json"
_PAUSE = 10.0
"""Seconds until what could not be written down is tried again: the disk may have room by then."""
log = logging.getLogger(__name__)


class Ended:
    """Digests of ended sign-ins with the time of the end, in seconds since 1970; those that have run out are forgotten."""

    def __init__(self, path: Path | None = None) -> None:
        self._path, self._lock = path, threading.Lock()
        self._known: dict[str, float] | None = None
        self._before = 0.0
        self._again: float | None = None

    def is_over(self, digest: str, since: float) -> bool:
        """Return whether a sign-in has ended, which began at `since`."""
        with self._lock:
            ended = self._ended()  # first: it tells whether the file can be read
            if self._again is not None and time.monotonic() >= self._again:
                self._write()
            return since < self._before or digest in ended

    def end(self, digest: str) -> None:
        """End a sign-in. Where it cannot be written down, it is over all the same; it is tried again, and the log says so."""
        with self._lock:
            now = time.time()
            kept = {one: at for one, at in self._ended().items() if now - at < MOST_HOURS * 3600}
            self._known = {**kept, digest: now}
            self._write()

    def _write(self) -> None:
        """Write down what is known; where that fails, again when somebody looks at a page a moment later."""
        is_told, self._again = self._again is not None, None
        try:
            write_durably(self._file, json.dumps(self._known))
        except OSError as error:
            self._again = time.monotonic() + _PAUSE
            if not is_told:
                log.warning("a sign-out could not be written down, and is tried again: %s", type(error).__name__)

    @property
    def _file(self) -> Path:
        own = own_store().path  # not the example's, which is looked at for a while
        return self._path or (own if own.is_dir() else default_store().path) / _NAME

    def _ended(self) -> dict[str, float]:
        if self._known is None:
            self._known = self._read()
        return self._known

    def _read(self) -> dict[str, float]:
        try:
            found = json.loads(text_of(self._file))
            return {str(digest): float(at) for digest, at in found.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError, OverflowError, RecursionError) as error:
            log.warning("%s cannot be read, so everybody has to sign in again: %s", _NAME, type(error).__name__)
            self._before = time.time()
            return {}


ENDED: Final = Ended()
"""Those of this server."""
