"""What the command `definitions` does."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress

from data.store.acting import record, state_of
from data.store.existing import existing_store
from data.store.store import Store
from data.texts import message
from metrics.model.definition import definitions, in_order, own_definitions
from metrics.registry.differing import MetricChange, differences
from metrics.registry.effects import FigureEffect, effects
from metrics.registry.errors import RegistryError
from metrics.registry.folder import Registry, read_registry
from metrics.registry.shelf import DefinitionShelf, check_versions, read, use
from metrics.registry.words import difference_lines, difference_object, set_lines


def told(options: argparse.Namespace) -> int:
    """List what is in force."""
    store = existing_store(options.store)
    shelf = DefinitionShelf(store)
    is_lost = shelf.lost() is not None
    print("\n".join(set_lines(shelf.history(), -1 if is_lost else max(shelf.numbers(), default=0), options.lang)))
    if is_lost:
        read(store)  # which says so
    return 0


def compared(options: argparse.Namespace) -> int:
    """Say what differs, and what it does to the numbers."""
    store = existing_store(options.store)
    registry = read_registry(options.folder)
    changes, figures = _compared(store, registry)
    release = store.release()
    if options.format == "json":
        number = release.release.number if release and release.release else 0
        found = difference_object(registry.about, changes, figures, number)
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        about = registry.about.model_dump()
        print(message("definitions.about", options.lang, count=len(registry.known), **about))
        print("\n".join(difference_lines(changes, figures, options.lang)))
    if figures:
        record(store.path, "asked", {"question": "definitions diff", **state_of(store.released())}, tells=False)
    return 0


def update(options: argparse.Namespace) -> int:
    """Take definitions."""
    store = existing_store(options.store)
    registry = read_registry(options.folder)
    if not options.yes:
        raise RegistryError("not_confirmed")
    changes, figures = _compared(store, registry)
    taken = DefinitionShelf(store).take(registry)
    print("\n".join(difference_lines(changes, figures, options.lang)))
    print(message("definitions.taken", options.lang, **taken.model_dump(include={"number", "name", "version"})))
    return 0


def rollback(options: argparse.Namespace) -> int:
    """Go back to definitions that were taken before."""
    shelf = DefinitionShelf(existing_store(options.store))
    if not options.yes:
        raise RegistryError("not_confirmed")
    taken = shelf.go_back(options.number)
    key = "definitions.back" if options.number else "definitions.back.own"
    print(message(key, options.lang, **taken.model_dump(include={"number", "name", "version"})))
    return 0


def _compared(store: Store, registry: Registry) -> tuple[tuple[MetricChange, ...], tuple[FigureEffect, ...]]:
    """Return what differs from the definitions in force, and the figures. Raises RegistryError, StoreError, KeyFileError."""
    with suppress(RegistryError):  # those that cannot be read any more are what is to be replaced
        use(store)
    before, own = definitions(), own_definitions()
    after = in_order({**before, **registry.known})
    # What the registry has no more stays, and is said to be gone from it.
    told = {name: one for name, one in after.items() if name in registry.known or one is own.get(name)}
    changes = differences(before, told)
    check_versions(changes)
    return changes, effects(changes, before, after, store, store.released())
