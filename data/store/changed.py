"""Stores of which this process has changed what is seen, for whoever makes ready what follows from it."""

from pathlib import Path
from typing import Final

_CHANGED: Final[dict[Path, None]] = {}


def note(store: Path) -> None:
    """Another state of a store is seen from now on."""
    _CHANGED[store] = None


def made_ready(store: Path) -> None:
    """What follows from it has been made ready before it was seen."""
    _CHANGED.pop(store, None)


def taken() -> tuple[Path, ...]:
    """Return the stores that were noted since this was last asked."""
    found = tuple(_CHANGED)
    _CHANGED.clear()
    return found
