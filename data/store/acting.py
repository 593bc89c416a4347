"""Writing to the log (`data.store.audit`): acts as they are done, questions from the background. Reading never waits for it."""

from __future__ import annotations

import atexit
import getpass
import logging
import os
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.store.allowance import VISITOR, Allowance
from data.store.audit import FOLDER, AuditLog, Noted, What, now
from data.store.errors import StoreError
from data.store.lock import locked
from data.store.within import within

if TYPE_CHECKING:
    from data.store.generation import Generation

About = dict[str, str | int]
log = logging.getLogger(__name__)

_PATIENCE = 30
_AGAIN = 3600.0
"""Seconds after which the same question of the same person is a line again."""
_PAUSE = 2.0
"""Seconds that lines wait for others to be written with them."""
_MOST = 10_000
"""Lines that wait, and questions that are remembered, at most."""
_BOUNDED: Final = frozenset[What]({"asked", "exported"})
"""What visitors may do without end. Wrong keys are one line a minute anyway, and a flood must not hide them."""
_acting_for: ContextVar[str] = ContextVar("acting_for", default="")
_known_by: list[Callable[[], str | None]] = []


def known_by(tell: Callable[[], str | None]) -> None:
    """From now on `who` asks this first, which knows people of the app; None where it is not the app that acts."""
    _known_by[:] = [tell]


def as_who(name: str) -> AbstractContextManager[None]:
    """What the block does is done by somebody, though in a thread that does not know of them."""
    return within(_acting_for, name)


def who() -> str:
    """Who acts now: someone of the app, else the user of this machine who runs the command."""
    if name := _acting_for.get():
        return name
    for tell in _known_by:
        if (found := tell()) is not None:
            return found
    return command_line_user()


def command_line_user() -> str:
    """Whoever runs a command, by their account on this machine."""
    try:
        import pwd  # what the machine knows, not what the environment claims; there is none on Windows

        name = pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        try:
            name = getpass.getuser()
        except (OSError, KeyError, ImportError):
            name = "?"
    return f"command line:{name}"


@contextmanager
def act(store: Path, what: What, about: Mapping[str, str | int] | None = None) -> Iterator[About]:
    """Log what the block does, once it has done it; what is known only then is put into what is given to the block.

    Raises StoreError before anything is done, when the log cannot be written: `busy`, `unwritable`, `no_room`.
    """
    if AuditLog(store).is_wanted:
        with locked(store / FOLDER, _PATIENCE):
            pass
    said: About = dict(about or {})
    yield said
    record(store, what, said)


def state_of(generation: Generation) -> About:
    """Which state of the data it was, as a line tells it."""
    release = {"release": generation.release.number} if generation.release else {}
    return {"generation": generation.number, **release}


def record(
    store: Path, what: What, about: Mapping[str, str | int] | None = None, by: str | None = None, *, tells: bool = True
) -> bool:
    """Add a line now. False when it cannot be written, while what it is about has been done all the same.

    tells: the program's own output says so; else whoever calls does.
    """
    return _written(store, [Noted(what, by or who(), dict(about or {}), now())], tells=tells)


def _written(store: Path, notes: list[Noted], *, tells: bool = True) -> bool:
    try:
        AuditLog(store).append(notes)
    except StoreError as error:
        if tells and store not in _told:
            log.warning("the log of %s cannot be written: %s", store, error.reason)
            _told.add(store)
        return False
    _told.discard(store)
    return True


_told: set[Path] = set()
"""Stores whose log could not be written when it was last tried: that is said once."""


class Waiting:
    """Lines that wait to be written from a thread of their own, and questions of the last hour, which are one line each."""

    def __init__(self, pause: float = _PAUSE, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause, self._clock, self._lock = pause, clock, threading.Lock()
        self._queue: queue.Queue[tuple[Path, Noted]] = queue.Queue(_MOST)
        self._asked: dict[object, float] = {}
        self._missed: dict[Path, int] = defaultdict(int)
        self._of_visitors: dict[Path, Allowance] = defaultdict(lambda: Allowance(clock))
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    def note(self, store: Path, what: What, about: Callable[[], About], by: str, once: object = None) -> None:
        """Have a line written soon, unless it is of visitors and they have filled their part of the hour.

        about: made only if there is a line; once: what is the same, an hour long, is one line.
        """
        with self._lock:
            if once is not None and self._clock() < self._asked.get(once, 0.0):
                return
            bound = self._of_visitors[store] if by == VISITOR and what in _BOUNDED else None
            if bound and not bound.has_room():
                return
            if once is not None:
                self._asked.pop(once, None)
                self._asked[once] = self._clock() + _AGAIN
                while len(self._asked) > _MOST:
                    del self._asked[next(iter(self._asked))]
            told = about()
            if bound:
                bound.take(told)
            try:
                self._queue.put_nowait((store, Noted(what, by, told, now())))
            except queue.Full:
                self._missed[store] += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="audit-log", daemon=True)
                self._thread.start()
                atexit.register(self.flush)

    def flush(self, *, at_end: bool = True) -> None:
        """Write what waits, at the end of the program also how much was left out of what visitors asked."""
        with self._writing:
            by_store: dict[Path, list[Noted]] = defaultdict(list)
            while not self._queue.empty():
                store, noted = self._queue.get_nowait()
                by_store[store].append(noted)
            with self._lock:
                missed, self._missed = self._missed, defaultdict(int)
                for store, bound in self._of_visitors.items():
                    if left_out := bound.left_out(at_end=at_end):
                        by_store[store].append(Noted("missed", VISITOR, {"lines": left_out}, now()))
            for store in {*by_store, *missed}:
                lost = missed.get(store, 0)
                told = [Noted("missed", "log", {"lines": lost}, now())] if lost else []
                if not _written(store, [*by_store[store], *told]):
                    with self._lock:
                        self._missed[store] += lost + len(by_store[store])

    def _run(self) -> None:
        while True:
            time.sleep(self._pause)
            try:
                self.flush(at_end=False)
            except Exception as error:  # whatever it is, the next lines are tried again
                log.warning("lines of the log could not be written: %s", type(error).__name__)


WAITING: Final = Waiting()
"""Those of this process."""
