"""A running app, and a look at one of its pages in the browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Download, Locator, Page, Request, TimeoutError, ViewportSize, WebSocket, expect

from data.texts import Language, texts
from pages.access.local_door import PATH
from pages.shell.registry import PAGES, PageSpec
from tests.browser import windows
from tests.browser.windows import LAPTOP
from tests.conftest import ROOT

LOOPBACK = re.compile(r"^(https?|wss?)://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/|^(data|blob|about):")


@dataclass(frozen=True)
class Server:
    """The app on a port of its own, and its log."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def opening(self) -> str:
        """The address that opens the local door next, as the server has said it."""
        self.wait_until_said(PATH)
        return str(re.findall(rf"http://\S+{PATH}\?\S+", self.log_text())[-1])

    def wait_until_said(self, text: str, seconds: float = 30) -> None:
        """Wait until the server's window says something: it listens before it speaks."""
        deadline = time.monotonic() + seconds
        while text not in self.log_text():
            assert time.monotonic() < deadline, f"not said: {text}"
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(store: Path, log: Path, *, port: int = 0, **settings: str) -> Server:
    """Start the app on a port, a free one by default, with `store`; settings: further environment variables."""
    port = port or free_port()
    return started(["streamlit", "run", "app.py", "--server.port", str(port)], store, log, port, **settings)


def started(words: Sequence[str], store: Path, log: Path, port: int, **settings: str) -> Server:
    """Start the app by a command of Python's and wait until it listens."""
    command = [sys.executable, "-m", *words]
    environment = os.environ | {"TILANNEKUVA_STORE": str(store)} | settings
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Server(f"http://127.0.0.1:{port}", process, log)
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"the app did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


def pass_of(opening: str) -> str:
    """The cookie of a browser that opens the local door."""
    host, _, path = opening.removeprefix("http://").partition("/")
    with closing(socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])))) as stream:
        stream.sendall(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: stream.recv(65_536), b"")).decode()
    found = re.search(r"^set-cookie: ([^;]+)", answer, re.MULTILINE | re.IGNORECASE)
    assert found, answer[:200]
    return found[1]


@dataclass
class Visit:
    """A page on screen, and every address it asked for outside this machine."""

    page: Page
    outside: list[str] = field(default_factory=list)

    def note(self, url: str) -> None:
        if not LOOPBACK.match(url):
            self.outside.append(url)


MOVES = "one => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity"
"""Of animations: whether they are on their way to an end."""
# A locator looks again after 0.1, 0.35, 0.85 and 1.85 seconds: much of a page's time would be spent between two looks.
DRAWN = """quiet => {
  const heading = document.querySelector("h1"), app = document.querySelector("[data-testid=stApp]");
  const drawn = heading && heading.checkVisibility() && heading.getBoundingClientRect().width > 0
    && app && app.dataset.testScriptState === "notRunning" && !document.querySelector("[data-testid=stSkeleton]");
  const state = drawn && [location.href, document.querySelector("[data-testid=stMain]")?.scrollHeight].join();
  const last = window.lastDrawn, now = performance.now();
  if (!drawn || !last || last.state !== state) window.lastDrawn = { state, since: now };
  return drawn && now - window.lastDrawn.since >= quiet && (delete window.lastDrawn);
}"""


def wait_until_drawn(page: Page, seconds: float = 30, *, quiet: int = 150) -> None:
    """Wait until a heading stands there, the app is at rest and nothing holds the place of a part that is still being fetched.

    The script may have ended long before a menu or a choice list is there: Streamlit fetches the code of each kind of part
    when it first meets it, and shows a skeleton until then. quiet: milliseconds for which all that, and the height of the page,
    must stay so.
    """
    page.wait_for_function(DRAWN, arg=quiet, timeout=1000 * seconds)


def wait_until_still(page: Page) -> None:
    """Wait until nothing moves any more: a button that slides away under the mouse between press and release is not clicked."""
    page.wait_for_function(f"() => !document.getAnimations().some({MOVES})")


def download(page: Page, button: Locator) -> Download:
    """Click and return the file. Without one, say of which button, and what the page says there."""
    wait_until_still(page)
    try:
        with page.expect_download() as found:
            button.click()
    except TimeoutError as error:
        beside = button.locator("xpath=ancestor::*[@data-testid='stDownloadButton']")
        raise AssertionError(f"no file from {button}; beside it: {beside.inner_text()!r}") from error
    return found.value


SMALL_LAPTOP = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)
PROJECTOR = ViewportSize(width=1280, height=720)


@contextmanager
def visit(browser: Browser, url: str, *, door: Server | None = None, anew: bool = False) -> Iterator[Visit]:
    """Open `url` as a new visitor with a Finnish-sized laptop screen.

    door: of a server, opened first: the steward's browser. anew: in a window that nobody has had before or gets after, for tests
    that leave something in it.
    """
    page = windows.taken(browser, "" if anew else url)
    seen = Visit(page)

    def asked(request: Request) -> None:
        seen.note(request.url)

    def spoken(socket: WebSocket) -> None:
        seen.note(socket.url)

    page.on("request", asked)
    page.on("websocket", spoken)
    try:
        if door is not None:
            # Not in the window, for nobody looks at what is drawn behind the door.
            assert page.context.request.get(door.opening()).ok
        page.goto(url)
        wait_until_drawn(page)
        yield seen
    except BaseException:
        page.context.close()
        raise
    page.remove_listener("request", asked)
    page.remove_listener("websocket", spoken)
    if anew:
        page.context.close()
    else:
        windows.given_back(page, url)


class Tour:
    """Stewards, one of each language, who go through the menu without loading the app anew."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self._browser, self._server = browser, server
        self._visits: dict[Language, tuple[Visit, ExitStack]] = {}

    @contextmanager
    def at(self, spec: PageSpec, language: Language, size: ViewportSize = LAPTOP) -> Iterator[Visit]:
        """The visitor of a language on a page, with a screen of a size. After a failed test the next one is a new visitor."""
        seen, opened = self._visits.pop(language) if language in self._visits else self._new(language)
        try:
            page, t = seen.page, texts(language)
            page.set_viewport_size(size)
            # Not by the mouse: on a phone the menu is folded away.
            links = page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
            links.nth(PAGES.index(spec)).dispatch_event("click")
            page.wait_for_url(f"**/{spec.url_path}?lang={language}")
            expect(page.locator("h1").first).to_have_text(t(spec.title_key), timeout=30_000)
            wait_until_drawn(page)
            yield seen
        except BaseException:
            opened.close()
            raise
        self._visits[language] = seen, opened

    def _new(self, language: Language) -> tuple[Visit, ExitStack]:
        opened = ExitStack()
        return opened.enter_context(self._visit(language)), opened

    def _visit(self, language: Language) -> AbstractContextManager[Visit]:
        return visit(self._browser, f"{self._server.url}/?lang={language}", door=self._server)

    def end(self) -> None:
        """Close all windows."""
        for _, opened in self._visits.values():
            opened.close()
