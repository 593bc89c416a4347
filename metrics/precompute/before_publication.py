"""Precomputation before publication: a separate process computes a draft's cells while the current state is still served."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Final

from data.refusal import Refusal
from data.store.errors import StoreError, damage_of
from data.store.generation import Generation
from data.store.ready import DRAFT, Waiter, is_hurried
from data.store.store import Store
from metrics.audience import AUDIENCES, INTERNAL, PROTECTED
from metrics.precompute.spawning import ended, started
from metrics.precompute.switch import is_wanted

log = logging.getLogger(__name__)

DAMAGED: Final = ("damaged", "replaced", "release_damaged")
"""What must not be seen: the draft is not what was written."""
ENOUGH: Final = "enough"
"""Somebody would not wait any longer."""
_KILLED: Final = "killed"
_PAUSE = 0.2
"""Seconds between two looks at whether somebody waits on."""


class PrecomputedDraft:
    """Makes what pages open with of a draft, and for visitors what they ask with each filter; see `data.store.ready`.

    audiences: those that look at this store.
    """

    def __init__(self, audiences: Callable[[], Sequence[str]] = lambda: AUDIENCES) -> None:
        self._audiences = audiences

    def __call__(self, store: Store, made: Generation, draft: Path, waiting: Waiter) -> None:
        """Make them. Raises StoreError where the draft is damaged."""
        audiences = [one for one in _seen_by(store, made) if one in self._audiences()]
        if not is_wanted() or not audiences:
            return
        try:
            why = _DraftProcess(store, draft, audiences).run(waiting)
        except OSError:  # there are too many processes already, or no memory for another one
            why = "not_started"
        if why in DAMAGED:
            raise StoreError(damage_of(f"{made.stem}.duckdb"), store.path, f"{made.stem}.duckdb")
        if why == "no_room":  # what there is of them is in the way of what must be written
            folder = store.cube_path(made)
            shutil.rmtree(folder.with_name(folder.name + DRAFT), ignore_errors=True)
        if why:
            log.info("cells are not all made before they are seen: %s", why)
            waiting.left(why)


def _seen_by(store: Store, made: Generation) -> tuple[str, ...]:
    """Who will see a draft: exact figures are of the newest import, others of it until there are releases."""
    if made.release:
        return (PROTECTED,)
    with suppress(Refusal):  # of a damaged release: nobody sees it
        if store.release() is None:
            return AUDIENCES
    return (INTERNAL,)


class _DraftProcess:
    """The process that makes them, as long as it runs."""

    def __init__(self, store: Store, draft: Path, audiences: Sequence[str]) -> None:
        self._store = store.path
        words = (str(store.path.absolute()), str(draft.absolute()), *audiences)
        self._process = started("metrics.precompute.draft_process", *words)
        self._said, self._steps = "", (0, 0)
        self._listener = Thread(target=self._listen, name="cells before", daemon=True)

    def run(self, waiting: Waiter) -> str:
        """Wait for it; the result is why not all are made, nothing where they are."""
        self._listener.start()
        told = self._steps
        try:
            while self._process.poll() is None:
                if waiting.is_enough() or is_hurried(self._store):
                    return ENOUGH
                if self._steps != told:
                    told = self._steps
                    waiting.progress(*told)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(_PAUSE)
        finally:
            self._process.kill()  # it has ended, or somebody does not want to wait for it
            self._listener.join()
            ended(self._process)
        return "" if self._process.returncode == 0 else self._said or _KILLED

    def _listen(self) -> None:
        """Take in how far it has come, or what stopped it."""
        assert self._process.stdout
        for line in self._process.stdout:
            done, _, of = line.strip().partition("/")
            if of.isdecimal():
                self._steps = (int(done), int(of))
            else:
                self._said = done
