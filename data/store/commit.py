"""Several files of a store change at once: all of them, or, after a kill or a power cut, none or all.

What is to come is first written in full beside what is there, as drafts. Then DIR/unfinished names what takes which place and
what goes. From then on it is done: whoever writes or reads next finishes what the first one could not.
"""

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from data.store import changed
from data.store.durable import fsync, write_durably
from data.store.errors import StoreError
from data.store.resources import clear_left, clear_spills
from data.store.sealed import sealed, unsealed
from data.store.small_file import text_of

UNFINISHED = "unfinished"
_DRAFTS = ("*.draft*", "generations/*.draft*", "releases/*.draft*", "sources/*.draft*", "cube/*.draft")
_SPILLED_INTO = ("generations", "releases")
"""Folders in which a killed reader may have left rows of people: they must not outlive those who are forgotten."""
_NAME = re.compile(r"[a-z.]+|(generations|releases|sources)/[0-9a-z]+(\.[a-z]+)*|cube/[0-9a-z-]+(\.draft)?")


def commit(store: Path, moves: Mapping[str, str], gone: Iterable[str] = ()) -> None:
    """Put drafts in their places and remove what is gone. moves: draft → place; gone: stems of databases, folders. OSError."""
    for folder in {(store / draft).parent for draft in moves}:
        fsync(folder)
    write_durably(store / UNFINISHED, sealed({"moves": dict(moves), "gone": list(gone)}))
    finish(store)


def finish(store: Path) -> None:
    """Do what is left of a commit; drafts that belong to none are removed, whatever they are.

    The caller holds the store's lock. Raises OSError, StoreError: `damaged`, `unreadable`.
    """
    if (store / UNFINISHED).exists():
        moves, gone = _read(store)
        for draft, place in moves.items():
            if (store / draft).exists():
                (store / draft).replace(store / place)
        for folder in {(store / place).parent for place in moves.values()}:
            fsync(folder)
        for name in gone:
            _remove(store / name)
        (store / UNFINISHED).unlink()
        fsync(store)
        changed.note(store)
    clear_drafts(store)
    for name in _SPILLED_INTO:
        clear_left(store / name)


def clear_drafts(store: Path) -> None:
    """Remove drafts; one that cannot be removed is in nobody's way."""
    for pattern in _DRAFTS:
        for leftover in store.glob(pattern):
            with suppress(OSError):
                if leftover.is_dir() and not leftover.is_symlink():
                    shutil.rmtree(leftover, ignore_errors=True)
                else:
                    leftover.unlink(missing_ok=True)


def _read(store: Path) -> tuple[dict[str, str], list[str]]:
    try:
        found = unsealed(text_of(store / UNFINISHED))
        moves, gone = dict(found["moves"]), list(found["gone"])
        if not all(_NAME.fullmatch(name) for name in (*moves, *moves.values(), *gone)):
            raise ValueError("a name outside the store")
    except OSError:
        raise StoreError("unreadable", store / UNFINISHED) from None
    except (ValueError, KeyError, TypeError, RecursionError, json.JSONDecodeError):
        raise StoreError("damaged", store, UNFINISHED) from None
    return moves, gone


def _remove(path: Path) -> None:
    """Remove a file, a folder, or a database with its description and what it could not keep in memory."""
    if path.suffix:
        path.unlink(missing_ok=True)
        return
    if path.is_dir():
        _remove_folder(path)
        return
    clear_spills(path.with_suffix(".duckdb"))
    with suppress(PermissionError):  # Windows keeps a file that someone reads; the next import tries again
        path.with_suffix(".duckdb").unlink(missing_ok=True)
        path.with_suffix(".json").unlink(missing_ok=True)


def _remove_folder(path: Path) -> None:
    """Remove a folder that others may be writing into: they must find none, for what comes after it was listed would stay."""
    aside = path.with_name(f"{path.name}.gone.draft")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        path.replace(aside)
    except OSError:  # Windows moves no folder in which somebody reads
        aside = path
    shutil.rmtree(aside, ignore_errors=True)
