"""The file of a package: a zip in one form alone, so that a file that differs in any byte from what was packed is refused.

Members are stored, not deflated. So no member is larger than the file, the same members give the same bytes with every version of
zlib, and a package can be packed again and compared.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from metrics.packages.errors import PackageError

MOST_BYTES = 200_000_000
MOST_MEMBERS = 500
MANIFEST, CELLS, CURVES, SIGNATURE = "manifest.json", "cells.parquet", "curves.parquet", "signature.json"
STATISTICS = "json-stat"
"""Folder of a file for each metric."""
_NAME = re.compile(rf"{MANIFEST}|{CELLS}|{CURVES}|{SIGNATURE}|{STATISTICS}/[a-z][a-z0-9_]{{0,60}}\.json")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_TORN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, EOFError, ValueError),
    *(NotImplementedError, RuntimeError, KeyError, OSError),
)
"""What Python raises of a zip that is not as it was written."""


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a package; the same members, in whatever order, give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            file.writestr(info, members[name])
    return out.getvalue()


def content_of(path: Path) -> bytes:
    """Return the bytes of a file that may be a package. Raises OSError, PackageError: `too_large`."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise PackageError("too_large", file=path.name, most=MOST_BYTES // 1_000_000)
    return content


def unpacked(content: bytes, file: str) -> dict[str, bytes]:
    """Return the members of a package. file: its name, for what is said. Raises PackageError: `not_a_package`, `damaged`."""
    if not content.startswith(b"PK\3\4"):
        raise PackageError("not_a_package", file=file)
    try:
        members = _members(content)
        if members is not None and packed(members) == content:
            return members
    except _TORN:
        pass
    raise PackageError("damaged", file=file)


def _members(content: bytes) -> dict[str, bytes] | None:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        found = file.infolist()
        # Members that lie over each other could be more than the file together.
        if len(found) > MOST_MEMBERS or sum(one.file_size for one in found) > len(content):
            return None
        if any(one.compress_type != zipfile.ZIP_STORED or not _NAME.fullmatch(one.filename) for one in found):
            return None
        return {one.filename: file.read(one) for one in found}
