"""Looking for damage in a whole store, and mending what can be mended without losing anything that is whole.

What cannot be mended is set aside in DIR/damaged/, never deleted; forgetting a person removes that folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

import duckdb

from data.refusal import Refusal
from data.store import lists, reading
from data.store.acting import record
from data.store.audit import AuditLog
from data.store.commit import UNFINISHED, clear_drafts
from data.store.durable import fsync, write_durably
from data.store.generation import Generation, describe
from data.store.kept import clear_cells
from data.store.keys import KeyFileError, key_path, load, rkey_sql
from data.store.lists import ASIDE
from data.store.releases import check_release
from data.store.resources import clear_all_spills
from data.store.sealed import sealed, sealed_number, unsealed
from data.store.small_file import text_of
from data.store.store import Store, StoreError
from data.store.versions import last_whole, versions
from data.store.workspace import looking_into

_DEFINITIONS = "definitions"
"""Folder of sealed files, each a set of definitions (`metrics.registry`)."""
Deed = Literal["unfinished", "described", "about", "pointed", "aside", "definitions", "lines", "marks"]


@dataclass(frozen=True)
class Mended:
    """Something that was done: `unfinished` work was given up, a version `described` anew, store.json written anew (`about`), a
    version `pointed` to, a version, `definitions` that are not in force, `lines` of a list or `marks` of the
    forgotten set `aside`. what: the version's number, or the file in the store.
    """

    deed: Deed
    what: str
    count: int = 1


def damage(store: Store) -> Iterator[Refusal]:
    """Everything that is wrong with a store, read to its last block, each once. Raises nothing."""
    told = set()
    for one in _damage(store):
        if (said := (one.key, str(one))) not in told:
            told.add(said)
            yield one


def _damage(store: Store) -> Iterator[Refusal]:
    if (store.path / UNFINISHED).exists():
        yield from _refused(lambda: _nothing(store))
    yield from _refused(lambda: store.is_sample)
    yield from _refused(lambda: store.keys)
    yield from _refused(store.current)
    for number in store.numbers():
        yield from _refused(partial(_check, store, number))
    yield from _refused(lambda: check_release(store))
    for file in sorted((store.path / _DEFINITIONS).glob("*.json")):
        try:
            unsealed(text_of(file))
        except (OSError, ValueError, RecursionError):
            yield StoreError("damaged_definitions", store.path, f"{_DEFINITIONS}/{file.name}")
    for file in AuditLog(store.path).unreadable():
        yield StoreError("unreadable", file)
    kinds = lists.every_kind()
    yield from lists.refusals(store.path, kinds)
    for one in kinds:
        yield from one.others(store.path)


def repair(store: Store) -> Iterator[Mended]:
    """Mend what can be mended, and tell each deed. Raises StoreError: `busy`, `unwritable`, `no_room`."""
    for done in _repaired(store):
        record(store.path, "repaired", {"deed": done.deed, "file": done.what})
        yield done


def _repaired(store: Store) -> Iterator[Mended]:
    try:
        with store.writing():
            pass
    except StoreError as error:
        if error.detail != UNFINISHED:
            raise
        (store.path / UNFINISHED).unlink()
        clear_drafts(store.path)
        yield Mended("unfinished", UNFINISHED)
    with store.writing():
        yield from _about(store)
        yield from _described(store)
        yield from _pointed(store)
        yield from _set_aside(store)
        yield from _replaced(store)
        yield from _listed(store)
        clear_cells(store)
        for folder in store.path.glob("*/"):
            clear_all_spills(folder)  # what a killed reader could not keep in memory


def _refused(look: Callable[[], object]) -> Iterator[Refusal]:
    try:
        look()
    except Refusal as error:
        if not (isinstance(error, StoreError) and error.reason == "empty"):
            yield error


def _check(store: Store, number: int) -> None:
    store.check(store.generation(number))


def _nothing(store: Store) -> None:
    with store.writing():
        pass


def _about(store: Store) -> Iterator[Mended]:
    """Write store.json anew, where the keys that are there have made the numbers of the clients."""
    try:
        _ = store.keys
        return
    except StoreError:
        pass
    except KeyFileError as error:
        if error.reason != "mismatch":  # it may be another store's, and the keys the right ones
            return
    with suppress(Refusal):
        keys = load(key_path(store.path))
        for file in sorted((store.path / "generations").glob("[0-9]*.duckdb"), reverse=True):
            with suppress(duckdb.Error), looking_into(file) as connection:
                query = f"SELECT count(*), count(*) FILTER (client = {rkey_sql(keys, 'pseudonym')}) FROM client"
                every, own = connection.execute(query).fetchall()[0]
                if every and every == own:
                    causes = [one.generation.cause for one in versions(store) if one.generation]
                    about = {
                        "keys": keys.fingerprint,
                        "sample": bool(causes) and all(cause.startswith("sample ") for cause in causes),
                        "made": datetime.now().isoformat("T", "seconds"),
                        "published": True,
                        "open": (store.path / "released").exists() or (store.path / "releases").exists(),
                    }
                    write_durably(store.path / "store.json", sealed(about))
                    yield Mended("about", "store.json")
                    return


def _described(store: Store) -> Iterator[Mended]:
    """Describe whole versions anew whose description is damaged or gone; each knows its own token."""
    tokens = {one.generation.token for one in versions(store) if one.generation}
    for one in versions(store):
        if one.generation is not None:
            continue
        file = store.path / "generations" / f"{one.number:06d}.duckdb"
        with suppress(OSError, duckdb.Error):
            made = _from_file(store, file, one.number)
            if not made.token or made.token not in tokens:
                made.write(file.with_suffix(".json"))
                tokens.add(made.token)
                yield Mended("described", str(one.number))


def _from_file(store: Store, file: Path, number: int) -> Generation:
    with looking_into(file) as connection:
        reading.read_through(connection)
    earlier = [one for one in store.numbers() if one < number]
    found = describe(file, number, None, "repaired")
    created = datetime.fromtimestamp(file.stat().st_mtime).replace(microsecond=0)
    return replace(found, created=created, parent=max(earlier, default=None))


def _pointed(store: Store) -> Iterator[Mended]:
    """Point to the newest whole version where nothing says which one serves."""
    try:
        store.pointer()
    except StoreError:
        good = last_whole(store.path)
        if good is not None:
            write_durably(store.path / "current", sealed_number(good))
            yield Mended("pointed", str(good))


def _set_aside(store: Store) -> Iterator[Mended]:
    """Move versions that are beyond mending out of the way, but for the serving one: people choose what takes its place."""
    for one in versions(store):
        if one.is_serving:
            continue
        try:
            _check(store, one.number)
        except StoreError as error:
            if error.reason not in ("damaged", "replaced"):
                continue
            aside = store.path / ASIDE
            aside.mkdir(exist_ok=True, mode=0o700)
            for ending in ("json", "duckdb"):
                file = store.path / "generations" / f"{one.number:06d}.{ending}"
                reading.forget(file.resolve())
                with suppress(FileNotFoundError):
                    file.replace(aside / file.name)
            fsync(aside)
            yield Mended("aside", str(one.number))


def _replaced(store: Store) -> Iterator[Mended]:
    """Move damaged definitions out of the way that others have replaced."""
    for file in [file for one in lists.every_kind() for file in one.replaced(store.path)]:
        aside = store.path / ASIDE
        aside.mkdir(exist_ok=True, mode=0o700)
        file.replace(aside / f"{file.parent.name}-{file.name}")
        fsync(aside)
        yield Mended("definitions", file.relative_to(store.path).as_posix())


def _listed(store: Store) -> Iterator[Mended]:
    """Set damaged lines of lists aside. What this version does not know stays: another one may, and has written it."""
    kinds = lists.every_kind()
    for file in lists.lists(store.path):
        with suppress(StoreError):  # what is no file is left to people
            if bad := lists.bad_lines(store.path, file, kinds).damaged:
                lists.without(file, bad)
                yield Mended("marks" if file.suffix == ".txt" else "lines", str(file.relative_to(store.path)), len(bad))
