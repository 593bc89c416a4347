"""`python -m data check`: looks for damage in a whole store, and mends what can be mended."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from data.coverage.removal_log import REMOVALS, Removal, list_beside_keys, removals_in
from data.coverage.sources import Source
from data.ingest import rejects
from data.ingest.forgotten import beside_keys, marks_in
from data.refusal import Refusal, refusal_text
from data.steward import boundaries
from data.steward.saved_views import SavedView
from data.steward.targets_and_notes import Note, Target
from data.store import audit_check
from data.store.errors import StoreError
from data.store.existing import existing_store
from data.store.lists import Kinds, knows
from data.store.repair import damage, repair
from data.texts import Texts, message, texts

DAMAGED = 2
"""Exit code: something is damaged."""


def _others(store: Path) -> Iterator[Refusal]:
    """Yield what is wrong with the map, and with the lists beside the keys, which are read as whoever needs them reads them."""
    if file := boundaries.damaged(store):
        yield StoreError("unreadable", file)
    looks: tuple[tuple[Callable[[Path], object], Path], ...] = (
        (marks_in, beside_keys(store)), (removals_in, list_beside_keys(store))
    )  # fmt: skip
    for look, path in looks:
        try:
            look(path)
        except StoreError as error:
            yield error
        except OSError:
            yield StoreError("unreadable", path)


KINDS = Kinds(
    {
        "steward/targets.jsonl": Target.model_validate_json,
        "steward/notes.jsonl": Note.model_validate_json,
        "steward/views.jsonl": SavedView.model_validate_json,
        "sources/sources.jsonl": Source.model_validate_json,
        REMOVALS: Removal.model_validate_json,
        "rejected/*.jsonl": rejects.parse,
    },
    _others,
)
"""The lists of this room."""
knows("data", lambda: KINDS)


def add_options(command: argparse.ArgumentParser) -> None:
    """Options of `check`."""
    command.add_argument("--repair", action="store_true", help="cli.option.check_store.repair")


def run(options: argparse.Namespace) -> int:
    """Tell all damage there is, after mending what can be mended where that was asked for."""
    store, lang = existing_store(options.store), options.lang
    for done in repair(store) if options.repair else ():
        print(message(f"checked.{done.deed}", lang, what=done.what, count=done.count))
    told = _beyond if options.repair else refusal_text
    found = tuple(dict.fromkeys(told(error, texts(lang)) for error in damage(store)))
    for line in found:
        print(line, file=sys.stderr)
    with suppress(StoreError):  # it was told above
        if not audit_check.check(store.path).is_whole:
            print(message("checked.log", lang), file=sys.stderr)
    if found:
        return DAMAGED
    print(message("checked.whole", lang, path=store.path))
    return 0


def _beyond(error: Refusal, t: Texts) -> str:
    """What is left after a repair: it would help nobody to be told to repair."""
    if not isinstance(error, StoreError) or error.reason not in ("damaged", "replaced"):
        return refusal_text(error, t)
    return t("checked.beyond.all" if error.key.endswith(".all") else "checked.beyond", **error.told())
