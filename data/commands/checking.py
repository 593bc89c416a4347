"""`python -m data check`: looks for damage in a whole store, and mends what can be mended."""

from __future__ import annotations

import argparse
import sys

from data.refusal import refusal_text
from data.store.existing import existing_store
from data.store.repair import damage, repair
from data.texts import message, texts

DAMAGED = 2
"""Exit code: something is damaged."""


def add_options(command: argparse.ArgumentParser) -> None:
    """Options of `check`."""
    command.add_argument("--repair", action="store_true", help="mend what can be mended without losing what is whole")


def run(options: argparse.Namespace) -> int:
    """Tell all damage there is, after mending what can be mended where that was asked for."""
    store, lang = existing_store(options.store), options.lang
    for done in repair(store) if options.repair else ():
        print(message(f"checked.{done.deed}", lang, what=done.what, count=done.count))
    found = tuple(dict.fromkeys(refusal_text(error, texts(lang)) for error in damage(store)))
    for line in found:
        print(line, file=sys.stderr)
    if found:
        return DAMAGED
    print(message("checked.whole", lang, path=store.path))
    return 0
