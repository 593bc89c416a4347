"""Masks: random numbers that each two publishers agree upon without a word, one adds and the other takes away.

X25519 gives two publishers a secret that nobody else has, HKDF-SHA256 a key of it for this round alone, and ChaCha20 as many
numbers as there are. Modulo 2^64 a masked number is any number with the same chance, whatever is under it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from metrics.sums.errors import SumError

Numbers: TypeAlias = npt.NDArray[np.uint64]
"""Numbers modulo 2^64."""
_BYTES = 8
_DOMAIN = b"tilannekuva sum mask 1\n"


def masked(numbers: Numbers, private: X25519PrivateKey, others: Iterable[str], round_id: str) -> Numbers:
    """Return numbers under the masks of all pairs of oneself with another. others: their public keys in hexadecimal digits.

    A private key is for one round: two lists under the same masks would differ by what is under them.
    """
    own = private.public_key().public_bytes_raw()
    found = numbers.copy()
    for other in map(bytes.fromhex, others):
        mask = _mask(private, own, other, round_id, numbers.size).reshape(numbers.shape)
        if own < other:
            found += mask
        else:
            found -= mask
    return found


def _mask(private: X25519PrivateKey, own: bytes, other: bytes, round_id: str, size: int) -> Numbers:
    try:
        secret = private.exchange(X25519PublicKey.from_public_bytes(other))
    except ValueError:  # a key that gives everybody the same secret
        raise SumError("forged", file=other.hex()[:16]) from None
    info = _DOMAIN + min(own, other) + max(own, other)
    key = HKDF(SHA256(), 32, bytes.fromhex(round_id), info).derive(secret)
    stream = Cipher(ChaCha20(key, bytes(16)), mode=None).encryptor().update(bytes(size * _BYTES))
    return np.frombuffer(stream, dtype="<u8").astype(np.uint64)


def to_bytes(numbers: Numbers) -> bytes:
    """Return numbers as they stand in a file."""
    return numbers.astype("<u8").tobytes()


def from_bytes(content: bytes, width: int) -> Numbers:
    """Return the numbers of a file in rows of a width."""
    return np.frombuffer(content, dtype="<u8").reshape(-1, width).astype(np.uint64)
