"""Files of a sum: what one publisher says, as JSON with a signature, and numbers behind it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from data.store.durable import write_durably
from metrics.packages.signing import Publisher, SigningKey, is_name
from metrics.sums.errors import SumError

MOST_BYTES: Final = 400_000_000
_HEAD: Final = b"tilannekuva sum 1\n"
_HEX: Final = re.compile("[0-9a-f]+")


@dataclass(frozen=True)
class Said:
    """What a publisher says in a file. kind: of file; about: what it says; numbers: what follows."""

    kind: str
    about: dict[str, Any]
    publisher: Publisher
    numbers: bytes = b""


def written(kind: str, about: dict[str, Any], key: SigningKey, numbers: bytes = b"") -> bytes:
    """Return a file that a publisher signs."""
    said = canonical({
        "kind": kind, "about": about, "publisher": key.publisher.name, "key": key.publisher.key,
        "numbers": hashlib.sha256(numbers).hexdigest(),
    })  # fmt: skip
    return _HEAD + said + b"\n" + key.private.sign(_HEAD + said).hex().encode() + b"\n" + numbers


def read(content: bytes, kind: str, file: str) -> Said:
    """Return what a file says. file: its name, for what is said. Raises SumError: `not_one`, `forged`, `other_kind`."""
    said, _, rest = content.removeprefix(_HEAD).partition(b"\n")
    signature, _, numbers = rest.partition(b"\n")
    if not content.startswith(_HEAD):
        raise SumError("not_one", file=file)
    try:
        found = json.loads(said)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(found["key"])).verify(
            bytes.fromhex(signature.decode("ascii")), _HEAD + said
        )
        is_whole = found["numbers"] == hashlib.sha256(numbers).hexdigest() and is_name(found["publisher"])
        is_plain = canonical(found) == said and _HEX.fullmatch(found["key"]) and _HEX.fullmatch(signature.decode())
        made = Said(str(found["kind"]), dict(found["about"]), Publisher(found["publisher"], found["key"]), numbers)
    except (InvalidSignature, ValueError, KeyError, TypeError, RecursionError):
        raise SumError("forged", file=file) from None
    if not is_whole or not is_plain:
        raise SumError("forged", file=file)
    if made.kind != kind:
        raise SumError("other_kind", file=file)
    return made


def canonical(found: object) -> bytes:
    """Return the one form of an object as JSON."""
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_of(path: Path) -> bytes:
    """Return the bytes of a file of a sum. Raises OSError, SumError: `not_one`."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SumError("not_one", file=path.name)
    return content


def free(path: Path) -> None:
    """Raises SumError: `exists` where a file stands in the place of one to come; OSError where it has no folder."""
    path.parent.stat()
    if path.exists():
        raise SumError("exists", path=path)


def put(path: Path, content: str | bytes) -> None:
    """Write a new file. Raises SumError: `exists`; OSError."""
    free(path)
    write_durably(path, content)
