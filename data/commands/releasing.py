"""`python -m data open | release`: open the store to others; see what they see, and what waits."""

from __future__ import annotations

import argparse
from datetime import date

from data.coverage.release_words import status_lines
from data.store.releases import ReleaseError, follow, is_open, open_to_others, release_status
from data.store.store import Store, store_at
from data.texts import message


def add_options(command: argparse.ArgumentParser) -> None:
    """Options of `release`."""
    form = command.add_mutually_exclusive_group()
    form.add_argument("--status", action="store_true", help="tell what visitors see and what waits, release nothing")
    form.add_argument(
        "--now", action="store_true", help="release everything, also corrections that should wait: see the warning"
    )
    command.add_argument("--yes", action="store_true", help="with --now: the warning has been read")


def open_store(options: argparse.Namespace) -> int:
    """Open the store to others."""
    store = store_at(options.store)
    open_to_others(store)
    print(message("release.opened", options.lang))
    tell(store, options.lang)
    return 0


def release(options: argparse.Namespace) -> int:
    """Make the next release if it is time for one, and tell."""
    store = store_at(options.store)
    if options.now:
        if not is_open(store):
            raise ReleaseError("not_open")
        if not options.yes:
            raise ReleaseError("warning")
        follow(store, "now")
    elif not options.status:
        follow(store)
    tell(store, options.lang)
    return 0


def tell(store: Store, lang: str) -> None:
    """Print what visitors see and what waits."""
    for line in status_lines(release_status(store), lang, date.isoformat):
        print(line)
