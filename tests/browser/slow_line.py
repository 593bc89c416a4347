"""A line on which everything takes a while, in both directions; the slow network of a browser leaves web sockets fast."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.server import free_port


@contextmanager
def slow_line(port: int, seconds: float) -> Iterator[str]:
    """Return the address at which a server's port is reached, later by so many seconds each way."""
    loop, own, made = asyncio.new_event_loop(), free_port(), threading.Event()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, back), carry(there, writer), return_exceptions=True)

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
        yield f"http://127.0.0.1:{own}"
    finally:
        ended = asyncio.run_coroutine_threadsafe(end(), loop)
        ended.result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
