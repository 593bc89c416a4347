"""The guard: ASGI middleware before everything else. Foreign hosts and origins end here, and every answer gets its headers."""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from data.store.acting import WAITING
from data.store.allowance import VISITOR
from data.store.audit import What
from data.store.store import default_store
from pages.access import mode, open_interface
from pages.access.announcing import announce
from pages.access.answers import answer, refuse
from pages.access.closing import is_from_elsewhere
from pages.access.failed_sign_in import in_words
from pages.access.local_door import DOOR, HOURS_OPEN, KEY, PATH
from pages.access.policy import HEADERS, POLICY, of_page
from pages.access.requests import headers_of, path_of
from pages.access.uploads import Uploads

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN_OF_STREAMLIT: Final = ("health", "host-config", "stream", "upload_file", "bidi-components")
"""What Streamlit's pages need of its own addresses; the others tell about the server, or are for programs."""
NEEDED_MESSAGES: Final = frozenset(("rerun_script", "stop_script", "file_urls_request", "app_heartbeat"))
NEEDED_OPERATIONS: Final = frozenset(("deferred_file", "dataframe_chunk"))
"""What pages say to Streamlit; what else it knows is for developers: to install files, to read the repository, to stop."""
LARGEST_MESSAGE: Final = 262_144
"""Bytes of one message of a browser. Files do not come this way, and the choices of a page are some kilobytes, the notes of the
longest briefing a hundred. Many small things in a message take many times its bytes, as long as its page is open."""
LONGEST_QUERY: Final = 8_192
"""Letters of an address that a page says it has: what browsers and proxies bear."""
_OF_STREAMLIT = "/_stcore/"
_NO_HOSTS = json.dumps(
    {
        "allowedOrigins": [],
        "useExternalAuthToken": False,
        "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False,
        "metricsUrl": "",
        "blockErrorDialogs": False,
        "resourceCrossOriginMode": None,
    }
).encode()


class Guard:
    """ASGI middleware that lets requests of this app's own pages through, and nothing else."""

    def __init__(self, app: ASGIApp, closed: Collection[str] = ()) -> None:
        """closed: paths below the app's address where this server has nothing."""
        self.app, self.uploads, self.closed = app, Uploads(app), frozenset(closed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or connection (ASGI)."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = headers_of(scope)
        is_from_here = is_own_origin(headers)
        if not is_from_here and scope["type"] == "http":
            is_from_here = open_interface.is_for_everybody(scope["method"], path_of(scope))
        known = is_host_allowed(headers.get("host")) and is_from_here
        if scope["type"] == "websocket":
            if known and path_of(scope) == "/_stcore/stream":
                await self.app(scope, _without_commands(receive), send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        send = _with_headers(send)
        if not known:
            await refuse(send, 403, "door.foreign")
            return
        await self._answer(scope, receive, send, headers)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        path = path_of(scope)
        if path == PATH:
            await _open(scope, send, headers)
            return
        if path.strip("/") in self.closed:
            await refuse(send, 404, "door.nothing_here")
            return
        if len(scope.get("query_string", b"")) > LONGEST_QUERY and not path.startswith(open_interface.PATH):
            # A page with it would connect again and again, since it tells what ends its connection.
            await refuse(send, 414, "door.too_long")
            return
        if path.startswith(_OF_STREAMLIT):
            name = path.removeprefix(_OF_STREAMLIT).partition("/")[0]
            if name not in OPEN_OF_STREAMLIT:
                await refuse(send, 404, "door.nothing_here")
                return
            if name == "host-config":
                await answer(send, 200, _NO_HOSTS, ((b"content-type", b"application/json"),))
                return
            if name == "upload_file":
                await self.uploads(scope, receive, send, headers)
                return
        await self.app(scope, receive, in_words(scope, send, headers))


def is_own_origin(headers: dict[str, str]) -> bool:
    """Return whether a request comes from a page of this app, or from a program that names no page.

    >>> is_own_origin({"host": "a.fi", "origin": "https://a.fi"}), is_own_origin({"host": "a.fi", "origin": "null"})
    (True, False)
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        there = urlsplit(origin)
    except ValueError:
        return False
    own = headers.get("host", "").lower()
    return there.scheme in ("http", "https") and there.netloc.lower() == own


async def _open(scope: Scope, send: Send, headers: dict[str, str]) -> None:
    """Let a browser in that brings the key of the local door, and show it the first page."""
    key = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(KEY, [""])[-1]
    if mode.current() != "local" or scope["method"] != "GET" or is_from_elsewhere(headers):
        await refuse(send, 404, "door.nothing_here")
        return
    made = DOOR.open(key)
    if made is None:
        # One line a minute, however often somebody tries.
        _note("key_refused", VISITOR, ("key_refused", int(time.time()) // 60))
        await refuse(send, 403, "door.wrong_key")
        return
    _note("door_opened", "local")
    announce(again=True)
    base = mode.base_path() or "/"
    cookie = f"{mode.pass_name()}={made}; Path={base}; HttpOnly; SameSite=Strict; Max-Age={HOURS_OPEN * 3600}"
    goes = (b"location", base.encode()), (b"set-cookie", cookie.encode()), (b"cache-control", b"no-store")
    await answer(send, 303, b"", goes)


def _note(what: What, by: str, once: object = None) -> None:
    WAITING.note(default_store().path, what, dict, by, once)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in HEADERS]
            said = any(name.lower() == POLICY for name, _ in kept)
            message = {**message, "headers": [*kept, *HEADERS.items(), *(() if said else ((POLICY, of_page()),))]}
        await send(message)

    return sending


def _without_commands(receive: Receive) -> Receive:
    """Return a receiver without the messages that no page needs: emptying the caches of all is for nobody."""

    async def receiving() -> Message:
        while True:
            message = await receive()
            frame = message.get("bytes") or message.get("text") or b""
            if len(frame) > LARGEST_MESSAGE or query_of(frame) > LONGEST_QUERY:
                return {"type": "websocket.disconnect", "code": 1009}
            if message["type"] != "websocket.receive" or not is_command(message.get("bytes") or b""):
                return message

    return receiving


def query_of(frame: bytes | str) -> int:
    """Return how long the address is that a browser's message tells; 0 for one that tells none."""
    try:
        return len(BackMsg.FromString(frame).rerun_script.query_string) if isinstance(frame, bytes) else 0
    except Exception:  # not a message at all
        return 0


def is_command(frame: bytes) -> bool:
    """Return whether a browser's message asks for what no page needs, as to empty the caches that all visitors share."""
    try:
        message = BackMsg.FromString(frame)
    except Exception:  # not a message at all: Streamlit closes the connection
        return False
    asked = message.WhichOneof("type")
    if asked == "backend_operation_request":
        names = {field.name for field, _ in message.backend_operation_request.ListFields()}
        return not names & NEEDED_OPERATIONS or not names <= {"request_id", "session_id", *NEEDED_OPERATIONS}
    return asked is not None and asked not in NEEDED_MESSAGES
