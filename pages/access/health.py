"""`/healthz`: whether the app can show its data, for whoever watches over the server. Tells nothing that visitors may not see."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from starlette.responses import JSONResponse
from starlette.routing import Route

from data import clock
from data.refusal import Refusal
from data.store.generation import file_state
from data.store.keys import KeyFileError
from data.store.store import Store, default_store
from data.version import version
from metrics.packages.shelf import Shelf
from metrics.registry import in_force
from pages.access import published
from pages.access.mode import base_path

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PATH: Final = "/healthz"
_SECONDS: Final = 5
"""How long an answer is given again before the store is looked at anew."""
log = logging.getLogger(__name__)


class ShownPackage(NamedTuple):
    """A package of a published site: the beginning of its id, number of its release, and last day of its data."""

    id: str
    release: int
    data_until: date


class Checkup(NamedTuple):
    """status: `ok`, `empty` before the first import, or the code of what is wrong; the rest is of the data that visitors see:
    of a published site its packages, and of them the release and day of the one with the oldest data.
    """

    status: str
    release: int | None = None
    data_until: date | None = None
    packages: tuple[ShownPackage, ...] | None = None

    @property
    def code(self) -> int:
        """Status code of HTTP."""
        return 200 if self.status in ("ok", "empty") else 503

    def fields(self, today: date) -> dict[str, object]:
        """What is answered."""
        until = self.data_until
        told = [one._asdict() | {"data_until": one.data_until.isoformat()} for one in self.packages or ()]
        return {
            "status": self.status,
            "version": version(),
            "release": self.release,
            "data_until": until.isoformat() if until else None,
            "age_days": (today - until).days if until else None,
        } | ({"packages": told} if self.packages is not None else {})


class Health:
    """The last answer, and which file has been opened for it: a file that has not changed is not opened again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._known: tuple[float, Checkup] | None = None
        self._opened: tuple[object, ...] = ()

    def now(self) -> Checkup:
        """Look at the store, or say again what was seen a moment ago."""
        with self._lock:
            if self._known is None or self._clock() - self._known[0] >= _SECONDS:
                self._known = self._clock(), self._looked()
            return self._known[1]

    def _looked(self) -> Checkup:
        try:
            return self._seen()
        except KeyFileError as refusal:
            return Checkup(f"keys_{refusal.reason}")
        except Refusal as refusal:
            return Checkup(refusal.reason)
        except OSError:
            return Checkup("unreadable")
        except Exception as error:  # whoever watches must be told, and never by a traceback
            log.error("health: %s", type(error).__name__)
            return Checkup("failed")

    def _seen(self) -> Checkup:
        if (folder := published.folder()) is not None:
            return _of_packages(folder)
        store = default_store()
        if not store.is_made:
            return Checkup("empty")
        # What pages look at before they draw anything, also where they show a release: without it they show no figure.
        store.serving()
        _ = store.keys
        in_force.check(store)
        generation = store.released()
        file = store.file(generation)
        opened = generation.token, file, file_state(file) if file.exists() else None
        if opened != self._opened:
            store.read(generation).close()
            self._opened = opened
        number = generation.release.number if generation.release else None
        return Checkup("ok", number, generation.closed_until if generation.last_day else None)


def _of_packages(folder: Path) -> Checkup:
    """Raises OSError, and PackageError of a package that is not as it was at the start; a file that has not changed is known."""
    held = Shelf(Store(folder)).held()
    shown = tuple(ShownPackage(one.id, one.about.release, one.about.until) for one in held)
    if not shown or not set(published.expected()) <= {one.id for one in shown}:
        return Checkup("package_gone", packages=shown)
    oldest = min(shown, key=lambda one: one.data_until)
    return Checkup("ok", oldest.release, oldest.data_until, shown)


HEALTH: Final = Health()
"""That of this server."""


def _answered(_request: Request) -> Response:
    found = HEALTH.now()
    return JSONResponse(found.fields(clock.today()), found.code, {"cache-control": "no-store"})


def routes() -> list[Route]:
    """Return the route of the server, below the address that the app is served at."""
    return [Route(base_path() + PATH, _answered)]
