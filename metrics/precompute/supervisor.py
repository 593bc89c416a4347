"""Supervisor of the background process: starts it when the visible state has changed, one at a time, and ends it.

It polls the store itself, so that whoever publishes need not notify it: an import, a release, a rollback, forgetting or a
restore, in the app or by a command.
"""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from data.refusal import Refusal
from data.store import reading
from data.store.generation import Generation
from data.store.store import Store, default_store
from metrics.cube import cube
from metrics.grammar.question import Question
from metrics.measures.lacking import tell
from metrics.precompute.requests import CellRequest
from metrics.precompute.spawning import ended, started
from metrics.precompute.switch import is_wanted
from metrics.registry.sets import numbers

log = logging.getLogger(__name__)

_PAUSE = 2.0
"""Seconds between two looks."""
_AGAIN, _AGAIN_MOST = 15.0, 900.0
"""Seconds before it is tried again after something stopped it: at first, and at most."""
_MOST_WAITING = 200
_MOST_KNOWN = 5_000
"""Questions that wait, and that are remembered as asked for."""
Seen = tuple[Path, str, str, tuple[int, ...]]
"""What is seen: a store's folder, the tokens of the serving generation and of what visitors see, and its definitions."""


class CellSupervisor:
    """One process for the store that the app shows. audiences: those whose cells are made ahead."""

    def __init__(self, audiences: Callable[[], Sequence[str]], store: Callable[[], Store] = default_store) -> None:
        self._audiences, self._store = audiences, store
        self._process: subprocess.Popen[str] | None = None
        self._seen: Seen | None = None
        self._is_done = self._is_told = False
        self._makes = True
        self._tries, self._not_before = 0, 0.0
        self._lock = threading.Lock()
        self._waiting: dict[CellRequest, None] = {}
        self._known: dict[CellRequest, None] = {}
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look, and to be told what readers lack. Where cells are not to be made ahead, memory is looked after all the
        same: somebody may be forgotten, and nobody ask after it.
        """
        if self._thread is None:
            self._makes = is_wanted()
            if self._makes:
                tell(self.lacked)
            self._thread = threading.Thread(target=self._run, name="cells", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the process, and look no more."""
        tell(None)
        self._ending.set()
        if self._thread:
            self._thread.join(10)
            self._thread = None
        self._end()

    @property
    def is_running(self) -> bool:
        """Whether it looks after the cells."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def makes(self) -> bool:
        """Whether cells are made ahead here."""
        return self.is_running and self._makes

    def lacked(self, question: Question, generation: Generation) -> None:
        """Have the cells of a question made soon; what was asked for before, or when too many wait, is passed over."""
        wanted = CellRequest.of(question, generation.token)
        with self._lock:
            if wanted not in self._known and len(self._waiting) < _MOST_WAITING:
                self._known[wanted] = self._waiting[wanted] = None
                while len(self._known) > _MOST_KNOWN:
                    del self._known[next(iter(self._known))]

    def look(self) -> None:
        """Start the process, or end it, as what is seen asks for; and let go of what was seen before, though nobody asks."""
        reading.let_go_of_what_has_gone()
        cube.let_go_of_what_has_gone()
        if not self._makes:
            return
        seen = self._what_is_seen()
        if seen != self._seen:
            self._end()
            self._seen, self._is_done, self._is_told, self._tries, self._not_before = seen, False, False, 0, 0.0
            with self._lock:
                self._waiting.clear()
                self._known.clear()
        if seen is None:
            return
        if self._process and self._process.poll() is not None:
            self._ended(self._process)
        is_needed = not self._is_done or self._waiting
        if self._process is None and is_needed and time.monotonic() >= self._not_before:
            self._begin(seen[0])
        if self._process:
            self._hand_over(self._process)

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Exception as error:  # whatever it is, the next look may go better
                log.warning("cells are not looked after: %s", type(error).__name__)
            if self._ending.wait(_PAUSE):
                return

    def _what_is_seen(self) -> Seen | None:
        """Return what is seen; nothing where the store is empty or damaged, of which whoever opens a page is told."""
        store = self._store()
        try:
            serving = store.current()
            if serving is None:
                return None
            taken = numbers(store)
            return store.path.absolute(), serving.token, store.released().token, taken
        except (Refusal, OSError):
            return None

    def _begin(self, store: Path) -> None:
        self._process = started("metrics.precompute.process", str(store), *self._audiences())

    def _hand_over(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            lines = [wanted.line for wanted in self._waiting]
            self._waiting.clear()
        if lines and process.stdin:
            with suppress(OSError):  # it has just ended: the readers have their answers, and others will ask again
                process.stdin.writelines(lines)
                process.stdin.flush()

    def _ended(self, process: subprocess.Popen[str]) -> None:
        said = process.stdout.read().strip() if process.stdout else ""
        code = process.returncode
        self._end()
        if code == 0:
            self._is_done, self._tries = True, 0
            return
        self._not_before = time.monotonic() + min(_AGAIN * 2**self._tries, _AGAIN_MOST)
        self._tries += 1
        if said != "busy" and not self._is_told:
            log.warning("cells are not made ahead: %s", said or f"ended with {code}")
            self._is_told = True

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            ended(process)
