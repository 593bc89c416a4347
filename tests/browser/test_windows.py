"""Who gets a window that others have had finds nothing of theirs."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.server import PHONE, Server, visit
from tests.browser.windows import LAPTOP

LEFT = """() => [matchMedia("print").matches,
  matchMedia("(prefers-color-scheme: dark)").matches, innerWidth]"""
MARK = "window.mine = localStorage.mine = sessionStorage.mine = 'mine'"


def test_a_window_used_before_is_that_of_a_new_visitor(browser: Browser, server: Server) -> None:
    with visit(browser, server.url, door=server) as before:
        page = before.page
        page.evaluate(MARK)
        page.emulate_media(media="print", color_scheme="dark")
        page.set_viewport_size(PHONE)
        assert page.context.cookies()
        page.context.new_page()
    with visit(browser, server.url) as after:
        assert after.page is page
        assert after.page.context.pages == [page]
        assert after.page.evaluate("window.mine ?? localStorage.mine ?? sessionStorage.mine ?? null") is None
        assert after.page.evaluate(LEFT) == [False, False, LAPTOP["width"]]
        names = {cookie.get("name") for cookie in after.page.context.cookies()}
    with visit(browser, server.url, anew=True) as fresh:
        assert fresh.page is not page
        assert {cookie.get("name") for cookie in fresh.page.context.cookies()} == names
        assert fresh.page.evaluate(LEFT) == [False, False, LAPTOP["width"]]


def test_a_window_of_a_failed_test_is_nobodys(browser: Browser, server: Server) -> None:
    try:
        with visit(browser, server.url) as failed:
            raise AssertionError
    except AssertionError:
        pass
    with visit(browser, server.url) as after:
        assert after.page is not failed.page
