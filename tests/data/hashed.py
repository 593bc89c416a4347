"""Keys of clients and records by the standard library alone, for comparison with what DuckDB makes of them."""

import hmac

from data.store.keys import Keys


def pseudonym(keys: Keys, client_id: str) -> str:
    """Pseudonym of a client identifier."""
    return hmac.digest(keys.pseudonym, b"client\0" + client_id.encode(), "sha256").hex()


def rkey(keys: Keys, text: str) -> int:
    """Record key of a pseudonym, or of what stands for one: the first 61 bits."""
    return int.from_bytes(hmac.digest(keys.noise, b"rkey\0" + text.encode(), "sha256")[:8]) >> 3


def record(keys: Keys, text: str, kind: str) -> int:
    """Key of a record: the first 64 bits."""
    return int.from_bytes(hmac.digest(keys.pseudonym, f"{kind}\0{text}".encode(), "sha256")[:8])
