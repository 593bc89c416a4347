"""`python -m data forget | delete | undo`: a person forgotten everywhere; a source's rows taken out; a delivery undone."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from data.clock import minute_of
from data.command_line import whole_number
from data.commands import releasing
from data.commands.importing import covered
from data.coverage import deliveries
from data.coverage.removal_log import is_listed, list_beside_keys
from data.coverage.removals import delete_source, find_source
from data.coverage.sources import Sources, name_of
from data.coverage.undoing import undo_delivery, undoing_lines, what_undoing_does
from data.ingest.forgetting import SeveralRegistersError, forget_client, forgotten_lines, welcome_client
from data.store.existing import existing_store
from data.store.store import Store
from data.texts import message


def add_forget(command: argparse.ArgumentParser) -> None:
    """Options of `forget`."""
    command.add_argument("--client", required=True, metavar="cli.value.id", help="cli.option.forget.client")
    add_source(command)
    command.add_argument("--allow", action="store_true", help="cli.option.forget.allow")


def add_source(command: argparse.ArgumentParser) -> None:
    """The option that says whose number a client number is."""
    command.add_argument(
        "--source",
        metavar="cli.value.name",
        help="cli.option.client_source",
    )


def add_delete(command: argparse.ArgumentParser) -> None:
    """Options of `delete`."""
    command.add_argument("--source", required=True, metavar="cli.value.name", help="cli.option.delete.source")
    command.add_argument("--period", type=covered, metavar="cli.value.period", help="cli.option.delete.period")


def add_undo(command: argparse.ArgumentParser) -> None:
    """Options of `undo`."""
    command.add_argument(
        "delivery", type=whole_number, nargs="?", metavar="cli.value.delivery", help="cli.option.undo.delivery"
    )
    command.add_argument("--yes", action="store_true", help="cli.option.undo.yes")


def forget(options: argparse.Namespace) -> int:
    """Forget a person, in every generation."""
    client = sys.stdin.readline() if options.client == "-" else options.client
    store = existing_store(options.store)
    source = None if options.source is None else find_source(store, options.source)
    try:
        if options.allow:
            welcome_client(store, client, source)
            print(message("removal.allowed", options.lang))
            return 0
        done = forget_client(store, client, source)
    except SeveralRegistersError as error:
        raise error.in_words(options.lang) from None
    for line in forgotten_lines(done, store, options.lang):
        print(line)
    return 0


def delete(options: argparse.Namespace) -> int:
    """Delete a source's rows, in a new generation."""
    store = existing_store(options.store)
    generation, rows = delete_source(store, find_source(store, options.source), options.period)
    print(message("removal.deleted", options.lang, count=rows, number=generation.number))
    say_unless_listed(store, options.lang)
    return releasing.told_after(store, options.lang)


def undo(options: argparse.Namespace) -> int:
    """Say what undoing a delivery does and do it, unless rows would be lost that nobody has agreed to."""
    store, lang = existing_store(options.store), options.lang
    if options.delivery is None:
        for line in _deliveries(store, lang):
            print(line)
        return 0
    planned = what_undoing_does(store, options.delivery)
    for line in undoing_lines(planned, lang):
        print(line)
    generation, _ = undo_delivery(store, options.delivery, accepted=planned.lost if options.yes else 0)
    print(message("removal.undone", lang, number=generation.number))
    say_unless_listed(store, lang)
    return releasing.told_after(store, lang)


def say_unless_listed(store: Store, lang: str) -> None:
    """Say where a deletion is not in the list beside the keys, by which a restore makes it again."""
    if not is_listed(store.path):
        print(message("removal.not_listed", lang, path=list_beside_keys(store.path)), file=sys.stderr)


def _deliveries(store: Store, lang: str) -> Iterator[str]:
    names = {source.number: name_of(source, lang) for source in Sources.of(store.path).all()}
    with store.reading() as connection:
        found = deliveries.read(connection)
    for one in found:
        yield message(
            "removal.delivery", lang, number=one.number, made=minute_of(one.made), file=one.file,
            source=names.get(one.source, "–"), table=message(f"table.{one.table}", lang), loaded=one.loaded,
            replaced=one.replaced,
        )  # fmt: skip
