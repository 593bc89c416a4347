"""Who has published a package: an Ed25519 key beside the store's keys, and the signature of all members under it.

The private key is in an owner-only file outside the store, so that no backup and no package holds it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from data.store.durable import create_durably
from data.store.keys import is_open_to_others, key_path
from data.store.small_file import text_of
from data.store.trouble import told
from metrics.packages.container import SIGNATURE
from metrics.packages.errors import PackageError

NAME_LETTERS = 100
_DOMAIN = b"tilannekuva package 1\n"
_HEX_64, _HEX_128 = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")


@dataclass(frozen=True)
class Publisher:
    """A publisher as others know them: a name, and the public key in hexadecimal digits."""

    name: str
    key: str

    @property
    def fingerprint(self) -> str:
        """What two people compare to know that a key is the right one: eight groups of four digits."""
        digits = hashlib.sha256(bytes.fromhex(self.key)).hexdigest()
        return "-".join(digits[i : i + 4] for i in range(0, 32, 4))

    def is_known_as(self, fingerprint: str) -> bool:
        """Return whether somebody has told its fingerprint, however it was typed."""
        return _digits(fingerprint) == _digits(self.fingerprint)


@dataclass(frozen=True)
class SigningKey:
    """A publisher with the private key, which is never printed."""

    publisher: Publisher
    private: Ed25519PrivateKey = field(repr=False)

    def signature(self, members: Mapping[str, bytes]) -> bytes:
        """Return the member that signs all others."""
        return _text(self.publisher.key, self.private.sign(signed(members)).hex())


def signed(members: Mapping[str, bytes]) -> bytes:
    """Return what is signed: the digest of every member but the signature, by name."""
    lines = (f"{name} {hashlib.sha256(members[name]).hexdigest()}\n" for name in sorted(members.keys() - {SIGNATURE}))
    return _DOMAIN + "".join(lines).encode("ascii")


def signer(members: Mapping[str, bytes]) -> str | None:
    """Return the public key that has signed all members, None when none has, or not in the one form of a signature."""
    try:
        told = json.loads(members[SIGNATURE])
        key, signature = str(told["key"]), str(told["signature"])
        if not _HEX_64.fullmatch(key) or not _HEX_128.fullmatch(signature):
            return None
        if _text(key, signature) != members[SIGNATURE]:
            return None
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), signed(members))
    except (InvalidSignature, ValueError, KeyError, TypeError, RecursionError):
        return None
    return key


def publisher_path(store: Path) -> Path:
    """Return where the publisher's key of a store is: beside the store's keys, with another ending."""
    return key_path(store).with_suffix(".publisher")


def make_publisher(store: Path, name: str) -> SigningKey:
    """Make the key of a publisher. Raises PackageError: `publisher_exists`, `publisher_name`, `publisher_key`; StoreError."""
    if not is_name(name):
        raise PackageError("publisher_name", most=NAME_LETTERS)
    path, private = publisher_path(store), Ed25519PrivateKey.generate()
    text = json.dumps({"name": name, "private": private.private_bytes_raw().hex()}, ensure_ascii=False)
    try:
        with told(path.parent, "", writing=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            create_durably(path, text)
    except FileExistsError:
        raise PackageError("publisher_exists", path=path) from None
    except OSError:
        raise PackageError("publisher_key", path=path) from None
    return signing_key(store)


def signing_key(store: Path) -> SigningKey:
    """Return the key of a store's publisher. Raises PackageError: `no_publisher`, `publisher_key`."""
    path = publisher_path(store)
    try:
        raw = json.loads(text_of(path))
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(raw["private"]))
        name = raw["name"]
        is_open = is_open_to_others(path)
    except FileNotFoundError:
        raise PackageError("no_publisher") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise PackageError("publisher_key", path=path) from None
    if is_open or not is_name(name):
        raise PackageError("publisher_key", path=path)
    return SigningKey(Publisher(name, private.public_key().public_bytes_raw().hex()), private)


def is_name(name: object) -> bool:
    """Return whether a text can be a publisher's name: printable, not empty, not too long."""
    return isinstance(name, str) and 0 < len(name) <= NAME_LETTERS and name.isprintable() and name.strip() == name


def _digits(fingerprint: str) -> str:
    return "".join(fingerprint.split()).replace("-", "").casefold()


def _text(key: str, signature: str) -> bytes:
    told = {"algorithm": "Ed25519", "key": key, "signature": signature}
    return (json.dumps(told, indent=1) + "\n").encode("ascii")
