"""Windows that one test after the other looks through, each as a visitor whom the server has never seen.

In a new window Chromium reads and compiles all of Streamlit's code anew, which is half of what a page takes. One that has shown
the same server has it compiled.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, ViewportSize

LAPTOP = ViewportSize(width=1366, height=900)
_EMPTY = "/_stcore/health"
"""A page of the same server without anything of ours: from another address Chromium would go on in another process."""
_FORGET = "localStorage.clear(), sessionStorage.clear()"
_MOST = 2
"""Windows that are kept: those of servers that have ended are of no use to anybody."""
_free: list[tuple[str, Page]] = []
"""The latest last, each with the server that it has shown."""


def taken(browser: Browser, url: str) -> Page:
    """Return a window for a visitor of the server of an address; without an address a new one."""
    for number, (origin, page) in enumerate(_free):
        if origin == _origin(url) and page.context.browser is browser:
            del _free[number]
            return page
    return browser.new_context(viewport=LAPTOP).new_page()


def given_back(page: Page, url: str) -> None:
    """Keep a window for the next visitor of the server, without all that this one has left; close it where that cannot be."""
    context = page.context
    try:
        for one in context.pages:
            if one is not page:
                one.close()
        page.goto(_origin(url) + _EMPTY)
        page.evaluate(_FORGET)
        context.clear_cookies()
        page.emulate_media(media="null", color_scheme="null")
        page.set_viewport_size(LAPTOP)
    except Error:  # the server has ended, or the window has
        context.close()
    else:
        _free.append((_origin(url), page))
        if len(_free) > _MOST:
            _free.pop(0)[1].context.close()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
