"""Which definitions are in force: most stores have taken none, and load nothing to find that out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from data.store.store import Store
from metrics.model.definition import put_in_force
from metrics.registry.sets import FOLDER, has_taken

if TYPE_CHECKING:
    from metrics.registry.shelf import NotedChange


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


def last_change(store: Store, metric: str, until: date) -> tuple[date, NotedChange] | None:
    """Return when a metric began to be counted otherwise; None if it has not, or long before a day."""
    if not (store.path / FOLDER).is_dir():
        return None
    from metrics.registry import shelf

    return shelf.last_change(store, metric, until)
