"""Making a backup: one file, whole or not at all, readable by its owner alone."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from data.backup import manifest
from data.backup.contents import Contents, taken
from data.backup.errors import BackupError
from data.backup.manifest import Manifest, Packed
from data.backup.sealing import checked_passphrase, seal
from data.store.acting import record
from data.store.durable import fsync
from data.store.keys import key_path
from data.store.releases import check_release
from data.store.store import Store
from data.store.trouble import told

PIECE = 1 << 20
_OPEN_FILES = Path("/proc/self/fd")
Progress = Callable[[float], None]
"""Is told the share that is done, 0 to 1."""


def backup(
    store: Store, file: Path, passphrase: str | None = None, progress: Progress = lambda _share: None
) -> Manifest:
    """Put what a store serves, and all that people have written beside it, into one file.

    passphrase: seals the whole, and the key file goes with it; without one it never does. Raises BackupError, StoreError,
    KeyFileError.
    """
    if file.resolve().is_relative_to(store.path.resolve()):
        raise BackupError("inside_store", path=file)
    if file.exists() or file.is_symlink():
        raise BackupError("exists", path=file)
    began = datetime.now()
    words = None if passphrase is None else checked_passphrase(passphrase)
    fingerprint = store.keys.fingerprint  # before anything is made: without its keys a store is of no use
    store.check(store.serving())
    check_release(store)
    with taken(store) as contents:
        if words is not None:
            contents.files[manifest.KEYS] = io.BytesIO(key_path(store.path).read_bytes())
        files: dict[str, Packed] = {}

        def write(out: BinaryIO) -> None:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
                files.update(_packed(packed, contents, progress))
                about = _about(contents, fingerprint, files, began)
                packed.writestr(_info(manifest.NAME), about.text(store.keys))

        with told(file.parent, "", writing=True), _new_file(file) as out:
            if words is None:
                write(out)
            else:
                seal(out, words, write)
        made = _about(contents, fingerprint, files, began)
    record(store.path, "backed_up", {"generation": made.generation, "keys": "without" if words is None else "with"})
    return made


def _about(contents: Contents, fingerprint: str, files: dict[str, Packed], began: datetime) -> Manifest:
    """began: before the contents were looked at, so that what is deleted meanwhile counts as deleted since."""
    release = contents.release.release if contents.release else None
    return Manifest(
        format=manifest.FORMAT, made=began.replace(microsecond=0), program=manifest.program(), keys=fingerprint,
        generation=contents.serving.number, release=release.number if release else None, files=files,
    )  # fmt: skip


def _packed(packed: zipfile.ZipFile, contents: Contents, progress: Progress) -> Iterator[tuple[str, Packed]]:
    lengths = {name: file.seek(0, os.SEEK_END) for name, file in contents.files.items()}
    done, every = 0, sum(lengths.values())
    for name, file in contents.files.items():
        file.seek(0)
        digest, info = hashlib.sha256(), _info(name)
        info.file_size = lengths[name]
        with packed.open(info, "w") as entry:
            while piece := file.read(PIECE):
                digest.update(piece)
                entry.write(piece)
                done += len(piece)
                progress(done / every)
        yield name, Packed(lengths[name], digest.hexdigest())


def _info(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, datetime.now().timetuple()[:6])
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = 0o100600 << 16
    return made


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name when it is whole. Raises BackupError("exists"), OSError."""
    nameless = _nameless(path)
    if nameless is not None:
        with nameless:
            yield nameless
            _on_disk(nameless)
            _name(nameless, path)
        fsync(path.parent)
        return
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            yield cast(BinaryIO, file)
            _on_disk(cast(BinaryIO, file))
        if path.exists():
            raise BackupError("exists", path=path)
        temporary.rename(path)
        fsync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _nameless(path: Path) -> BinaryIO | None:
    """A file that is gone should this process be killed; None where the system or the disk has no such files."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not _OPEN_FILES.exists():
        return None
    with suppress(OSError):
        return cast(BinaryIO, os.fdopen(os.open(path.parent, flag | os.O_RDWR, 0o600), "w+b"))
    return None


def _name(nameless: BinaryIO, path: Path) -> None:
    # With a folder, for without one Python asks the system in a way that links the link instead of the file.
    folder = os.open(_OPEN_FILES, os.O_RDONLY)
    try:
        os.link(str(nameless.fileno()), path, src_dir_fd=folder, follow_symlinks=True)
    except FileExistsError:
        raise BackupError("exists", path=path) from None
    finally:
        os.close(folder)


def _on_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
