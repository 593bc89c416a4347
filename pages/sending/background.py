"""Sends reports while the app runs: looks whether another release is there, and starts a process of its own for it.

It looks at the store itself, so that it need not be told by whoever releases, in the app or by a command.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from data.refusal import Refusal, word_of
from data.store.store import Store, default_store
from pages.access import published
from pages.access.announcing import announced
from pages.sending.sent import anything_due
from pages.sending.settings import Reports, SendingError, reports_once

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).resolve().parents[2]
"""Where the package `pages` lies, in a checkout and in an installed copy."""
_PAUSE = 5.0
"""Seconds between two looks."""
_AGAIN = 900.0
"""Seconds before it is tried again what could not be begun."""
_MOST = 1800.0
"""Seconds that one round may take."""
_PATIENCE = 10.0
"""Seconds that a process has to end by itself when the app does."""


class ReportSender:
    """Sends what is due of the store that the app shows."""

    def __init__(
        self, store: Callable[[], Store] = default_store, settings: Callable[[], Reports] = reports_once
    ) -> None:
        self._store, self._settings = store, settings
        self._done: tuple[Path, str] | None = None
        self._not_before, self._said = 0.0, ""
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look, where anything goes out at all."""
        try:
            is_wanted = self._settings().is_wanted
        except SendingError as error:
            log.error("reports are not sent: %s", error)
            return
        if is_wanted and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="reports", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Look no more. What is being sent may be finished, for a moment."""
        self._ending.set()
        if self._thread:
            self._thread.join(2 * _PATIENCE)
            self._thread = None

    @property
    def is_running(self) -> bool:
        """Whether it looks."""
        return self._thread is not None and self._thread.is_alive()

    def look(self) -> None:
        """Send what is due of a release. What fails for somebody is told to the steward, who may send it again; what could not
        be begun, as where a disk is not there, is tried again later.
        """
        store = self._store()
        try:
            release = None if store.is_sample else store.release()
            seen = (store.path.absolute(), release.token) if release else None
            if seen is None or seen == self._done or time.monotonic() < self._not_before:
                return
            if anything_due(store, self._settings()):
                self._say(self._run_child(store))
                self._not_before = time.monotonic() + _AGAIN
            if not anything_due(store, self._settings()):
                self._done, self._not_before = seen, 0.0
        except (Refusal, OSError) as error:  # of a damaged store whoever opens a page is told
            self._say(word_of(error))

    def _say(self, why: str) -> None:
        """Log what has kept reports from being sent, once."""
        if why and why != self._said:
            log.warning("reports have not all been sent: %s", why)
        self._said = why

    def _run_child(self, store: Store) -> str:
        """Run the process; the result is what stopped it, nothing where nothing did."""
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        # In the folder of the app, which its settings are found from; -P, so that nothing of that folder is imported.
        process = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-P", "-m", "pages.sending.child", str(store.path.absolute())],
            env=os.environ | {"PYTHONPATH": path}, encoding="ascii",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )  # fmt: skip
        said = self._waited(process)
        return (said or f"ended with {process.returncode}") if process.returncode else ""

    def _waited(self, process: subprocess.Popen[str]) -> str:
        """What it said, after it has ended: by itself, after too long, or with the app."""
        for _ in range(int(_MOST)):
            with suppress(subprocess.TimeoutExpired):
                return process.communicate(timeout=1)[0].strip()
            if self._ending.is_set():
                with suppress(subprocess.TimeoutExpired):
                    return process.communicate(timeout=_PATIENCE)[0].strip()
                break
        process.kill()
        return process.communicate()[0].strip()

    def _run(self) -> None:
        while not self._ending.wait(_PAUSE):
            try:
                self.look()
            except Exception as error:  # whatever it is, the next look may go better
                log.warning("reports are not looked after: %s", type(error).__name__)


SENDER: Final = ReportSender()
"""That of this process."""


@asynccontextmanager
async def served(app: object) -> AsyncGenerator[None]:
    """The app's life: what `announced` does, and meanwhile reports go out."""
    async with announced(app):
        if published.folder() is None:  # a published site has no store
            SENDER.start()
        try:
            yield
        finally:
            SENDER.stop()
