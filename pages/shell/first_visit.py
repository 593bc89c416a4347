"""The server's first visit is its own: it looks at each page before people do.

The first drawing of a page in a process loads what it needs and reads the cells that it shows: up to a second of the processor
each, and seconds of waiting for people who come at once. So the server opens a window as a visitor without rights, looks at one
page after the other, and closes it: once it has started, and for each later state of what visitors see, as soon as the cells
that pages open with are there. Where they are not, or are left to whoever asks, it waits: nothing is counted for nobody. When the
state changes meanwhile, the rest is left to people.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import ClientContext, SessionClient

from data.refusal import Refusal
from data.store.store import Store, default_store
from metrics.audience import PROTECTED
from metrics.model.definition import definitions_mark
from metrics.model.serving import generation_for
from metrics.registry.in_force import use
from metrics.warming import Ahead, opened
from pages.access import announcing, published, session
from pages.shell.registry import pages_here

log = logging.getLogger(__name__)

Lifespan = Callable[[object], AbstractAsyncContextManager[None]]
_PAUSE: Final = 2.0
"""Seconds between two looks whether there is something to look at."""
_PATIENCE: Final = 120.0
"""Seconds that one page may take; then it and those after it, which would have to wait for it, are left to people."""


class _Window(SessionClient):
    """A browser's side of a session, of which nobody sees anything and which proves no rights."""

    def __init__(self) -> None:
        self.is_drawn = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Take what is sent to a browser; the last of a page is that its script has finished."""
        early = ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if msg.WhichOneof("type") == "script_finished" and msg.script_finished != early:
            self.is_drawn.set()

    @property
    def client_context(self) -> ClientContext | None:
        """No headers, no cookies, no address."""
        return None


async def look_at(paths: Iterable[str], is_still: Callable[[], bool]) -> int:
    """Draw pages one after the other, as for a visitor; the result is how many were drawn.

    is_still: asked in another thread before each, whether what is seen is as it was.
    """
    runtime, window, drawn = Runtime.instance(), _Window(), 0
    try:
        runtime.connect_session(window, user_info={}, session_id_override=session.OWN)
        for path in paths:
            if not await asyncio.to_thread(is_still):
                break
            message = BackMsg()
            message.rerun_script.page_name = path
            window.is_drawn.clear()
            runtime.handle_backmsg(session.OWN, message)
            await asyncio.wait_for(window.is_drawn.wait(), _PATIENCE)
            drawn += 1
    except TimeoutError:
        log.warning("a page has taken the server too long to look at")
    finally:
        runtime.close_session(session.OWN)
    return drawn


class Readiness:
    """Whether the cells that pages open with are there, of the state that visitors see."""

    def __init__(self, store: Callable[[], Store] = default_store) -> None:
        self._store = store
        self._name, self._left = "", list[Ahead]()

    def state(self) -> str:
        """Return a name for what visitors see once it can be looked at; empty while it cannot."""
        if published.folder() is not None:
            return "published"  # of which packages hold the figures
        if not announcing.CELLS.makes:
            return ""
        store = self._store()
        try:
            if store.current() is None:
                return ""
            use(store)  # as a page does, and none may have been drawn yet
            name = f"{generation_for(store, PROTECTED).token} {definitions_mark()}".strip()
            if name != self._name:
                self._name, self._left = name, list(opened(store, (PROTECTED,)))
            while self._left and self._left[0].is_made(store):  # those there are do not go while their state is seen
                del self._left[0]
        except (Refusal, OSError):  # of what is damaged whoever opens a page is told
            return ""
        return "" if self._left else name


def _is_still(readiness: Readiness, state: str) -> bool:
    return readiness.state() == state


async def _visits(readiness: Readiness, pause: float) -> None:
    seen = ""
    while True:
        try:
            state = await asyncio.to_thread(readiness.state)
            if state and state != seen:
                seen = state
                drawn = await look_at([spec.url_path for spec in pages_here()], partial(_is_still, readiness, state))
                log.info("the server has looked at %s pages before people do", drawn)
        except Exception as error:  # whatever it is, people draw their pages themselves
            log.warning("the server has not looked at its pages: %s", type(error).__name__)
        await asyncio.sleep(pause)


def visited_first(life: Lifespan, *, pause: float = _PAUSE) -> Lifespan:
    """Return a server's life in which it visits itself. life: what else there is to it."""

    @asynccontextmanager
    async def visited(app: object) -> AsyncGenerator[None]:
        async with life(app):
            visits = asyncio.create_task(_visits(Readiness(), pause))
            try:
                yield
            finally:
                visits.cancel()
                with suppress(asyncio.CancelledError):
                    await visits

    return visited
