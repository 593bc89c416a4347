"""A folder of definitions, or a zip of one, read as if a stranger had written it: bounded, by plain names, all or nothing."""

from __future__ import annotations

import lzma
import os
import re
import stat
import tomllib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import ValidationError, field_validator

from metrics.model.definition import REGISTRY, Definition, Named, parsed
from metrics.model.kinds import Strict
from metrics.registry import rules
from metrics.registry.errors import RegistryError

MOST_FILES = 200
MOST_BYTES = 32_000
"""Of one file; the longest of the program's own has 3,200."""
MOST_ENTRIES = 2_000
"""Names in a folder or a zip, those that are no definitions too."""
MOST_ZIP_BYTES = 8_000_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\.toml")
_TORN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError),
    *(NotImplementedError, RuntimeError, KeyError),
)


class RegistryAbout(Strict):
    """What a folder says of itself: whose definitions they are, and which version of them."""

    name: Named
    version: Named

    @field_validator("name", "version")
    @classmethod
    def _is_plain(cls, text: str) -> str:
        return rules.plain(text)


@dataclass(frozen=True)
class Registry:
    """Definitions of others that keep all rules. files: their text by name; known: the same by id."""

    about: RegistryAbout
    files: dict[str, str]
    known: dict[str, Definition]


def read_registry(path: Path) -> Registry:
    """Return the definitions of a folder or zip. Raises RegistryError, DefinitionsError with every error at once, OSError."""
    if path.is_dir():
        content = dict(_of_folder(path))
    elif path.is_file():  # a pipe or a device might never end
        content = _of_zip(path)
    else:
        raise RegistryError("damaged" if path.exists() else "not_there", path=path)
    told = content.pop(REGISTRY, None)
    if told is None:
        raise RegistryError("no_about", path=path)
    try:
        about = RegistryAbout.model_validate(tomllib.loads(told.decode("utf-8")))
    except (ValidationError, ValueError, RecursionError):
        raise RegistryError("about", path=path) from None
    if not content:
        raise RegistryError("none", path=path)
    known = parsed(dict(sorted(content.items())))
    rules.check(known)
    return Registry(about, {name: text.decode("utf-8") for name, text in sorted(content.items())}, known)


def _of_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the definition files of a folder itself; what else lies there, such as a README, is not read."""
    with os.scandir(path) as found:
        entries = [entry for entry, _ in zip(found, range(MOST_ENTRIES + 1), strict=False)]
    names = [entry.name for entry in entries if entry.name.endswith(".toml")]
    if len(entries) > MOST_ENTRIES or len(names) > MOST_FILES + 1:
        raise RegistryError("too_many", path=path, most=MOST_FILES)
    for entry in entries:
        if entry.name.endswith(".toml"):
            name = _checked_name(entry.name, path)
            if entry.is_symlink() or not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                raise RegistryError("linked", path=path, name=name)
            # Opened as what it was found to be: a link may have taken its place since.
            with os.fdopen(os.open(entry.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
                yield name, _within(file.read(MOST_BYTES + 1), name)


def _of_zip(path: Path) -> dict[str, bytes]:
    if path.stat().st_size > MOST_ZIP_BYTES:
        raise RegistryError("too_large", name=path.name, most=MOST_ZIP_BYTES // 1000)
    try:
        with zipfile.ZipFile(path) as packed:
            return _members(packed, path)
    except (*_TORN, OSError) as error:
        if (
            isinstance(error, OSError) and error.errno is not None
        ):  # of the disk; a torn member of some kinds of packing has none
            raise
        raise RegistryError("damaged", path=path) from None


def _members(packed: zipfile.ZipFile, path: Path) -> dict[str, bytes]:
    """Return the definition files of a zip, which lie in one folder, as a repository is packed."""
    entries = [one for one in packed.infolist() if one.filename.endswith(".toml")]
    if len(packed.infolist()) > MOST_ENTRIES or len(entries) > MOST_FILES + 1:
        raise RegistryError("too_many", path=path, most=MOST_FILES)
    found: dict[str, bytes] = {}
    folders = set()
    for one in entries:
        place = PurePosixPath(one.filename)
        if "\\" in one.filename or place.is_absolute() or ".." in place.parts or ":" in one.filename:
            raise RegistryError("name", path=path, name=shown(one.filename))
        if stat.S_ISLNK(one.external_attr >> 16):
            raise RegistryError("linked", path=path, name=shown(place.name))
        name = _checked_name(place.name, path)
        folders.add(place.parent)
        if name in found or len(folders) > 1:
            raise RegistryError("two_folders", path=path)
        with packed.open(one) as file:
            found[name] = _within(file.read(MOST_BYTES + 1), name)
    return found


def _checked_name(name: str, path: Path) -> str:
    if not _NAME.fullmatch(name):
        raise RegistryError("name", path=path, name=shown(name))
    return name


def _within(content: bytes, name: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise RegistryError("too_large", name=name, most=MOST_BYTES // 1000)
    return content


def shown(name: str) -> str:
    """Return the beginning of a stranger's name without anything that a terminal would heed."""
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in name[:60])
