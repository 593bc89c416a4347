"""While the fields for a question from the floor are open, no letter typed in them or between them is a shortcut."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from data.texts import Language, texts
from metrics.model.definition import definitions
from tests.browser.server import Server, visit, wait_until_drawn


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_keys_between_the_fields_are_no_shortcuts(lang: Language, browser: Browser, server: Server) -> None:
    t = texts(lang)
    ask = t("present.ask.key").lower()
    with visit(browser, f"{server.url}/esitys?lang={lang}&briefing=month&slide=2") as seen:
        page = seen.page
        wait_until_drawn(page)
        page.keyboard.press(ask)
        field = page.get_by_role("combobox", name=t("floor.metric"))
        expect(field).to_be_focused(timeout=20_000)
        page.keyboard.type(definitions()["clients"].name[lang])
        page.keyboard.press("Enter")
        expect(page.locator(".screen .number")).to_have_count(1, timeout=20_000)
        wait_until_drawn(page)
        # A button beside a field, which is no stop of Tab: the mouse may have left the keyboard there.
        empties = page.locator(".st-key-floor_metric button").first
        empties.focus()
        expect(empties).to_be_focused()
        for key in (ask, "n", "d", "ArrowRight", "End"):
            page.keyboard.press(key)
            page.wait_for_timeout(300)
            wait_until_drawn(page)
            expect(field).to_be_visible()
            expect(page.locator(".screen .number")).to_have_count(1)
            expect(page.locator(".screen aside")).to_have_count(0)
        assert "slide=2" in page.url
        # Without a field or a button the key closes them, as it has opened them.
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(ask)
        expect(field).to_have_count(0, timeout=20_000)
