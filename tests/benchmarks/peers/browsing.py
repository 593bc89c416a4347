"""A browser of its own for each peer, and what it and its server have used: processor, memory, and bytes that were sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, Request, WebSocket

TICKS = os.sysconf("SC_CLK_TCK")

WATCH = """() => {
  let due = false;
  window.painted = 0;
  const note = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; window.painted = performance.now(); });
  };
  new MutationObserver(note).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
  const canvas = CanvasRenderingContext2D.prototype;
  for (const name of ["clearRect", "fillRect", "fill", "stroke", "fillText"]) {
    const draw = canvas[name];
    canvas[name] = function (...all) { note(); return draw.apply(this, all); };
  }
}"""
"""Notes when anything on the page last changed, also what is drawn on a canvas, and gives the frame after it."""


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(place.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
        found.setdefault(parent, []).append(int(place.parent.name))
    return found


def family(pid: int, children: dict[int, list[int]] | None = None) -> Iterator[int]:
    """A process and all that come from it."""
    children = children if children is not None else _children()
    yield pid
    for child in children.get(pid, ()):
        yield from family(child, children)


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def of_browser() -> list[int]:
    """All processes of the browser that this process has started."""
    return [pid for pid in family(os.getpid()) if "chrom" in _command(pid).partition(" ")[0]]


def cpu(pids: list[int]) -> float:
    """Milliseconds of the processor that processes have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return 1000 * ticks / TICKS


def memory(pids: list[int]) -> float:
    """Megabytes that processes hold, what they share with others by their part of it."""
    found = 0
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        found += int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
    return found / 1024


def of_pages(pids: list[int]) -> list[int]:
    """Those of a browser's processes that hold pages."""
    return [pid for pid in pids if "--type=renderer" in _command(pid)]


class Sent:
    """Counts the bytes that a page receives, by its requests and by its sockets."""

    def __init__(self, page: Page) -> None:
        self._requests: list[Request] = []
        self._frames = 0
        page.on("requestfinished", lambda request: self._requests.append(request))
        page.on("websocket", lambda socket: self._listen(socket))

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self._count(frame))

    def _count(self, frame: str | bytes) -> None:
        self._frames += len(frame)

    def so_far(self) -> int:
        """Bytes until now."""
        sizes = [request.sizes() for request in self._requests]
        return self._frames + sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
