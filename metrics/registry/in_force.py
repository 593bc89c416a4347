"""Which definitions are in force: most stores have taken none, and load nothing to find that out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from data.store.store import Store
from metrics.model.definition import put_in_force

if TYPE_CHECKING:
    from metrics.registry.shelf import NotedChange

FOLDER: Final = "definitions"


def use(store: Store) -> None:
    """Put the definitions of a store in force in this process, which serves one store at a time.

    Raises RegistryError: `damaged_set`, `no_longer_valid`.
    """
    if not (store.path / FOLDER).is_dir():
        put_in_force(None)
        return
    from metrics.registry import shelf

    shelf.use(store)


def check(store: Store) -> None:
    """Raises what `use` does, and puts nothing in force."""
    if (store.path / FOLDER).is_dir():
        from metrics.registry import shelf

        shelf.read(store)


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
