"""`python -m data open | release`: open the store to others; see what they see, and what waits."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from data.coverage.release_words import status_lines
from data.refusal import refusal_text
from data.store.existing import existing_store
from data.store.releases import ReleaseError, check_release, follow, open_to_others, release_status
from data.store.store import Store, StoreError
from data.texts import message, texts

DONE_BUT_RELEASE = 5
"""Exit code: what was asked is done, but the release of visitors is damaged."""


def add_options(command: argparse.ArgumentParser) -> None:
    """Options of `release`."""
    form = command.add_mutually_exclusive_group()
    form.add_argument("--status", action="store_true", help="cli.option.release.status")
    form.add_argument("--now", action="store_true", help="cli.option.release.now")
    command.add_argument("--yes", action="store_true", help="cli.option.release.yes")


def open_store(options: argparse.Namespace) -> int:
    """Open the store to others."""
    store = existing_store(options.store)
    open_to_others(store)
    print(message("release.opened", options.lang))
    tell(store, options.lang)
    return 0


def release(options: argparse.Namespace) -> int:
    """Make the next release if it is time for one, and tell."""
    store = existing_store(options.store)
    if options.now:
        if not store.is_open:
            raise ReleaseError("not_open")
        if not options.yes:
            raise ReleaseError("warning")
        follow(store, "now")
    elif options.status:
        check_release(store)
    else:
        follow(store)
    tell(store, options.lang)
    return 0


def told_after(store: Store, lang: str, code: int = 0) -> int:
    """Print what visitors see of a change that has been made, and what waits; nothing until the store is open to others.

    Return the exit code: that of the change, unless the release turns out to be damaged.
    """
    try:
        is_open = store.is_open
    except StoreError:
        return code  # whoever reads figures is told
    try:
        if is_open:
            tell(store, lang)
    except StoreError as error:
        if error.reason != "busy":  # the other writer looks at it
            print(message("release.after_change", lang), refusal_text(error, texts(lang)), file=sys.stderr)
            return code or DONE_BUT_RELEASE
    return code


def tell(store: Store, lang: str) -> None:
    """Print what visitors see and what waits."""
    for line in status_lines(release_status(store), lang, date.isoformat):
        print(line)
