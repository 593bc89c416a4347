"""A line between two tasks of a cluster: messages that only they can read, and that nobody else can have sent."""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_LENGTH = struct.Struct(">Q")
_PLACE = struct.Struct(">16sI?Q")
_MOST_BYTES = 4 << 30


class LineError(Exception):
    """The other side has gone, or is somebody else."""


@dataclass
class SealedLine:
    """One end of a line. key: of one count, which all its tasks are told; session: of one meeting; number: of the task that is
    not the hub; is_hub: which end it is.

    A message counts once, in its order, at the other end of its line alone: its place is sealed with it.
    """

    connection: socket.socket
    key: bytes
    session: bytes
    number: int
    is_hub: bool
    _sent: int = field(default=0, init=False)
    _received: int = field(default=0, init=False)

    def send(self, content: bytes) -> None:
        """Send a message. Raises LineError."""
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.key).encrypt(nonce, content, self._place(self._sent, of_hub=self.is_hub))
        self._sent += 1
        try:
            self.connection.sendall(_LENGTH.pack(len(sealed)) + nonce + sealed)
        except OSError:
            raise LineError from None

    def receive(self) -> bytes:
        """Return the next message, as soon as it has come. Raises LineError."""
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        if length > _MOST_BYTES:
            raise LineError
        nonce, sealed = self._read(_NONCE), self._read(length)
        try:
            content = AESGCM(self.key).decrypt(nonce, sealed, self._place(self._received, of_hub=not self.is_hub))
        except InvalidTag:
            raise LineError from None
        self._received += 1
        return content

    def _place(self, count: int, *, of_hub: bool) -> bytes:
        return _PLACE.pack(self.session, self.number, of_hub, count)

    def _read(self, length: int) -> bytes:
        found = bytearray()
        while len(found) < length:
            try:
                more = self.connection.recv(min(length - len(found), 1 << 20))
            except OSError:
                raise LineError from None
            if not more:
                raise LineError
            found += more
        return bytes(found)
