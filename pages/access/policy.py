"""Headers of every answer: nothing from outside, no frames, no guessing of types, no address told to others."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from typing import Final

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
CONTENT: Final = {
    "default-src": "'self'",
    # Components of Streamlit come as blobs. Those inside the page are added by their digests (`of_page`).
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' blob:",
    "worker-src": "'self' blob:",
    "connect-src": "'self' data: blob:",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
POLICY: Final = b"content-security-policy"
HEADERS: Final[dict[bytes, bytes]] = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}


@lru_cache(maxsize=16)
def of_page(html: str = "") -> bytes:
    """Return the policy of a page: what `CONTENT` says, and the scripts that stand in the page itself, by their digests."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(html))
    own = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    sources = {**CONTENT, "script-src": f"{CONTENT['script-src']} {own}".rstrip()}
    return "; ".join(f"{name} {value}" for name, value in sources.items()).encode()
