"""Sealing with a passphrase, as the tool `age` does: scrypt and ChaCha20-Poly1305.

A sealed file is a zip of two: `identity.age`, a one-time key under the passphrase, and `backup.zip.age`, the backup under that
key. So a store of any size goes through in pieces, and without this program `age -d -i identity.age backup.zip.age` opens it.
"""

from __future__ import annotations

import os
import re
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from pyrage import DecryptError, decrypt_io, encrypt_io, passphrase, x25519

from data.backup.errors import BackupError

IDENTITY, SEALED = "identity.age", "backup.zip.age"
LEAST = 12
"""Letters of the shortest passphrase."""
_LONGEST_IDENTITY = 4096
_WORK = re.compile(rb"\n-> scrypt \S+ (\d{1,2})\n")
_LEAST_WORK, _MOST_WORK = 15, 24
"""Logarithms of scrypt's work factor: what is enough for a good passphrase, and what nobody has sealed with."""
_TRIES = 20
_LONGEST_PASSPHRASE = 1024


def seal(out: BinaryIO, words: str, write: Callable[[BinaryIO], None]) -> None:
    """Write to `out`, sealed, what `write` writes to the file it is given; nothing of it reaches the disk unsealed."""
    identity = x25519.Identity.generate()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as outer:
        outer.writestr(_info(IDENTITY), _under_passphrase(str(identity).encode(), words))
        with outer.open(_info(SEALED), "w", force_zip64=True) as sealed:
            _piped(write, lambda reader: encrypt_io(reader, sealed, [identity.to_public()]))


def is_sealed(file: zipfile.ZipFile) -> bool:
    """Whether a zip is a sealed backup."""
    return sorted(file.namelist()) == sorted((IDENTITY, SEALED))


def open_sealed(file: zipfile.ZipFile, words: str, out: BinaryIO, path: Path) -> None:
    """Write to `out` what was sealed. Raises BackupError: `passphrase_wrong`, `damaged`."""
    with file.open(IDENTITY) as small:
        content = small.read(_LONGEST_IDENTITY + 1)
    if len(content) > _LONGEST_IDENTITY:
        raise BackupError("not_a_backup", path=path)
    identity = _with_passphrase(content, words)
    try:
        with file.open(SEALED) as sealed:
            decrypt_io(cast(BinaryIO, sealed), out, [identity])
    except (DecryptError, zipfile.BadZipFile, EOFError, ValueError):
        raise BackupError("damaged", path=path) from None


def _under_passphrase(content: bytes, words: str) -> bytes:
    """The age library takes as much work as it thinks this machine does in a second, which a busy one belies: then once more."""
    for _ in range(_TRIES):
        sealed: bytes = passphrase.encrypt(content, words)
        found = _WORK.search(sealed[:_LONGEST_IDENTITY])
        if found is not None and int(found[1]) >= _LEAST_WORK:
            return sealed
    raise BackupError("too_busy")


def _with_passphrase(content: bytes, words: str) -> x25519.Identity:
    for _ in range(_TRIES):
        try:
            return x25519.Identity.from_str(passphrase.decrypt(content, words).decode())
        except DecryptError as error:
            # It refuses what it thinks would take this machine too long, and a busy one may do better next time.
            found = _WORK.search(content)
            if "work" not in str(error).lower() or found is None or int(found[1]) > _MOST_WORK:
                break
        except ValueError:
            break
    raise BackupError("passphrase_wrong")


def checked_passphrase(words: str) -> str:
    """A passphrase that is long enough. Raises BackupError: `passphrase_short`."""
    if len(words) < LEAST:
        raise BackupError("passphrase_short", least=LEAST)
    return words


def passphrase_in(path: Path) -> str:
    """The first line of a file that only its owner may read, or of a descriptor such as /dev/fd/3.

    Raises OSError, BackupError: `passphrase_open`, `passphrase_needed`.
    """
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        if os.name == "posix" and path.is_file() and found.st_mode & 0o077:
            raise BackupError("passphrase_open", path=path)
        words = file.readline(_LONGEST_PASSPHRASE).decode("utf-8", "replace").rstrip("\r\n")
    if not words:
        raise BackupError("passphrase_needed")
    return words


def _info(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = 0o100600 << 16
    return made


def _piped(write: Callable[[BinaryIO], None], read: Callable[[BinaryIO], None]) -> None:
    """Let one write what the other reads; the error of either is raised, the reader's first."""
    reading, writing = os.pipe()
    raised: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writing, "wb") as file:
                write(file)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        with os.fdopen(reading, "rb") as file:
            read(file)
    finally:
        thread.join()
    if raised:
        raise raised[0]
