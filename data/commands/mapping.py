"""Boundaries of municipalities for maps: brought in from a file, or taken out."""

import argparse
from pathlib import Path

from data.geography.boundaries import MOST_BYTES, BoundaryError
from data.steward.boundaries import SOURCE, bring_in, take_out
from data.store.existing import existing_store
from data.texts import message


def add_boundaries(command: argparse.ArgumentParser) -> None:
    """Options of `boundaries`."""
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="cli.value.file", help="cli.option.boundaries.file")
    what.add_argument("--remove", action="store_true", help="cli.option.boundaries.remove")
    command.add_argument("--source", default=SOURCE, metavar="cli.value.text", help="cli.option.boundaries.source")


def run(options: argparse.Namespace) -> int:
    """Bring in or take out."""
    store = existing_store(options.store, made=False)
    if options.remove:
        print(message("boundaries.removed" if take_out(store.path) else "boundaries.none", options.lang))
        return 0
    if options.file.exists() and not options.file.is_file():  # a pipe or a device might never end
        raise BoundaryError("format")
    with options.file.open("rb") as file:
        count = bring_in(store.path, file.read(MOST_BYTES + 1), options.source)
    print(message("boundaries.brought", options.lang, count=count))
    return 0
