"""How this server knows people: by the local door, by sign-in, or not at all. Decided by its settings alone."""

from __future__ import annotations

import os
from typing import Literal

import streamlit as st

from pages.access import published
from pages.access.closing import is_loopback
from pages.access.settings import AccessError, secrets

Mode = Literal["local", "sign_in", "closed"]
SWITCH = "TILANNEKUVA_INTERNAL"
"""Environment variable that, set to 0, leaves nothing but what everybody may see."""


def decided(address: str | None, *, has_sign_in: bool, switch: str | None) -> Mode:
    """Return the mode of a server, given the address it listens on.

    >>> decided("127.0.0.1", has_sign_in=False, switch=None), decided("0.0.0.0", has_sign_in=False, switch=None)
    ('local', 'closed')
    """
    if switch == "0":
        return "closed"
    if has_sign_in:
        return "sign_in"
    return "local" if is_loopback(address) else "closed"


def current() -> Mode:
    """Return this server's mode; settings that cannot be understood open nothing, and a published site has nothing to open."""
    if published.folder() is not None:
        return "closed"
    try:
        auth, _ = secrets()
    except AccessError:
        return "closed"
    return decided(st.get_option("server.address"), has_sign_in=bool(auth), switch=os.environ.get(SWITCH))


def pass_name() -> str:
    """Return the name of the cookie with a browser's pass; browsers keep cookies by host and not by port."""
    return f"tilannekuva-{st.get_option('server.port')}"


def base_path() -> str:
    """Return what the app is served below, such as `/kunta`; empty when it is at the root."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}" if base else ""
