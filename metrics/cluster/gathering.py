"""A meeting of slices in tasks of a cluster: the first is the hub, to which the others bring theirs and which tells them the sum.

Spark's own meeting (`allGather`) takes a second, and a set of cells meets a hundred times and more. So it tells one thing alone:
where the hub is.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from metrics.cluster.encoding import decoded, encoded
from metrics.cluster.line import LineError, SealedLine
from metrics.cube.agreement import Combine

AllGather = Callable[[str], Sequence[str]]
"""Tells a text to all tasks, and returns what each of them has told, in their order, as soon as all have."""
FAILED = "!"
"""What a task tells that cannot take part."""
_GOES_ON, _HAS_FAILED = b"+", b"!"
_NUMBER = struct.Struct(">I")
_PATIENCE = 30.0
"""Seconds that whoever has called the hub may take to say who they are."""


class OtherFailed(Exception):  # noqa: N818  (it is no fault of this one)
    """Another task has failed, and tells why itself; or it is gone."""


@dataclass(frozen=True)
class Gathering:
    """A meeting as `metrics.cube.agreement.Seat` wants it, from one task's side. lines: to the hub, or of it to all."""

    lines: tuple[SealedLine, ...]
    is_hub: bool

    def meet(self, number: int, brought: Any, combine: Combine) -> Any:
        """Return what all slices have brought, combined. Raises OtherFailed."""
        if not self.is_hub:
            self._send(encoded(brought))
            return decoded(self._receive(self.lines[0]))
        result = combine([brought, *(decoded(self._receive(line)) for line in self.lines)])
        if self.lines:
            self._send(encoded(result))
        return result

    def end(self) -> None:
        """Meet once more, so that who fails last is heard too. Raises OtherFailed."""
        self.meet(0, np.zeros(0, np.int64), sum)

    def fail(self) -> None:
        """Let all others know."""
        for line in self.lines:
            with suppress(LineError):
                line.send(_HAS_FAILED)

    def _send(self, content: bytes) -> None:
        for line in self.lines:
            with _heard_by_others(self.fail):
                line.send(_GOES_ON + content)

    def _receive(self, line: SealedLine) -> bytes:
        with _heard_by_others(self.fail):
            content = line.receive()
            if content.startswith(_HAS_FAILED):
                raise LineError
        return content.removeprefix(_GOES_ON)


@contextmanager
def gathered(number: int, tasks: int, hosts: Sequence[str], key: bytes, all_gather: AllGather) -> Iterator[Gathering]:
    """Meet the other tasks. number: this one's; hosts: by task; key: that only they know. Raises OtherFailed."""
    with ExitStack() as ending:
        if number == 0:
            server = ending.enter_context(socket.create_server((hosts[0], 0), family=_family(hosts[0]), backlog=tasks))
            session = os.urandom(16)
            _told(all_gather, f"{server.getsockname()[1]} {session.hex()}")
            yield Gathering(tuple(_called(server, tasks, key, session, ending)), is_hub=True)
            return
        port, session_text = _told(all_gather, "")[0].split()
        try:
            connection = ending.enter_context(socket.create_connection((hosts[0], int(port)), _PATIENCE))
            _settle(connection)
            connection.sendall(_NUMBER.pack(number))
            line = SealedLine(connection, key, bytes.fromhex(session_text), number, is_hub=False)
            line.send(_GOES_ON)
        except (OSError, LineError):
            raise OtherFailed from None
        yield Gathering((line,), is_hub=False)


def _called(server: socket.socket, tasks: int, key: bytes, session: bytes, ending: ExitStack) -> list[SealedLine]:
    """Return a line to each of the other tasks, in their order. Whoever does not know the key is not listened to."""
    lines: dict[int, SealedLine] = {}
    while len(lines) < tasks - 1:
        connection, _ = server.accept()
        connection.settimeout(_PATIENCE)
        try:
            (number,) = _NUMBER.unpack(connection.recv(_NUMBER.size, socket.MSG_WAITALL))
            line = SealedLine(connection, key, session, number, is_hub=True)
            if number in lines or not 0 < number < tasks or line.receive() != _GOES_ON:
                raise LineError
        except (OSError, struct.error, LineError):
            connection.close()
            continue
        ending.enter_context(connection)
        _settle(connection)
        lines[number] = line
    return [lines[number] for number in sorted(lines)]


def _told(all_gather: AllGather, text: str) -> Sequence[str]:
    found = all_gather(text)
    if FAILED in found:
        raise OtherFailed
    return found


def _settle(connection: socket.socket) -> None:
    """Wait for a message as long as it takes: who is gone, is noticed. Small ones go at once."""
    connection.settimeout(None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def _family(host: str) -> socket.AddressFamily:
    return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]


@contextmanager
def _heard_by_others(fail: Callable[[], None]) -> Iterator[None]:
    try:
        yield
    except LineError:
        fail()
        raise OtherFailed from None
