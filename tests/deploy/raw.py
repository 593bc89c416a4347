"""A visitor without a browser: opens a page's live connection with any headers, and reads what the app sends to it."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from data.texts import texts

STREAM = "/_stcore/stream"
t = texts("fi")


@dataclass
class Seen:
    """What a page has sent: kinds of its elements and blocks, and all of it as bytes. None of it where nothing was answered."""

    kinds: list[str] = field(default_factory=list)
    sent: bytes = b""
    refused: bool = False

    @property
    def exact(self) -> bool:
        """Whether figures are marked as exact."""
        return t("audience.internal_mark").encode() in self.sent

    @property
    def acts(self) -> list[str]:
        """Forms and places for files."""
        return sorted({"form", "file_uploader"} & set(self.kinds))


def look(
    port: int, path: str, query: str, headers: Mapping[str, str], *, token: str | None = None, seconds: float = 120
) -> Seen:
    """Open a page behind a port of this machine and read it to its end.

    headers: those of the handshake, `Host` among them. token: what a browser sends beside its cookies to say that it is the page
    itself that asks; without it the cookie of a sign-in counts for nothing.
    """
    seen = Seen()
    host = headers.get("Host", f"127.0.0.1:{port}")
    try:
        with connect(
            f"ws://{host}{STREAM}",
            sock=socket.create_connection(("127.0.0.1", port), timeout=seconds),
            additional_headers={name: value for name, value in headers.items() if name not in ("Host", "Origin")},
            origin=headers.get("Origin"),  # type: ignore[arg-type]
            user_agent_header=None,
            subprotocols=["streamlit", *([token] if token else [])],  # type: ignore[list-item]
            max_size=None,
            proxy=None,
            open_timeout=seconds,
        ) as stream:
            ask = BackMsg()
            ask.rerun_script.query_string = query
            ask.rerun_script.page_name = path
            stream.send(ask.SerializeToString())
            while True:
                frame = stream.recv(timeout=seconds)
                assert isinstance(frame, bytes)
                seen.sent += frame
                message = ForwardMsg.FromString(frame)
                if message.HasField("delta"):
                    seen.kinds.append(_kind(message))
                if message.WhichOneof("type") == "script_finished":
                    return seen
    except (InvalidHandshake, ConnectionClosed):
        seen.refused = True
        return seen


def _kind(message: ForwardMsg) -> str:
    delta = message.delta
    part = delta.add_block if delta.HasField("add_block") else delta.new_element
    return str(part.WhichOneof("type"))
