"""Addresses of files that sessions offer for download: nobody can work them out.

Streamlit names such a file by a plain hash of what is in it. So whoever guesses an exact table could ask for its address,
and would learn from the answer whether the guess is right.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from streamlit.runtime import memory_media_file_storage as storage

_KEY = secrets.token_bytes(32)
_plain = storage._calculate_file_id


def keyed_id(data: bytes, mimetype: str, filename: str | None = None) -> str:
    """Return the name of a file: the same for the same file, as long as this process lives, and only known to it."""
    return hmac.new(_KEY, _plain(data, mimetype, filename).encode(), hashlib.sha256).hexdigest()


def key_addresses() -> None:
    """Name all files from now on by `keyed_id`."""
    storage._calculate_file_id = keyed_id
