"""Access to exact values: only for sessions on the machine that runs the app. All others get protected values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from metrics.gate import is_exact

SWITCH = "TILANNEKUVA_INTERNAL"
_PROXY_HEADERS = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")


def is_loopback(host: str | None) -> bool:
    """Return whether `host` (a name or an address, with or without a port) can only mean this machine.

    False for an unreadable or missing host.
    """
    if not host:
        return False
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def internal_allowed(address: str | None, headers: Mapping[str, str], switch: str | None) -> bool:
    """Return whether exact values are allowed, given the server's settings and the request; False in every unclear case.

    address: what the server listens on (`server.address`); headers: of the browser's first request;
    switch: the value of TILANNEKUVA_INTERNAL, where "0" denies exact values altogether.
    """
    if switch == "0" or not is_loopback(address):
        return False
    lowered = {name.lower(): value for name, value in headers.items()}
    if not is_loopback(lowered.get("host")):
        return False
    # A proxy may pass its own address as Host, but keeps the visitor's Origin or adds headers of its own.
    if any(name.startswith("x-forwarded") or name in _PROXY_HEADERS for name in lowered):
        return False
    origin = lowered.get("origin")
    return origin is None or is_loopback(urlsplit(origin).netloc)


def asks_internal() -> bool:
    """Return whether the address asks for the internal audience and this session may use it. Must not be cached."""
    return is_exact(st.query_params.get("audience", "")) and may_see_internal()


def may_see_internal() -> bool:
    """Return whether this session may use the `internal` audience. Must be called on every run and never cached."""
    return internal_allowed(st.get_option("server.address"), st.context.headers, os.environ.get(SWITCH))
