"""The presenting window by keyboard, the speaker's window that follows it through a reload, and editing in two windows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from data.texts import texts
from tests.browser.server import PHONE, Server, visit, wait_until_drawn
from tests.conftest import own_copy

T = texts("fi")


def has_focus(page: Page, name: str) -> None:
    expect(page.get_by_role("combobox", name=T("floor." + name), exact=True)).to_be_focused()


def test_tab_leads_from_field_to_field_of_a_question_and_an_emptied_field_is_empty(
    browser: Browser, server: Server
) -> None:
    with visit(browser, f"{server.url}/esitys?lang=fi&slide=1") as seen:
        page, fields = seen.page, ("by", "place", "language", "period")
        said = page.locator(".screen h1").inner_text()
        page.keyboard.press("k")
        field = page.get_by_role("combobox", name=T("floor.metric"), exact=True)
        expect(field).to_be_focused(timeout=20_000)
        page.keyboard.type("asiakk")
        expect(page.get_by_role("option").first).to_have_text("Asiakkaat")
        page.keyboard.press("Enter")
        expect(page.locator(".screen h1")).not_to_have_text(said, timeout=20_000)
        wait_until_drawn(page)
        for name in fields:
            page.keyboard.press("Tab")
            has_focus(page, name)
        for name in (*reversed(fields[:-1]), "metric"):
            page.keyboard.press("Shift+Tab")
            has_focus(page, name)
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.press("Backspace")
        page.keyboard.press("Tab")
        expect(page.locator(".screen h1")).to_have_text(said, timeout=20_000)
        expect(field).to_have_value("")


def test_the_speakers_window_follows_a_presentation_that_is_loaded_again(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/esitys?lang=fi&slide=1") as seen:
        page = seen.page
        link = page.get_by_role("link", name=T("speaker.open"))
        with page.context.expect_page() as opened:
            link.click()
        window, name = opened.value, link.get_attribute("href")
        expect(window.locator("h1")).to_contain_text("1 / ", timeout=30_000)
        window.set_viewport_size(PHONE)
        box = window.locator("h1").bounding_box()
        assert box
        assert box["y"] < 40, "no room is left for what does not stand there"
        page.bring_to_front()
        page.reload()
        wait_until_drawn(page)
        assert link.get_attribute("href") == name
        page.keyboard.press("ArrowRight")
        expect(window.locator("h1")).to_contain_text("2 / ", timeout=30_000)
        expect(window.get_by_test_id("stAlert")).to_have_count(0, timeout=10_000)
        # Another window of the browser that presents at the same time is another presentation.
        other = page.context.new_page()
        other.goto(f"{server.url}/esitys?lang=fi&slide=1")
        wait_until_drawn(other)
        assert other.get_by_role("link", name=T("speaker.open")).get_attribute("href") != name


def test_the_form_of_a_briefing_stays_open_through_what_is_told_above_it(
    browser: Browser, start_server: Callable[..., Server], sample_store: Path, tmp_path: Path
) -> None:
    """When a change is saved, and when somebody else's window has saved one in between."""
    server = start_server(own_copy(sample_store, tmp_path / "own"))
    with visit(browser, f"{server.url}/esitys?lang=fi", door=server) as seen:
        page = seen.page
        page.get_by_text(T("briefing.copy")).click()
        page.get_by_label(T("briefing.title")).fill("Valtuusto")
        page.get_by_role("button", name=T("briefing.save")).click()
        page.wait_for_url("**briefing=B-1*")
        wait_until_drawn(page)
        other = page.context.new_page()
        other.goto(page.url)
        for one in (page, other):
            wait_until_drawn(one)
            one.get_by_text(T("briefing.edit"), exact=True).click()
        for one, told in ((page, T("briefing.saved")), (other, T("refusal.briefing.meanwhile"))):
            down = one.get_by_role("button", name=T("briefing.down"), exact=True)
            down.click()
            expect(one.get_by_text(told, exact=True)).to_be_visible(timeout=20_000)
            wait_until_drawn(one)
            expect(down).to_be_visible()
