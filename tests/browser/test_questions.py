"""The field for questions: the key K leads to it, but never takes a letter from what is being typed."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from data.texts import texts
from tests.browser.server import Server, visit, wait_until_drawn

T = texts("fi")


def test_the_key_leads_to_the_field_and_the_answer_comes_in_place(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/laatu?lang=fi") as seen:
        page = seen.page
        wait_until_drawn(page)
        field = page.get_by_role("textbox", name=T("question.field"))
        answer = page.locator(".st-key-question_answer")
        page.keyboard.press("k")
        expect(field).to_be_focused()
        page.keyboard.type("kurdinkieliset kunnittain")
        expect(field).to_have_value("kurdinkieliset kunnittain")
        page.keyboard.press("Enter")
        expect(answer.locator("[data-testid=stVegaLiteChart]")).to_be_visible(timeout=30_000)
        assert "kurdin" not in page.url, "a question is free text, and stands in no address"
        # On another page it is not answered again.
        page.get_by_role("link", name=T("page.demand"), exact=True).first.click()
        expect(page.get_by_role("heading", level=1, name=T("page.demand"))).to_be_visible(timeout=30_000)
        expect(answer).to_have_count(0, timeout=30_000)
        expect(field).to_have_value("")


def test_the_key_does_nothing_while_a_filter_is_typed(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/kysynta?lang=fi") as seen:
        page = seen.page
        wait_until_drawn(page)
        topic = page.get_by_role("combobox", name=T("filter.topic"))
        topic.click()
        page.keyboard.press("k")
        expect(topic).to_have_value("k")
