"""Putting a backup into an empty folder, looked at to the last byte first.

Whoever was forgotten since is forgotten again, and what was deleted since is deleted again.

All is done in a folder beside, which takes the store's name at the very end: a store is there whole or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.backup.errors import BackupError
from data.backup.manifest import Manifest
from data.backup.packing import Progress
from data.backup.unpacking import opened, unpack
from data.coverage.removal_log import Removal, list_beside_keys, list_too, removals_in
from data.coverage.removal_log import removals as removals_of
from data.coverage.repeating import remove_again
from data.ingest.forgetting import forget_again
from data.ingest.forgotten import ForgottenClients, beside_keys, marks_in, note_beside_keys
from data.store import changed, reading
from data.store.acting import record
from data.store.durable import create_durably, fsync
from data.store.kept import kept
from data.store.keys import Keys, key_path, load
from data.store.lock import locked
from data.store.ready import at_once
from data.store.releases import check_release
from data.store.store import Store, StoreError
from data.store.trouble import told

_OF_THE_BACKUP = ("damaged", "replaced", "release_damaged", "damaged_line", "no_generation", "empty")


@dataclass(frozen=True)
class Restored:
    """What was restored. forgotten_again: people who were forgotten since; has_list: there was a list to know them by.

    deleted_again: rows that were deleted since; None: there was no list to know them by.
    """

    manifest: Manifest
    forgotten_again: int
    has_list: bool
    deleted_again: int | None


def restore(
    file: Path, store: Store, passphrase: Callable[[], str], forgotten: Path | None = None,
    removals: Path | None = None, progress: Progress = lambda _share: None,
) -> Restored:  # fmt: skip
    """Make a store of a backup in a folder that is empty or not there. Its keys must be in their place, or sealed in the backup.

    passphrase: is asked for when the backup is sealed; forgotten: a list of forgotten clients besides the one beside the keys;
    removals: a log of deletions besides the one beside the keys. Raises BackupError, KeyFileError, StoreError, OSError.
    """
    target = store.path.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError("not_empty", path=store.path)
    marks, has_list = _forgotten(store, forgotten)
    deleted = _deleted(store, removals)
    with _aside(target) as aside:
        with opened(file, aside, passphrase) as (packed, claimed):
            packed_keys = aside / "keys"
            keys = _keys(store, claimed.manifest.keys, packed_keys if packed_keys.exists() else None)
            if not claimed.is_of(keys):
                raise BackupError("forged", path=file)
            staged = Store(aside / "store")
            with told(aside.parent, "", writing=True):
                unpack(packed, claimed.manifest, staged.path, file, progress)
        if not key_path(staged.path).exists():
            keys_at = packed_keys if packed_keys.exists() else key_path(store.path)
            create_durably(key_path(staged.path), keys_at.read_text(encoding="ascii"))
        began, rows = datetime.now(UTC).replace(microsecond=0), None
        with _of_the_backup(file), at_once():  # nothing serves until then
            again = forget_again(staged, keys, marks)
            if deleted is not None:
                rows = remove_again(staged, deleted, claimed.manifest.made)
            _look_at_all(staged)
        every = ForgottenClients(staged).marks()
        anew = [line for line in removals_of(staged.path).lines() if line.what != "client" and line.time >= began]
        with told(target.parent, "", writing=True):
            if packed_keys.exists() and not key_path(store.path).exists():
                create_durably(key_path(store.path), packed_keys.read_text(encoding="ascii"))
            note_beside_keys(store, every)
            list_too(store.path, anew)
            if target.exists() and os.name != "posix":
                target.rmdir()  # a rename on Windows takes no other folder's place
            staged.path.replace(target)
            fsync(target.parent)
    changed.note(store.path)
    record(target, "restored", {"generation": claimed.manifest.generation})
    return Restored(claimed.manifest, again, has_list, rows)


def _forgotten(store: Store, given: Path | None) -> tuple[frozenset[int], bool]:
    """The marks of those who have been forgotten, and whether there is a list at all."""
    lists = _lists(beside_keys(store.path), given)
    with _of_a_list():
        return frozenset().union(*map(marks_in, lists)), bool(lists)


def _keys(store: Store, fingerprint: str, packed: Path | None) -> Keys:
    """The keys of the backup: those in their place, else those that came with it. Raises BackupError, KeyFileError."""
    place = key_path(store.path)
    if not place.exists() and packed is None:
        raise BackupError("keys_missing", path=place)
    keys = load(place if place.exists() or packed is None else packed)
    if keys.fingerprint != fingerprint:
        raise BackupError("other_keys", path=place)
    return keys


def _deleted(store: Store, given: Path | None) -> tuple[Removal, ...] | None:
    """What has been deleted, oldest first; None when there is no list at all."""
    lists = _lists(list_beside_keys(store.path), given)
    with _of_a_list():
        # The list beside the keys last: it knows what was taken back.
        lines = {line.deletion: line for path in lists[::-1] for line in removals_in(path) if line.what != "client"}
    return tuple(sorted(lines.values(), key=lambda line: line.time)) if lists else None


def _lists(beside: Path, given: Path | None) -> list[Path]:
    """The lists that are there. One that is named must be."""
    if given is not None:
        given.open("rb").close()
    return [path for path in (beside, given) if path is not None and path.exists()]


@contextmanager
def _of_a_list() -> Iterator[None]:
    """What cannot be read within the block is a list, which belongs to no store that could be repaired."""
    try:
        yield
    except StoreError as error:
        raise BackupError("damaged_list", path=error.path) from None


@contextmanager
def _of_the_backup(file: Path) -> Iterator[None]:
    """What is found broken within the block is the backup's fault."""
    try:
        yield
    except StoreError as error:
        if error.reason in _OF_THE_BACKUP:
            raise BackupError("damaged", path=file) from None
        if error.reason == "strange_line":
            raise BackupError("newer", path=file) from None
        raise


def _look_at_all(staged: Store) -> None:
    """Read all that is kept, and close it."""
    for generation in kept(staged):
        staged.check(generation)
        reading.forget(staged.file(generation).resolve())
    check_release(staged)
    if (release := staged.release()) is not None:
        reading.forget(staged.file(release).resolve())


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """An empty folder beside, which nobody else has; gone after the block, or, after a kill, when the next one begins."""
    aside = target.with_name(f".{target.name}.restoring")
    with locked(aside, 0, again=False):
        try:
            _clear(aside)
            yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _clear(aside: Path) -> None:
    for left in aside.iterdir():
        if left.name == "lock":
            continue
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()
