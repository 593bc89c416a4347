"""Reading a backup as if a stranger had written it: nothing is believed before it is proved, and nothing is written outside."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from data.backup import manifest
from data.backup.errors import BackupError
from data.backup.manifest import Claimed, Manifest, NewerFormatError, Packed
from data.backup.packing import PIECE, Progress
from data.backup.sealing import is_sealed, open_sealed
from data.store.durable import fsync
from data.store.store import StoreError

_LONGEST_KEYS = 4096
_MOST_DIRECTORY = 8_000_000
"""Bytes of the list at the end of a zip, which is read as a whole."""
_END = struct.Struct("<4s4H2LH")
"""The last bytes of a zip without a comment (APPNOTE 4.3.16); the sixth is the length of its list."""
_TORN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
    *(EOFError, ValueError, NotImplementedError, RuntimeError, KeyError),
)
"""What Python raises of a zip that is not as it was written."""


@contextmanager
def opened(file: Path, aside: Path, passphrase: Callable[[], str]) -> Iterator[tuple[zipfile.ZipFile, Claimed]]:
    """A backup, unsealed, and what it says of itself; its keys, where it has them, as `keys` in the folder `aside`.

    Raises OSError, StoreError, BackupError: `not_a_backup`, `damaged`, `forged`, `newer`, `passphrase_wrong`.
    """
    with ExitStack() as stack:
        with _in_words(file):
            packed = _zip(stack.enter_context(file.open("rb")), file)
            if is_sealed(packed):
                words = passphrase()
                plain = cast(BinaryIO, stack.enter_context(tempfile.TemporaryFile(dir=aside)))
                open_sealed(packed, words, plain, file)
                packed = _zip(plain, file)
            claimed = _claimed(packed, file)
            if (entry := claimed.manifest.files.get(manifest.KEYS)) is not None:
                if entry.bytes > _LONGEST_KEYS:
                    raise BackupError("forged", path=file)
                _copy(packed, manifest.KEYS, entry, aside / "keys", file)
        yield packed, claimed


def unpack(packed: zipfile.ZipFile, about: Manifest, folder: Path, file: Path, progress: Progress) -> None:
    """Write the files of a backup, but for its keys, to a folder that is made. Raises OSError, StoreError, BackupError."""
    files = {name: entry for name, entry in about.files.items() if name != manifest.KEYS}
    every = sum(entry.bytes for entry in files.values())
    if every > shutil.disk_usage(folder.parent).free:
        raise StoreError("no_room", folder.parent)
    folder.mkdir(mode=0o700)
    done = 0
    for name, entry in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _in_words(file):
            _copy(packed, name, entry, place, file)
        done += entry.bytes
        progress(done / every if every else 1)
    for made in {place.parent for place in folder.rglob("*")}:
        fsync(made)


def _zip(content: IO[bytes], file: Path) -> zipfile.ZipFile:
    content.seek(0)
    if content.read(4) != b"PK\3\4":
        raise BackupError("not_a_backup", path=file)
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - _END.size))
    signature, *_, length, _offset, comment = _END.unpack(content.read(_END.size))
    if signature != b"PK\5\6" or comment or length > _MOST_DIRECTORY:
        raise BackupError("damaged", path=file)
    content.seek(0)
    return zipfile.ZipFile(content)


def _claimed(packed: zipfile.ZipFile, file: Path) -> Claimed:
    """What a backup says of itself, when its list of files is the one that is there."""
    infos = packed.infolist()
    names = [info.filename for info in infos]
    if manifest.NAME not in names:
        raise BackupError("not_a_backup", path=file)
    if packed.getinfo(manifest.NAME).file_size > manifest.LONGEST:
        raise BackupError("forged", path=file)
    with packed.open(manifest.NAME) as entry:
        text = entry.read(manifest.LONGEST + 1)
    try:
        claimed = manifest.read(text)
    except NewerFormatError:
        raise BackupError("newer", path=file) from None
    files = claimed.manifest.files
    is_same = sorted(names) == sorted((*files, manifest.NAME))
    if not is_same or not all(_is_plain(info, files.get(info.filename)) for info in infos):
        raise BackupError("forged", path=file)
    return claimed


def _is_plain(info: zipfile.ZipInfo, entry: Packed | None) -> bool:
    """An ordinary file of the length that the manifest tells (none of the manifest itself)."""
    mode = info.external_attr >> 16
    return (stat.S_ISREG(mode) or not stat.S_IFMT(mode)) and (entry is None or info.file_size == entry.bytes)


def _copy(packed: zipfile.ZipFile, name: str, entry: Packed, to: Path, file: Path) -> None:
    digest, left = hashlib.sha256(), entry.bytes
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out, packed.open(name) as source:
        while piece := source.read(PIECE):
            left -= len(piece)
            if left < 0:
                break
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    if left or digest.hexdigest() != entry.sha256:
        raise BackupError("damaged", path=file)


@contextmanager
def _in_words(file: Path) -> Iterator[None]:
    try:
        yield
    except _TORN:
        raise BackupError("damaged", path=file) from None
    except OSError as error:
        if error.errno == errno.EINVAL:  # a place before the beginning of the file
            raise BackupError("damaged", path=file) from None
        raise
