"""What a backup says of itself: its files with their digests, whose keys it belongs to, and a proof that these keys made it.

The proof is an HMAC under the store's pseudonym key, so no file of a backup is opened that somebody else has put there.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

from pydantic import Field, TypeAdapter

from data.store.keys import Keys

NAME = "manifest.json"
KEYS = "store.keys"
"""Of the key file in a sealed backup."""

FORMAT = 1
"""Changes when a backup of this version cannot be read by an earlier program; earlier formats are read."""

MOST_FILES = 20_000
LONGEST = 8_000_000
"""Bytes of the longest manifest: far more than MOST_FILES need."""

_PLACE = re.compile(r"(?:\w[\w.-]{0,199}/){0,2}\w[\w.-]{0,199}")
_ENDINGS = frozenset({"json", "jsonl", "txt", "toml", "duckdb"})
_POINTERS = frozenset({"current", "released"})


@dataclass(frozen=True)
class Packed:
    """One file: its length and SHA-256."""

    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class Manifest:
    """keys: fingerprint; generation, release: numbers of what serves; program: the version that made it."""

    format: int
    made: datetime
    program: str
    keys: str
    generation: int
    release: int | None
    files: dict[str, Packed]

    def text(self, keys: Keys) -> str:
        """As it stands in a backup, with the proof."""
        content = _ADAPTER.dump_python(self, mode="json")
        return json.dumps({**content, "proof": _proof(content, keys)}, indent=1) + "\n"


@dataclass(frozen=True)
class Claimed:
    """A manifest as it was read, before its proof has been looked at."""

    manifest: Manifest
    proof: str

    def is_of(self, keys: Keys) -> bool:
        """Whether these keys made it as it is."""
        content = _ADAPTER.dump_python(self.manifest, mode="json")
        return hmac.compare_digest(_proof(content, keys), self.proof)


class NewerFormatError(ValueError):
    """A backup of a later version of the program."""


def read(text: bytes) -> Claimed:
    """Raises NewerFormatError, ValueError for anything that is no manifest, RecursionError."""
    found = json.loads(text)
    if not isinstance(found, dict) or not isinstance(found.get("format"), int):
        raise ValueError("no manifest")
    if found["format"] > FORMAT:
        raise NewerFormatError
    proof = str(found.pop("proof", ""))
    manifest = _ADAPTER.validate_json(json.dumps(found))
    if not proof.isascii() or len(manifest.files) > MOST_FILES or not all_may_be(manifest.files.keys() - {KEYS}):
        raise ValueError("no manifest")
    return Claimed(manifest, proof)


def may_be(name: str) -> bool:
    """Whether a store has files of this name: so a backup holds nothing else, and nothing outside the store.

    >>> may_be("generations/000007.duckdb"), may_be("current"), may_be("../x.json"), may_be("/a.json"), may_be("notes.doc")
    (True, True, False, False, False)
    """
    if _PLACE.fullmatch(name) is None:
        return False
    return name in _POINTERS or ("." in name and name.rpartition(".")[2] in _ENDINGS)


def all_may_be(names: Collection[str]) -> bool:
    """The same of all, no two of which some disk takes for one."""
    return all(map(may_be, names)) and len({name.casefold() for name in names}) == len(names)


def program() -> str:
    """Version of this program; empty where nobody installed it."""
    try:
        return version("tilannekuva")
    except PackageNotFoundError:
        return ""


def _proof(content: dict[str, object], keys: Keys) -> str:
    told = json.dumps(content, sort_keys=True).encode()
    return hmac.new(keys.pseudonym, b"backup\0" + told, "sha256").hexdigest()


_ADAPTER = TypeAdapter(Manifest)
