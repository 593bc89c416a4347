"""`python -m data forget | delete`: a person forgotten everywhere; a source's rows taken out."""

from __future__ import annotations

import argparse
import sys

from data.commands.importing import covered
from data.coverage.removals import delete_source, find_source
from data.ingest.forgetting import SeveralRegistersError, forget_client, welcome_client
from data.store.store import store_at
from data.texts import message


def add_forget(command: argparse.ArgumentParser) -> None:
    """Options of `forget`."""
    what = (
        "client number or personal identity code; - reads it from standard input, where no history of commands keeps it"
    )
    command.add_argument("--client", required=True, metavar="ID", help=what)
    command.add_argument(
        "--source",
        metavar="NAME",
        help="id or name of a source that uses the number, when it is more than one person's",
    )
    command.add_argument("--allow", action="store_true", help="let the rows of a forgotten client load again")


def add_delete(command: argparse.ArgumentParser) -> None:
    """Options of `delete`."""
    command.add_argument("--source", required=True, metavar="NAME", help="id or name of the source")
    command.add_argument(
        "--period", type=covered, metavar="FROM..UNTIL", help="only the rows of a period, as 2025-01..2025-12"
    )


def forget(options: argparse.Namespace) -> int:
    """Forget a person, in every generation."""
    client = sys.stdin.readline() if options.client == "-" else options.client
    store = store_at(options.store)
    source = None if options.source is None else find_source(store, options.source)
    try:
        if options.allow:
            welcome_client(store, client, source)
            print(message("removal.allowed", options.lang))
            return 0
        done = forget_client(store, client, source)
    except SeveralRegistersError as error:
        raise error.in_words(options.lang) from None
    print(message("removal.forgotten", options.lang, count=done.removal.rows))
    if done.other_writings:
        print(message("removal.other_writings", options.lang, forms=", ".join(done.other_writings)))
    return 0


def delete(options: argparse.Namespace) -> int:
    """Delete a source's rows, in a new generation."""
    store = store_at(options.store)
    generation, rows = delete_source(store, find_source(store, options.source), options.period)
    print(message("removal.deleted", options.lang, count=rows, number=generation.number))
    return 0
