"""Which definitions are in force: most stores have taken none, and load nothing to find that out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from data.store.store import Store
from metrics.model.definition import put_in_force

if TYPE_CHECKING:
    from metrics.registry.shelf import NotedChange

FOLDER: Final = "definitions"
NEWEST: Final = "definitions.json"
"""File of the store with the number of the newest set: without it the set before would be in force once that one is lost."""


def use(store: Store) -> None:
    """Put the definitions of a store in force in this process, which serves one store at a time.

    Raises RegistryError: `damaged_set`, `no_longer_valid`.
    """
    if not has_taken(store):
        put_in_force(None)
        return
    from metrics.registry import shelf

    shelf.use(store)


def check(store: Store) -> None:
    """Raises what `use` does, and puts nothing in force."""
    if has_taken(store):
        from metrics.registry import shelf

        shelf.read(store)


def has_taken(store: Store) -> bool:
    """Return whether a store has ever taken definitions, be they lost or not."""
    return (store.path / FOLDER).is_dir() or (store.path / NEWEST).exists()


def numbers(store: Store) -> tuple[int, ...]:
    """Return the numbers of all sets of definitions that a store has taken, the oldest first."""
    found = (store.path / FOLDER).glob("[0-9][0-9][0-9][0-9][0-9][0-9].json")
    return tuple(sorted(int(file.stem) for file in found))


def last_change(store: Store, metric: str, until: date) -> tuple[date, NotedChange] | None:
    """Return when a metric began to be counted otherwise; None if it has not, or long before a day."""
    if not (store.path / FOLDER).is_dir():
        return None
    from metrics.registry import shelf

    return shelf.last_change(store, metric, until)
