"""Lines on which what is said takes a while; the slow network of a browser leaves web sockets fast."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from tests.browser.server import free_port

Carry = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def slow_line(port: int, seconds: float) -> Iterator[str]:
    """Return the address at which a server's port is reached, later by so many seconds each way."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                due, data = await waiting.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                if not data:
                    writer.close()
                    return
                writer.write(data)

        delivery = loop.create_task(deliver())
        try:
            while data := await reader.read(65536):
                waiting.put_nowait((loop.time() + seconds, data))
        except ConnectionError:
            pass
        waiting.put_nowait((loop.time() + seconds, b""))
        await delivery

    with _line(port, carry, carry) as (url, _):
        yield url


class HeldLine:
    """A line on which what one side says waits while it is held; what the other says goes at once."""

    def __init__(self) -> None:
        self.url = ""
        self.loop: asyncio.AbstractEventLoop | None = None
        self._is_held = False
        self._waiting: list[tuple[asyncio.StreamWriter, bytes]] = []

    async def freely(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def held(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self._is_held:
                self._waiting.append((writer, data))
            else:
                writer.write(data)
        writer.close()

    def hold(self) -> None:
        self._is_held = True

    def said(self, more_than: int = 0, *, quiet: float = 0.3) -> int:
        """Wait until more than so much of what was said waits, and it is quiet for so many seconds; return how much waits."""
        deadline, last, since = time.monotonic() + 30, 0, time.monotonic()
        while last <= more_than or time.monotonic() - since < quiet:
            assert time.monotonic() < deadline, f"no more than {last} said"
            time.sleep(0.02)
            if last != (now := len(self._waiting)):
                last, since = now, time.monotonic()
        return last

    def let_through(self, first: int | None = None) -> None:
        """Let through so much of what was said first and is waiting; by default all of it, and what follows."""

        def let() -> None:
            self._is_held = first is not None
            # In one piece to each, so that it comes at once.
            for each in dict.fromkeys(writer for writer, _ in self._waiting[:first]):
                each.write(b"".join(data for writer, data in self._waiting[:first] if writer is each))
            del self._waiting[:first]

        assert self.loop is not None
        self.loop.call_soon_threadsafe(let)


@contextmanager
def held_line(port: int, *, says: Literal["server", "browser"]) -> Iterator[HeldLine]:
    """Return a line to a server's port, not held yet. says: whose words can be held."""
    line = HeldLine()
    ways = (line.freely, line.held) if says == "server" else (line.held, line.freely)
    with _line(port, *ways) as (line.url, line.loop):
        yield line


@contextmanager
def _line(port: int, there: Carry, back: Carry) -> Iterator[tuple[str, asyncio.AbstractEventLoop]]:
    loop, own, made = asyncio.new_event_loop(), free_port(), threading.Event()

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, asks = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(there(reader, asks), back(answers, writer), return_exceptions=True)

    async def serve() -> None:
        await asyncio.start_server(taken, "127.0.0.1", own)
        made.set()

    async def end() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    loop.create_task(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    assert made.wait(10)
    try:
        yield f"http://127.0.0.1:{own}", loop
    finally:
        ended = asyncio.run_coroutine_threadsafe(end(), loop)
        ended.result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
