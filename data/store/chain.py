"""A hash chain: each line holds the hash of its own content and that of the line before it, so that a change shows."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

FIRST = "0" * 64
"""The `previous` hash of the first line of a chain."""


class ChainLine(BaseModel):
    """A line of a hash chain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: datetime
    previous: str
    hash: str = ""

    def fingerprint(self) -> str:
        """Return the SHA-256 hash of the line's content, its `previous` hash included."""
        return digest(self.model_dump(mode="json", exclude={"hash"}))

    def with_hash(self) -> Self:
        """Return a copy of the line with its own hash."""
        return self.model_copy(update={"hash": self.fingerprint()})


def digest(content: object) -> str:
    """Return the SHA-256 hash, in hex, of content as canonical JSON."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(content: object) -> str:
    """Return content as JSON with sorted keys, no spaces and no line feeds: one way to write it."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def last_hash(lines: Sequence[ChainLine]) -> str:
    """Return what the next line of a chain has as `previous`."""
    return lines[-1].hash if lines else FIRST


def invalid_lines(lines: Sequence[ChainLine]) -> list[int]:
    """Return the places, from 1, of lines that are not what was written or do not follow the line before."""
    expected = (FIRST, *(line.hash for line in lines))
    return [
        place
        for place, (line, before) in enumerate(zip(lines, expected, strict=False), 1)
        if line.hash != line.fingerprint() or line.previous != before
    ]
