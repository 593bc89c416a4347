"""Reading a package as if a stranger had written it: form, manifest and signature first, tables last."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property
from pathlib import Path

import polars as pl

from data.store.generation import Generation, Released
from data.store.small_file import check_is_file
from metrics.memory import Memory
from metrics.model.definition import definitions, definitions_mark
from metrics.packages import manifest, table
from metrics.packages.container import CELLS, CURVES, MANIFEST, content_of, unpacked
from metrics.packages.errors import PackageError
from metrics.packages.manifest import NewerPackageError, PackageManifest, mark_of
from metrics.packages.signing import Publisher, signed, signer

_BYTES_OF_ONE = 8
"""Memory of a package by the bytes of its file, twice those and what its tables grow to when they are read: measured 6.4."""
_NOON = time(12)
"""Of a package the day is known that it was made; at noon of a server's own time it is that day in Finland too."""
_opened: Memory[tuple[str, int, int, int, str], Package] = Memory(400_000_000)


@dataclass(frozen=True)
class Package:
    """A package whose signature holds. Whether its publisher is known is for `metrics.packages.shelf` to tell."""

    file: str
    content: bytes = field(repr=False)
    members: dict[str, bytes] = field(repr=False)
    about: PackageManifest
    publisher: Publisher

    @cached_property
    def id(self) -> str:
        """What tells it from every other package: the beginning of the digest of its members."""
        return hashlib.sha256(signed(self.members)).hexdigest()[:16]

    @cached_property
    def cells(self) -> pl.DataFrame:
        """Its published values. Raises PackageError: `content`."""
        return self._table(CELLS, table.CELLS)

    @cached_property
    def curves(self) -> pl.DataFrame:
        """The points of its curves. Raises PackageError: `content`."""
        return self._table(CURVES, table.CURVES)

    @cached_property
    def other_definitions(self) -> tuple[str, ...]:
        """Metrics that its publisher counts otherwise than this program, or that this program does not have."""
        known = definitions()
        return tuple(
            metric
            for metric, mark in self.about.definitions.items()
            if metric not in known or mark_of(known[metric]) != mark
        )

    @property
    def generation(self) -> Generation:
        """The release it was made of, as the grammar of questions knows one; it holds no records."""
        about = self.about
        return Generation(
            number=about.release, parent=None, created=datetime.combine(about.made, _NOON), cause="package",
            schema_version="", rows={}, clients=0, first_day=about.first_day, data_until=dict(about.data_until),
            token=self.id, covered_until=about.until, release=Released(about.release, "opened", 0),
        )  # fmt: skip

    def _table(self, name: str, schema: pl.Schema) -> pl.DataFrame:
        try:
            return table.read(self.members[name], schema)
        except (ValueError, KeyError):
            raise PackageError("content", file=self.file) from None


def opened(path: Path) -> Package:
    """Return the package of a file. Raises OSError, and PackageError as `package_of`, `too_large`."""
    return package_of(content_of(path), path.name)


def opened_once(path: Path) -> Package:
    """Return the same as `opened` of a file that is kept, from memory while it has not changed."""
    found = path.stat()
    check_is_file(path, found)
    key = (str(path), found.st_ino, found.st_mtime_ns, found.st_size, definitions_mark())
    return _opened.recall(key, lambda: opened(path), lambda package: _BYTES_OF_ONE * len(package.content))


def package_of(content: bytes, file: str) -> Package:
    """Return a package of its bytes. Raises PackageError: `not_a_package`, `damaged`, `newer`, `forged`."""
    members = unpacked(content, file)
    if MANIFEST not in members:
        raise PackageError("not_a_package", file=file)
    key = signer(members)
    try:
        about = manifest.read(members[MANIFEST])
    except NewerPackageError:
        raise PackageError("newer", file=file) from None
    except ValueError:
        raise PackageError("damaged", file=file) from None
    if key is None:
        raise PackageError("forged", file=file)
    return Package(file, content, members, about, Publisher(about.publisher, key))
