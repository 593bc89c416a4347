"""Streamlit's own words follow the language that is chosen (that none shows in Finnish or Swedish is in `test_pages`)."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.server import Server, visit, wait_until_drawn


def test_in_english_the_words_stay(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/?lang=en") as seen:
        expect(seen.page.get_by_test_id("stMainMenuButton")).to_have_attribute("aria-label", "Main menu")


def test_a_switch_translates_back_and_forth(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/?lang=fi") as seen:
        menu = seen.page.get_by_test_id("stMainMenuButton")
        for name, said in (("Svenska", "Meny"), ("English", "Main menu"), ("Suomi", "Valikko")):
            seen.page.locator(".st-key-top").get_by_text(name, exact=True).click()
            expect(menu).to_have_attribute("aria-label", said)
            wait_until_drawn(seen.page)
