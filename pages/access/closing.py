"""What a request's headers close: they may shut a door, never open one."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

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


def is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Return whether a request's headers say that it may have come from another machine; True in every unclear case."""
    lowered = {name.lower(): value for name, value in headers.items()}
    if not is_loopback(lowered.get("host")):
        return True
    # A proxy may pass its own address as Host, but keeps the visitor's Origin or adds headers of its own.
    if any(name.startswith("x-forwarded") or name in _PROXY_HEADERS for name in lowered):
        return True
    origin = lowered.get("origin")
    return origin is not None and not is_loopback(urlsplit(origin).netloc)
