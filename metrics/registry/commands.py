"""The command `definitions`: list, diff, update, rollback."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from data.store.acting import record, state_of
from data.store.existing import existing_store
from data.store.store import Store
from data.texts import message
from metrics.model.definition import definitions, own_definitions
from metrics.registry.differing import MetricChange, differences
from metrics.registry.effects import FigureEffect, effects
from metrics.registry.errors import RegistryError
from metrics.registry.folder import Registry, read_registry
from metrics.registry.shelf import DefinitionShelf, use
from metrics.registry.trial import together
from metrics.registry.words import difference_lines, difference_object, set_lines

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_to(commands: Commands, common: argparse.ArgumentParser, stored: argparse.ArgumentParser) -> None:
    """Add the command to a parser. common, stored: options that all have."""
    made = commands.add_parser("definitions", help="definitions of others: what they change, taking them, going back")
    steps = made.add_subparsers(required=True, metavar="STEP")
    every = [common, stored]
    listing = steps.add_parser("list", parents=every, help="which definitions are in force, and since when")
    listing.set_defaults(run=_list)
    diff = steps.add_parser("diff", parents=every, help="what differs, and what it does to the numbers")
    diff.add_argument("folder", type=Path, metavar="FOLDER|FILE.zip")
    diff.add_argument("--format", choices=("table", "json"), default="table")
    diff.set_defaults(run=_diff)
    update = steps.add_parser("update", parents=every, help="take definitions; those that were in force are kept")
    update.add_argument("folder", type=Path, metavar="FOLDER|FILE.zip")
    update.add_argument("--yes", action="store_true", help="after having looked at what differs")
    update.set_defaults(run=_update)
    rollback = steps.add_parser("rollback", parents=every, help="go back to a set that was taken before")
    rollback.add_argument("number", type=int, help="of the list; 0 for the program's own definitions")
    rollback.add_argument("--yes", action="store_true", help="do it")
    rollback.set_defaults(run=_rollback)


def _list(options: argparse.Namespace) -> int:
    sets = DefinitionShelf(existing_store(options.store)).history()
    print("\n".join(set_lines(sets, len(own_definitions()), options.lang)))
    return 0


def _diff(options: argparse.Namespace) -> int:
    store = existing_store(options.store)
    registry = read_registry(options.folder)
    changes, told = _compared(store, registry)
    release = store.release()
    if options.format == "json":
        number = release.release.number if release and release.release else 0
        found = difference_object(registry.about, changes, told, number)
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        about = registry.about.model_dump()
        print(message("definitions.about", options.lang, count=len(registry.known), **about))
        print("\n".join(difference_lines(changes, told, options.lang)))
    if told:
        record(store.path, "asked", {"question": "definitions diff", **state_of(store.released())}, tells=False)
    return 0


def _update(options: argparse.Namespace) -> int:
    store = existing_store(options.store)
    registry = read_registry(options.folder)
    if not options.yes:
        raise RegistryError("not_confirmed")
    changes, told = _compared(store, registry)
    taken = DefinitionShelf(store).take(registry)
    print("\n".join(difference_lines(changes, told, options.lang)))
    print(message("definitions.taken", options.lang, **taken.model_dump(include={"number", "name", "version"})))
    return 0


def _rollback(options: argparse.Namespace) -> int:
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
    before, after = definitions(), together(registry.known)
    changes = differences(before, after)
    return changes, effects(changes, before, after, store, store.released())
