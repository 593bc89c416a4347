"""The two secret keys: one makes pseudonyms of client identifiers, one makes the noise of published numbers.

They live in an owner-only file outside the store, are created on first run and never change: a new noise key would give
fresh noise, and averaging over noises gives the truth away.
"""

import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from data.refusal import Refusal
from data.store.durable import create_durably
from data.store.small_file import text_of

RKEY_BITS = 61
"""Record keys are 61 bits, so that a sum over ten million clients fits 128 bits with room to spare."""


class KeyFileError(Refusal):
    """The key file cannot be used. `reason`: `unreadable`, `malformed`, `mismatch`, `missing`, `open_to_others`."""

    family = "keys"

    def __init__(self, reason: str, path: Path) -> None:
        super().__init__(reason, path=path)
        self.path = path


@dataclass(frozen=True)
class Keys:
    """Pseudonym key and noise key, 32 bytes each; never printed."""

    pseudonym: bytes = field(repr=False)
    noise: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Tells whether a store belongs to these keys, and nothing about them."""
        return hashlib.sha256(b"fingerprint\0" + self.pseudonym + self.noise).hexdigest()[:16]


def key_path(store: Path) -> Path:
    """Where the keys of a store are: `TILANNEKUVA_KEYS`, else `<store>.keys` beside the store."""
    given = os.environ.get("TILANNEKUVA_KEYS")
    return Path(given) if given else store.with_name(store.name + ".keys")


def file_beside_keys(store: Path, ending: str) -> Path:
    """Where a list is that stands beside the keys, so that no backup of the store can bring back an older one."""
    keys = key_path(store)
    return keys.with_name(keys.name + ending)


def load(path: Path) -> Keys:
    """Read the keys. Raises KeyFileError."""
    try:
        raw = json.loads(text_of(path))
        keys = Keys(bytes.fromhex(raw["pseudonym"]), bytes.fromhex(raw["noise"]))
    except FileNotFoundError:
        raise KeyFileError("missing", path) from None
    except OSError:
        raise KeyFileError("unreadable", path) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeyFileError("malformed", path) from None
    if len(keys.pseudonym) != 32 or len(keys.noise) != 32:
        raise KeyFileError("malformed", path)
    if is_open_to_others(path):
        raise KeyFileError("open_to_others", path)
    return keys


def is_open_to_others(path: Path) -> bool:
    """Return whether a file that is its owner's alone may be read or written by others, where the system can tell."""
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)


def new() -> Keys:
    """Return keys of nobody yet."""
    return Keys(secrets.token_bytes(32), secrets.token_bytes(32))


def load_or_create(path: Path) -> Keys:
    """Read the keys, or make them on first run with owner-only permissions. Raises KeyFileError."""
    if path.exists():
        return load(path)
    keys = new()
    text = json.dumps({"pseudonym": keys.pseudonym.hex(), "noise": keys.noise.hex()})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_durably(path, text)
    except FileExistsError:  # another first run was faster: two at once must not end with two sets of keys
        return load(path)
    except OSError:
        raise KeyFileError("unreadable", path) from None
    return keys


def hmac_sql(key: bytes, text_sql: str, domain: str) -> str:
    """HMAC-SHA256 (RFC 2104) of `domain + NUL + text` as a DuckDB expression: millions of values at the speed of a scan.

    The result holds key material: use it only in statements that are not logged.
    """
    block = key.ljust(64, b"\0")
    inner = bytes(b ^ 0x36 for b in block).hex()
    outer = bytes(b ^ 0x5C for b in block).hex()
    message = f"encode('{domain}' || chr(0) || {text_sql})"
    return f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || {message})))"


def rkey_sql(keys: Keys, pseudonym_sql: str) -> str:
    """Record key of a client as a DuckDB expression (BIGINT): 61 bits of an HMAC of the pseudonym under the noise key."""
    digest = hmac_sql(keys.noise, pseudonym_sql, "rkey")
    return f"(('0x' || left({digest}, 16))::UBIGINT >> {64 - RKEY_BITS})::BIGINT"


def pseudonym_sql(keys: Keys, id_sql: str) -> str:
    """Pseudonym of a cleaned client identifier as a DuckDB expression (VARCHAR of 64 hexadecimal digits)."""
    return hmac_sql(keys.pseudonym, id_sql, "client")


def record_sql(keys: Keys, text_sql: str, kind: str) -> str:
    """Key of a record as a DuckDB expression (UBIGINT): first 64 bits of an HMAC of its identifier under `kind`."""
    return f"('0x' || left({hmac_sql(keys.pseudonym, text_sql, kind)}, 16))::UBIGINT"
