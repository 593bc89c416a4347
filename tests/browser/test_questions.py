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


def test_the_field_does_not_lie_on_the_languages_whatever_the_width(browser: Browser, server: Server) -> None:
    """A laptop of 1280 pixels whose text is enlarged by half is 853 wide."""
    with visit(browser, f"{server.url}/mittaristo?lang=sv") as seen:
        page = seen.page
        field = page.locator(".st-key-question_words [data-testid=stTextInputRootElement]")
        languages, menu = page.locator(".st-key-language_switch"), page.get_by_test_id("stSidebar")
        for width in (1600, 1280, 1067, 960, 853, 800, 740, 701):
            page.set_viewport_size({"width": width, "height": 700})
            page.wait_for_timeout(400)  # the menu slides
            of_field, of_languages, of_menu = (one.bounding_box() for one in (field, languages, menu))
            assert of_field
            assert of_languages
            assert of_field["x"] + of_field["width"] <= of_languages["x"], width
            assert of_menu is None or of_menu["x"] + of_menu["width"] <= of_field["x"], width
            assert of_field["width"] >= 100, width
