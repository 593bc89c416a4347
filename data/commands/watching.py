"""`python -m data watch DIR`: imports what arrives in a folder, until it is stopped."""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

from data.commands import releasing
from data.ingest.arrivals import Arrivals
from data.store.store import StoreError, own_store, store_at
from data.texts import message


def add_options(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    command.add_argument("folder", type=Path, metavar="cli.value.folder", help="cli.option.watch_folder.folder")
    command.add_argument(
        "--every", type=seconds, default=10.0, metavar="cli.value.seconds", help="cli.option.watch_folder.every"
    )
    command.add_argument("--once", action="store_true", help="cli.option.watch_folder.once")


def seconds(text: str) -> float:
    """Return a number of seconds, with a decimal comma or point. Raises ArgumentTypeError."""
    if re.fullmatch(r"[0-9]{1,6}([.,][0-9]{1,3})?", text):
        return float(text.replace(",", "."))
    raise argparse.ArgumentTypeError("cli.usage.seconds")


def run(options: argparse.Namespace) -> int:
    """Look for files again and again; stopped with Ctrl-C."""
    store = store_at(options.store or own_store().path)
    lang: str = options.lang
    if store.is_sample:
        raise StoreError("sample", store.path)
    options.folder.stat()  # FileNotFoundError: a folder that is not there is no file in its place
    if not options.folder.is_dir():
        raise StoreError("not_a_folder", options.folder)
    arrivals = Arrivals(options.folder, store, lang)
    # What is being written changes within this time.
    pause = min(max(options.every, 0.1), 2.0) if options.once else max(options.every, 0.1)
    rounds = 2 if options.once else None
    code = 0
    while rounds is None or rounds:
        is_changed = False
        try:
            for one in arrivals.take():
                is_changed |= one.generation is not None
                key = f"watching_folder.{one.outcome.replace('-', '_')}"
                print(message(key, lang, file=one.file, number=one.generation or "–"), flush=True)
        except StoreError as error:
            if error.reason != "busy" or options.once:
                raise  # else the file is where it was, and is taken in when the other writer has finished
        code = releasing.told_after(store, lang) if is_changed else code
        rounds = None if rounds is None else rounds - 1
        if rounds is None or rounds:
            time.sleep(pause)
    return code
