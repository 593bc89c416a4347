"""What the server says where it was started: which doors it has, and the address that opens the local one; and its last act.

A log is kept and read by others, so lines of JSON say that the door is there, and never the address that opens it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import streamlit as st

from data.store import acting, ready
from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Language, message
from metrics.audience import AUDIENCES, PROTECTED, Audience
from metrics.cube.cube import computing_with
from metrics.precompute.before_publication import PrecomputedDraft
from metrics.precompute.counter import CountingProcess
from metrics.precompute.supervisor import CellSupervisor
from pages.access import logs, mode, open_interface, published
from pages.access.browser import open_soon
from pages.access.local_door import DOOR, KEY, PATH
from pages.access.settings import AccessError, secrets

SPOKEN: Final = "TILANNEKUVA_SPOKEN"
"""Environment variable with the language of what is said in the window that the app was started in."""

OPENS: Final = "TILANNEKUVA_BROWSER"
"""Environment variable that, when set, opens the browser of whoever started the app."""


def _audiences() -> tuple[Audience, ...]:
    return (PROTECTED,) if mode.current() == "closed" else AUDIENCES


CELLS: Final = CellSupervisor(_audiences)
"""Makes cells ahead behind those who read, and those that they lacked."""
COUNTER: Final = CountingProcess()
"""Counts beside those who read what is answered before its cells are there."""
log = logging.getLogger(__name__)


def address() -> str:
    """Return the address that opens the local door once."""
    return f"{_start()}{PATH}?{KEY}={DOOR.key}"


def _start() -> str:
    return f"http://{st.get_option('server.address')}:{st.get_option('server.port')}{mode.base_path()}"


def announce(*, again: bool = False) -> None:
    """Say which doors there are. again: after the local one has been opened, when there is a new address."""
    wanted = os.environ.get(SPOKEN)
    lang: Language = next((one for one in LANGUAGES if one == wanted), DEFAULT_LANGUAGE)
    found = mode.current()
    if logs.is_json():
        log.info("the local door has been opened" if again else f"the server has started; way in: {found}")
        if open_interface.is_open() and not again:
            log.info("the open interface is open")
        if is_for_nobody():
            log.warning("people can sign in, but no rule of [access] in secrets.toml gives anybody a role")
        return
    if found == "local":
        said = f"{message('run.opened_again' if again else 'run.local', lang)}\n  {address()}"
    else:
        said = message("run.published" if published.folder() else "run." + found, lang)
        if is_for_nobody():
            said = f"{said}\n{message('run.for_nobody', lang)}"
        try:
            secrets()
        except AccessError as error:
            said = f"{said}\n{error.text(lang)}"
    if open_interface.is_open() and not again:
        said = f"{said}\n{message('run.api', lang)} {_start()}{open_interface.PATH}"
    print(f"\n{said}\n", flush=True)


def is_for_nobody() -> bool:
    """Return whether people can sign in, and nobody gets a role by that: then the rules have been forgotten."""
    return mode.current() == "sign_in" and not secrets()[1].rules


@asynccontextmanager
async def announced(_app: object) -> AsyncGenerator[None]:
    """Say at the start of the server which doors there are, and open the local one in a browser where that is wanted.

    Meanwhile cells are made ahead, before what is published is seen and behind whoever reads. At the end write the lines of the
    log that still wait: a server that is told to stop ends without Python's own way out.
    """
    announce()
    if published.folder() is None:  # a published site has none
        ready.made_by(PrecomputedDraft(_audiences))
        CELLS.start()
    if mode.current() == "local" and os.environ.get(OPENS):
        open_soon(address(), str(st.get_option("server.address")), int(st.get_option("server.port")))
    try:
        with computing_with(COUNTER):
            yield
    finally:
        COUNTER.stop()
        CELLS.stop()
        ready.made_by(None)
        acting.WAITING.flush()
