"""Looking at packed files before they are unpacked: how large they become, and whether they say the truth about it."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy

from data.ingest.readers.sheet import FileRefused

MAX_BYTES = 1_000_000_000
"""Unpacked size. 300 000 rows of 14 columns are about 220 MB; Excel's row limit with the same columns is 750 MB."""

MAX_RATIO = 100
"""Unpacked to packed. Real sheets pack 5–20 times, very repetitive ones 40; a bomb comes near the format's 1 032."""

SMALL_BYTES = 20_000_000
"""Below this the ratio does not matter: the file is harmless however well it packs."""

MAX_MEMBERS = 10_000
"""Of a workbook; every sheet, picture and comment is one."""

_BLOCK = 1 << 20


@contextmanager
def refusing(file: str, reason: str) -> Iterator[None]:
    """What a damaged archive is refused with: `password` where a member is encrypted, else `reason`."""
    try:
        yield
    except RuntimeError as error:  # how zipfile says that a member is encrypted
        raise FileRefused(
            file, "password" if "password" in str(error) or "encrypted" in str(error) else reason
        ) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, ValueError, OSError):
        raise FileRefused(file, reason) from None


def check_sizes(archive: zipfile.ZipFile, file: str) -> None:
    """Raises FileRefused `too_large`, by what the directory says."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_BYTES or (unpacked > SMALL_BYTES and unpacked > MAX_RATIO * packed):
        raise FileRefused(file, "too_large", megabytes=unpacked // 1_000_000)


def blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member block by block. Raises BadZipFile for one that is larger than the directory says."""
    said = member.file_size
    member = copy(member)
    member.file_size = said + 1  # else zipfile stops at the size the directory says, and a lie would not show
    size = 0
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > said:
                raise zipfile.BadZipFile("larger than it says")
            yield block
