"""Putting a backup into an empty folder: looked at to the last byte first, and whoever was forgotten since is forgotten again.

All is done in a folder beside, which takes the store's name at the very end: a store is there whole or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.backup.errors import BackupError
from data.backup.manifest import Manifest
from data.backup.packing import Progress
from data.backup.unpacking import opened, unpack
from data.ingest.forgetting import forget_again
from data.ingest.forgotten import ForgottenClients, beside_keys, marks_in, note_beside_keys
from data.store import changed, reading
from data.store.acting import record
from data.store.durable import create_durably, fsync
from data.store.kept import kept
from data.store.keys import Keys, key_path, load
from data.store.lock import locked
from data.store.releases import check_release
from data.store.store import Store, StoreError
from data.store.trouble import told

_OF_THE_BACKUP = ("damaged", "replaced", "release_damaged", "damaged_line", "no_generation", "empty")


@dataclass(frozen=True)
class Restored:
    """What was restored. forgotten_again: people who were forgotten since; has_list: there was a list to know them by."""

    manifest: Manifest
    forgotten_again: int
    has_list: bool


def restore(
    file: Path, store: Store, passphrase: Callable[[], str], forgotten: Path | None = None,
    progress: Progress = lambda _share: None,
) -> Restored:  # fmt: skip
    """Make a store of a backup in a folder that is empty or not there. Its keys must be in their place, or sealed in the backup.

    passphrase: is asked for when the backup is sealed; forgotten: a list of forgotten clients besides the one beside the keys.
    Raises BackupError, KeyFileError, StoreError, OSError.
    """
    target = store.path.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError("not_empty", path=store.path)
    marks, has_list = _forgotten(store, forgotten)
    with _aside(target) as aside:
        with opened(file, aside, passphrase) as (packed, claimed):
            packed_keys = aside / "keys"
            keys = _keys(store, claimed.manifest.keys, packed_keys if packed_keys.exists() else None)
            if not claimed.is_of(keys):
                raise BackupError("forged", path=file)
            staged = Store(aside / "store")
            with told(aside.parent, "", writing=True):
                unpack(packed, claimed.manifest, staged.path, file, progress)
        again = _made_good(staged, keys, marks, file)
        every = ForgottenClients(staged).marks()
        with told(target.parent, "", writing=True):
            if packed_keys.exists() and not key_path(store.path).exists():
                create_durably(key_path(store.path), packed_keys.read_text(encoding="ascii"))
            note_beside_keys(store, every)
            if target.exists() and os.name != "posix":
                target.rmdir()  # a rename on Windows takes no other folder's place
            staged.path.replace(target)
            fsync(target.parent)
    changed.note(store.path)
    record(target, "restored", {"generation": claimed.manifest.generation})
    return Restored(claimed.manifest, again, has_list)


def _forgotten(store: Store, given: Path | None) -> tuple[frozenset[int], bool]:
    """The marks of those who have been forgotten, and whether there is a list at all."""
    beside = beside_keys(store.path)
    if given is not None:
        given.open("rb").close()  # one that is named must be there
    lists = [path for path in (beside, given) if path is not None and path.exists()]
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


def _made_good(staged: Store, keys: Keys, marks: frozenset[int], file: Path) -> int:
    """Forget again, and look at all that is left; how many people were forgotten."""
    try:
        again = forget_again(staged, keys, marks)
        for generation in kept(staged):
            staged.check(generation)
            reading.forget(staged.file(generation).resolve())
        check_release(staged)
        if (release := staged.release()) is not None:
            reading.forget(staged.file(release).resolve())
    except StoreError as error:
        if error.reason in _OF_THE_BACKUP:
            raise BackupError("damaged", path=file) from None
        raise
    return again


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
