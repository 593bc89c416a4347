"""The store of a command that makes none: what is not there is said, and nothing is written where it would be."""

from __future__ import annotations

from pathlib import Path

from data.store.errors import StoreError
from data.store.store import Store, store_at

_OF_A_STORE = ("current", "generations", "releases", "store.json")


def existing_store(path: Path | None, *, made: bool = True) -> Store:
    """The store that a command was told, else the default one.

    made: it must have had data; else its folder is enough, which a refused import or a target makes, too. Raises StoreError:
    `empty`, `not_a_folder`.
    """
    store = store_at(path)
    if not (any((store.path / name).exists() for name in _OF_A_STORE) if made else store.path.exists()):
        raise StoreError("empty", store.path.absolute())
    return store
