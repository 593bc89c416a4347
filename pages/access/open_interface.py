"""The open interface: whether programs may ask this server for published figures, and which requests are theirs.

It has published figures alone, and no proof changes that. So what opens it is a setting, never anything a request brings.
"""

from __future__ import annotations

import os
from typing import Final

from pages.access import published

PATH: Final = "/api"
SWITCH: Final = "TILANNEKUVA_API"
"""Environment variable: `public` opens the interface, any other word closes it; unset, it is open on a published site alone."""
PUBLISHER: Final = "TILANNEKUVA_PUBLISHER"
LICENCE: Final = "TILANNEKUVA_LICENCE"
"""Environment variables: who publishes the figures of a store, and under which licence; a package tells both of itself."""
METHODS: Final = ("GET", "HEAD", "OPTIONS")


def is_open() -> bool:
    """Return whether the interface is there at all."""
    said = os.environ.get(SWITCH)
    return said == "public" if said else published.folder() is not None


def publisher() -> str:
    """Return who publishes a store's figures; empty where nobody has said it."""
    return os.environ.get(PUBLISHER, "").strip()


def licence() -> str:
    """Return their licence; empty where nobody has said it."""
    return os.environ.get(LICENCE, "").strip()


def is_for_everybody(method: str, path: str) -> bool:
    """Return whether a request may come from a page of another site: it reads, and what it reads is public."""
    return method in METHODS and f"{path}/".startswith(f"{PATH}/") and is_open()
