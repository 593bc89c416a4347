"""A mail server of thirty lines, which takes messages or does what servers do when they are broken or mean harm."""

from __future__ import annotations

import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, ClassVar


@dataclass
class Post:
    """What a server has been given. refuses: addresses; breaks: `hang`, `drip` (a letter at a time), `drop` (in the middle of a
    message), `full`, `nonsense` (after it); tls: its certificate; offers: whether by STARTTLS.
    """

    port: int = 0
    refuses: frozenset[str] = frozenset()
    breaks: str = ""
    tls: ssl.SSLContext | None = None
    offers: bool = False
    password: str = ""
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def to(self) -> list[str]:
        return [to for to, _ in self.taken]


class _Talk(socketserver.StreamRequestHandler):
    post: ClassVar[Post]

    def say(self, line: str) -> None:
        self.connection.sendall(f"{line}\r\n".encode())

    def handle(self) -> None:
        post, to, is_open = self.post, "", False
        if post.breaks == "hang":
            time.sleep(3)
            return
        if post.breaks == "drip":
            for _ in range(60):
                self.connection.sendall(b"2")
                time.sleep(0.05)
            return
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            post.lines.append(line)
            word = line.split(" ")[0].split(":")[0].upper()
            if word in ("EHLO", "HELO"):
                self.say("250-here")
                if post.offers and not is_open:
                    self.say("250-STARTTLS")
                if post.password:
                    self.say("250-AUTH PLAIN")
                self.say("250 8BITMIME")
            elif word == "STARTTLS":
                assert post.tls
                self.say("220 go")
                self.connection: Any = post.tls.wrap_socket(self.connection, server_side=True)
                self.rfile, is_open = self.connection.makefile("rb"), True
            elif word == "AUTH":
                self.say("235 in" if line.endswith(post.password) else "535 no, server-says")
            elif word == "RCPT":
                to = line.partition("<")[2].rpartition(">")[0]
                self.say("550 no, server-says" if to in post.refuses else "250 yes")
            elif word == "DATA":
                self.say("354 go")
                found = [*iter(self.rfile.readline, b".\r\n")]
                content = b"".join(one.removeprefix(b".") for one in found)
                if post.breaks == "drop":
                    return
                if post.breaks == "nonsense":
                    self.say("no number")
                    return
                if post.breaks == "full":
                    self.say("452 full, server-says")
                    continue
                post.taken.append((to, message_from_bytes(content, policy=policy.default)))
                self.say("250 taken")
            else:
                self.say("250 yes")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error of the test."""


@contextmanager
def serving(post: Post, certificate: Path | None = None, *, wrapped: bool = False) -> Iterator[Post]:
    """The server on a port of its own. certificate: folder with tls.crt and tls.key; wrapped: encrypted from the start."""
    if certificate:
        post.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        post.tls.load_cert_chain(certificate / "tls.crt", certificate / "tls.key")
    with _Server(("127.0.0.1", 0), type("Talk", (_Talk,), {"post": post})) as server:
        if wrapped and post.tls:
            server.socket = post.tls.wrap_socket(server.socket, server_side=True)
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
