"""Files on their way in: from nobody without the right, and no more at once than the machine's memory bears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from streamlit import runtime

from pages.access.answers import refuse
from pages.access.requests import rights_of
from pages.access.settings import AccessError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

AT_ONCE: Final = 2
"""Largest files that may be held in memory together, by everybody."""


class Uploads:
    """ASGI app before Streamlit's own: checks the right, and counts what is held and what is on its way."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self._coming = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        """Handle one request to the address of uploads (ASGI)."""
        try:
            allowed = "steward" in rights_of(headers).acts
        except AccessError:
            allowed = False
        if not allowed:
            await refuse(send, 403, "door.no_upload")
            return
        if scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        length = headers.get("content-length", "")
        if not length.isdecimal():
            await refuse(send, 411, "door.no_length")
            return
        largest = int(st.get_option("server.maxUploadSize")) * 1024 * 1024
        if self._coming + held_bytes() + int(length) > AT_ONCE * largest:
            await refuse(send, 503, "door.too_much")
            return
        self._coming += int(length)
        try:
            await self.app(scope, receive, send)
        finally:
            self._coming -= int(length)


def held_bytes() -> int:
    """Return the bytes of all files that sessions hold in memory."""
    if not runtime.exists():
        return 0
    held: Any = runtime.get_instance().uploaded_file_mgr
    return sum(len(file.data) for files in list(held.file_storage.values()) for file in list(files.values()))
