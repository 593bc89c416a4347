"""Where the sets of definitions that a store has taken lie; finding out that it has none loads nothing else."""

from __future__ import annotations

from typing import Final

from data.store.store import Store

FOLDER: Final = "definitions"
NEWEST: Final = "definitions.json"
"""File of the store with the number of the newest set: without it the set before would be in force once that one is lost."""


def has_taken(store: Store) -> bool:
    """Return whether a store has ever taken definitions, be they lost or not."""
    return (store.path / FOLDER).is_dir() or (store.path / NEWEST).exists()


def numbers(store: Store) -> tuple[int, ...]:
    """Return the numbers of all sets of definitions that a store has taken, the oldest first."""
    found = (store.path / FOLDER).glob("[0-9][0-9][0-9][0-9][0-9][0-9].json")
    return tuple(sorted(int(file.stem) for file in found))
