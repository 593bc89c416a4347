"""`python -m data backup | restore | retention | held`: a store in one file and back; what is kept of people, and of one."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from data import clock
from data.backup.packing import backup as make_backup
from data.backup.restoring import restore as restore_backup
from data.commands import releasing
from data.commands.asking import client_number, passphrase
from data.commands.removing import add_source, say_unless_listed
from data.coverage.removals import find_source
from data.coverage.retention import expire, expired, first_kept
from data.ingest.forgetting import SeveralRegistersError
from data.ingest.held import as_json, held_on, lines
from data.refusal import refusal_text
from data.store.existing import existing_store
from data.store.lists import every_kind, refusals
from data.store.store import own_store, store_at
from data.texts import message, texts

_QUIET_SECONDS = 2
_EVERY = 0.1
_MOST_YEARS = 100


def add_backup(command: argparse.ArgumentParser) -> None:
    """Options of `backup`."""
    command.add_argument("file", type=Path, metavar="cli.value.file", help="cli.option.out.new")
    command.add_argument("--with-keys", action="store_true", help="cli.option.backup.with_keys")
    _add_passphrase(command)


def add_restore(command: argparse.ArgumentParser) -> None:
    """Options of `restore`."""
    command.add_argument("file", type=Path, metavar="cli.value.file", help="cli.option.restore.file")
    command.add_argument("--forgotten", type=Path, metavar="cli.value.file", help="cli.option.restore.forgotten")
    command.add_argument("--removals", type=Path, metavar="cli.value.file", help="cli.option.restore.removals")
    _add_passphrase(command)


def add_retention(command: argparse.ArgumentParser) -> None:
    """Options of `retention`."""
    command.add_argument(
        "--years", type=_years, required=True, metavar="cli.value.number", help="cli.option.retention.years"
    )
    command.add_argument("--yes", action="store_true", help="cli.option.retention.yes")


def add_held(command: argparse.ArgumentParser) -> None:
    """Options of `held`. The number is asked for, or read from standard input."""
    add_source(command)
    command.add_argument("--json", action="store_true", help="cli.option.json")


def backup(options: argparse.Namespace) -> int:
    """Write a backup and tell what is in it."""
    store, lang = existing_store(options.store), options.lang
    words = passphrase(options.passphrase_file, lang, is_new=True) if options.with_keys else None
    made = make_backup(store, options.file, words, _progress(lang))
    print(message("backup.made", lang, path=options.file, number=made.generation))
    print(message("backup.with_keys" if options.with_keys else "backup.without_keys", lang))
    for error in refusals(store.path, every_kind()):  # whoever keeps a few backups would soon have none from before
        print(refusal_text(error, texts(lang)), file=sys.stderr)
    return 0


def restore(options: argparse.Namespace) -> int:
    """Make a store of a backup, and tell how many were forgotten again, and what was deleted again."""
    lang = options.lang
    store = store_at(options.store or own_store().path)
    done = restore_backup(
        options.file, store, lambda: passphrase(options.passphrase_file, lang, is_new=False), options.forgotten,
        options.removals, _progress(lang),
    )  # fmt: skip
    made = clock.minute_of(done.manifest.made)
    print(message("backup.restored", lang, path=store.path, made=made, number=done.manifest.generation))
    print(message("backup.forgotten_again" if done.has_list else "backup.no_list", lang, count=done.forgotten_again))
    if done.deleted_again is None:
        print(message("backup.no_deletions", lang, made=made))
    else:
        print(message("backup.deleted_again", lang, count=done.deleted_again))
    return releasing.told_after(store, lang)


def retention(options: argparse.Namespace) -> int:
    """Tell what is too old, and delete it where that was agreed to."""
    store, lang = existing_store(options.store), options.lang
    since = first_kept(options.years, clock.today())
    found = expired(store, since)
    if found.is_nothing:
        print(message("retention.nothing", lang, since=since.isoformat()))
        return 0
    print(message("retention.since", lang, since=since.isoformat()))
    for table, rows in found.rows.items():
        print(f"  {message(f'table.{table}', lang)}: {rows}")
    if not options.yes:
        print(message("retention.warning", lang))
        return 0
    print(message("retention.done", lang, count=expire(store, since)))
    say_unless_listed(store, lang)
    return releasing.told_after(store, lang)


def held(options: argparse.Namespace) -> int:
    """Print all that is held on one client; it is written nowhere else."""
    store, lang = existing_store(options.store), options.lang
    source = None if options.source is None else find_source(store, options.source)
    try:
        found = held_on(store, client_number(lang), source)
    except SeveralRegistersError as error:
        raise error.in_words(lang) from None
    if options.json:
        print(json.dumps(as_json(found, lang, store), ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(found, lang, store)))
    if found.other_writings:
        print(message("held.other_writings", lang, forms=", ".join(found.other_writings)), file=sys.stderr)
    return 0


def _add_passphrase(command: argparse.ArgumentParser) -> None:
    command.add_argument("--passphrase-file", type=Path, metavar="cli.value.file", help="cli.option.passphrase_file")


def _years(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:6]) <= _MOST_YEARS:
        raise argparse.ArgumentTypeError("cli.usage.years")
    return int(text)


def _progress(lang: str) -> Callable[[float], None]:
    """Tells each tenth on stderr once the work has lasted a while."""
    began, told = time.monotonic(), 0.0

    def tell(share: float) -> None:
        nonlocal told
        if time.monotonic() - began > _QUIET_SECONDS and share >= told + _EVERY:
            told = share
            print(message("backup.progress", lang, share=round(share * 100)), file=sys.stderr)

    return tell
