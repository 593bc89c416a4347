"""Sealing as the age library does it, with the least work that a backup may have: it takes a second for each by itself.

The format is age's own (age-encryption.org/v1, of one scrypt recipient), so the library opens what is sealed here.
"""

from __future__ import annotations

import secrets
from base64 import b64encode

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

WORK = 15
"""Logarithm of scrypt's work factor."""
_VERSION = b"age-encryption.org/v1"
_ONE_PIECE = 64 * 1024


def encrypt(content: bytes, words: str) -> bytes:
    """Seal a content of one piece."""
    assert len(content) <= _ONE_PIECE
    key, salt, nonce = (secrets.token_bytes(16) for _ in range(3))
    wrapping = Scrypt(_VERSION + b"/scrypt" + salt, 32, 2**WORK, 8, 1).derive(words.encode())
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), key, None)
    header = b"%b\n-> scrypt %b %d\n%b\n---" % (_VERSION, _text(salt), WORK, _text(wrapped))
    proof = HMAC(_derived(key, b"", b"header"), SHA256())
    proof.update(header)
    sealed = ChaCha20Poly1305(_derived(key, nonce, b"payload")).encrypt(bytes(11) + b"\1", content, None)
    return b"%b %b\n%b%b" % (header, _text(proof.finalize()), nonce, sealed)


decrypt = pyrage.passphrase.decrypt


def _derived(key: bytes, salt: bytes, what: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, what).derive(key)


def _text(content: bytes) -> bytes:
    return b64encode(content).rstrip(b"=")
