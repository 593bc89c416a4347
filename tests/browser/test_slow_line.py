"""Clicks that follow each other faster than a slow line carries them: each of them counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from data.texts import Language, texts
from tests.browser.server import Server, visit, wait_until_drawn
from tests.browser.slow_line import held_line, slow_line

T = texts("fi")


@pytest.fixture(scope="module")
def line(server: Server) -> Iterator[str]:
    with slow_line(server.port, 0.15) as url:
        yield url


def choose_arabic(page: Page) -> None:
    page.get_by_role("combobox", name=T("filter.language")).click()
    page.get_by_role("option", name="Arabia", exact=True).click()


def test_a_filter_is_not_lost_by_who_changes_the_language_at_once(browser: Browser, line: str) -> None:
    with visit(browser, f"{line}/mittaristo?lang=fi") as seen:
        choose_arabic(seen.page)
        seen.page.locator(".st-key-top").get_by_text("Svenska", exact=True).click()
        seen.page.wait_for_url("**/mittaristo?lang=sv&language=ar")


CLICK_ON = """([first, place, milliseconds, then]) => {
    document.querySelectorAll(first)[place].click();
    setTimeout(() => then ? document.querySelector(then).click() : history.back(), milliseconds);
}"""
WITHOUT_LANGUAGE, WITHOUT_AREA = (f".st-key-filter_without_{slot} button" for slot in ("language", "area"))
FLOWS = "[data-testid=stSidebar] a[href*=ohjautuminen]"


@pytest.mark.parametrize(
    ("change", "place", "at", "language"),
    [
        (".st-key-top input[type=radio]", 2, "?lang=fi", "en"),
        (WITHOUT_LANGUAGE, 0, "?lang=fi&language=ar", "fi"),
    ],
)
def test_a_link_clicked_right_after_a_change_leads_to_a_page_with_it(
    browser: Browser, line: str, change: str, place: int, at: str, language: Language
) -> None:
    with visit(browser, f"{line}/kysynta{at}") as seen:
        page = seen.page
        expect(page.locator(change).nth(place)).to_be_attached(timeout=30_000)
        page.evaluate(CLICK_ON, [change, place, 60, FLOWS])
        page.wait_for_url("**/ohjautuminen*")
        wait_until_drawn(page, quiet=600)
        assert page.url.endswith(f"/ohjautuminen?lang={language}")
        expect(page.locator("h1").first).to_have_text(texts(language)("page.flows"))
        expect(page.locator(".st-key-filter_marks")).to_have_count(0)


def test_back_right_after_a_click_on_a_tab_leaves_no_tab_in_the_address_of_the_page_before(
    browser: Browser, line: str
) -> None:
    with visit(browser, f"{line}/kysynta?lang=fi") as seen:
        page = seen.page
        page.locator(FLOWS).click()
        page.wait_for_url("**/ohjautuminen?lang=fi")
        expect(page.get_by_role("tab").nth(1)).to_be_visible(timeout=30_000)
        wait_until_drawn(page)
        page.evaluate(CLICK_ON, ["[role=tab]", 1, 60, None])
        expect(page.locator("h1").first).to_have_text(T("page.demand"), timeout=30_000)
        wait_until_drawn(page, quiet=600)
        assert page.url.endswith("/kysynta?lang=fi")


def test_back_right_after_a_presentation_has_begun_leaves_no_slide_in_the_address_of_the_page_before(
    browser: Browser, line: str
) -> None:
    with visit(browser, f"{line}/kysynta?lang=fi") as seen:
        page = seen.page
        page.locator("[data-testid=stSidebar] a[href*=esitys]").click()
        page.wait_for_url("**/esitys?lang=fi")
        expect(page.get_by_role("button", name=T("briefing.present"))).to_be_visible(timeout=30_000)
        wait_until_drawn(page)
        page.evaluate(CLICK_ON, ["[data-testid=stBaseButton-primary]", 0, 60, None])
        expect(page.locator("h1").first).to_have_text(T("page.demand"), timeout=30_000)
        wait_until_drawn(page, quiet=600)
        assert page.url.endswith("/kysynta?lang=fi")


@pytest.mark.parametrize("milliseconds", [60, 150, 350])
def test_two_marks_in_a_row_take_both_filters_away(browser: Browser, line: str, milliseconds: int) -> None:
    with visit(browser, f"{line}/mittaristo?lang=fi&municipality=734&language=ar") as seen:
        page = seen.page
        for slot in ("area", "language"):
            expect(page.locator(f".st-key-filter_without_{slot} button").first).to_be_visible(timeout=30_000)
        # The second one where it was when the first was clicked, since it moves.
        page.evaluate(
            """milliseconds => {
                const [one, other] = ["area", "language"].map(slot => document.querySelector(
                    `.st-key-filter_without_${slot} button`));
                one.click();
                setTimeout(() => other.click(), milliseconds);
            }""",
            milliseconds,
        )
        page.wait_for_url("**/mittaristo?lang=fi")
        wait_until_drawn(page)
        expect(page.locator(".st-key-filter_marks")).to_have_count(0)


@pytest.mark.parametrize(
    ("clicks", "end"),
    [
        ([WITHOUT_LANGUAGE, WITHOUT_AREA], "laatu?lang=fi"),
        ([WITHOUT_LANGUAGE, "[role=tab]:nth-of-type(2)"], "laatu?lang=fi&municipality=734&tab=integration"),
        ([WITHOUT_LANGUAGE, FLOWS], "ohjautuminen?lang=fi&municipality=734"),
    ],
)
def test_clicks_that_come_to_the_server_together_both_count(
    browser: Browser, server: Server, clicks: list[str], end: str
) -> None:
    with (
        held_line(server.port, says="browser") as line,
        visit(browser, f"{line.url}/laatu?lang=fi&municipality=734&language=ar") as seen,
    ):
        page = seen.page
        for one in clicks:
            expect(page.locator(one).first).to_be_attached(timeout=30_000)
        wait_until_drawn(page, quiet=600)
        line.hold()
        for number, one in enumerate(clicks):
            page.evaluate("one => document.querySelector(one).click()", one)
            line.said(number)
        line.let_through()
        page.wait_for_url(f"**/{end}")
        wait_until_drawn(page)


def test_a_tab_opened_and_left_at_once_is_left_and_a_filter_chosen_then_stays(browser: Browser, line: str) -> None:
    with visit(browser, f"{line}/laatu?lang=fi") as seen:
        page, tabs = seen.page, seen.page.get_by_role("tab")
        expect(tabs.nth(1)).to_be_visible(timeout=30_000)
        tabs.nth(1).click()
        tabs.nth(0).click()
        choose_arabic(page)
        page.wait_for_url("**/laatu?lang=fi&language=ar")
        wait_until_drawn(page)
        expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
        assert "tab=" not in page.url


def test_a_tab_that_a_late_reply_opens_once_more_is_not_chosen_by_whoever_clicks_on_then(
    browser: Browser, server: Server
) -> None:
    """The reply to a click on one tab comes when another has been clicked, and opens the first one until the next reply."""
    with held_line(server.port, says="server") as line, visit(browser, f"{line.url}/laatu?lang=fi") as seen:
        page, tabs = seen.page, seen.page.get_by_role("tab")
        expect(tabs.nth(1)).to_be_visible(timeout=30_000)
        wait_until_drawn(page)
        line.hold()
        tabs.nth(1).click()
        of_first = line.said()
        tabs.nth(0).click()
        both = line.said(of_first)
        line.let_through(of_first)
        page.wait_for_url("**/laatu?lang=fi&tab=*")
        expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
        choose_arabic(page)
        line.said(both - of_first)
        line.let_through()
        page.wait_for_url("**/laatu?lang=fi&language=ar")
        wait_until_drawn(page)
        expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")


def test_back_and_forward_open_the_tab_of_the_address(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/laatu?lang=fi", anew=True) as seen:
        page, tabs = seen.page, seen.page.get_by_role("tab")
        expect(tabs.nth(1)).to_be_visible(timeout=30_000)
        for _ in range(2):
            wait_until_drawn(page)
            tabs.nth(1).click()
            page.wait_for_url("**/laatu?lang=fi&tab=*")
            wait_until_drawn(page)
            page.go_back()
            expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
            wait_until_drawn(page)
            page.go_forward()
            expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
            expect(page.locator("[role=tabpanel] [data-testid=stVegaLiteChart]").first).to_be_visible(timeout=30_000)
            wait_until_drawn(page)
            tabs.nth(0).click()
            page.wait_for_url("**/laatu?lang=fi")


def test_no_tab_opens_while_the_line_is_down(browser: Browser, start_server: Callable[..., Server]) -> None:
    """It would be empty, and stay so when the line is back: a click that the server cannot hear of is not sent later."""
    server = start_server()
    with visit(browser, f"{server.url}/laatu?lang=fi", anew=True) as seen:
        page, tab = seen.page, seen.page.get_by_role("tab").nth(1)
        expect(tab).to_be_visible(timeout=30_000)
        wait_until_drawn(page)
        first, box = page.get_by_role("tab").nth(0), tab.bounding_box()
        assert box is not None
        first.focus()
        server.stop()
        app = page.get_by_test_id("stApp")
        expect(app).not_to_have_attribute("data-test-connection-state", "CONNECTED", timeout=30_000)
        expect(page.get_by_test_id("stTab").nth(1).locator("p")).to_be_visible()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        start_server(port=server.port)
        expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=60_000)
        expect(first).to_have_attribute("aria-selected", "true")


def open_second(page: Page) -> None:
    page.get_by_role("tab").nth(1).click()


def ask(page: Page) -> None:
    field = page.locator(".st-key-top input[type=text]").first
    field.fill("asioinnit kielittäin")
    field.press("Enter")


@pytest.mark.parametrize(
    ("click", "ends", "shows"),
    [
        (open_second, "laatu?lang=fi&tab=*", "[role=tabpanel] [data-testid=stVegaLiteChart]"),
        (choose_arabic, "laatu?lang=fi&language=ar", WITHOUT_LANGUAGE),
        (ask, "laatu?lang=fi", ".st-key-question_answer"),
    ],
)
def test_the_first_click_counts_at_a_server_that_knows_nothing_of_the_visitor(
    browser: Browser, start_server: Callable[..., Server], click: Callable[[Page], None], ends: str, shows: str
) -> None:
    server = start_server()
    with visit(browser, f"{server.url}/laatu?lang=fi", anew=True) as seen:
        page = seen.page
        started_again(server, start_server, page)
        click(page)
        page.wait_for_url(f"**/{ends}")
        expect(page.locator(shows).first).to_be_visible(timeout=30_000)


def test_a_filter_goes_along_by_a_link_from_a_server_to_one_that_knows_nothing_of_the_visitor(
    browser: Browser, start_server: Callable[..., Server]
) -> None:
    server = start_server()
    with visit(browser, f"{server.url}/laatu?lang=fi&language=ar", anew=True) as seen:
        page = seen.page
        started_again(server, start_server, page)
        page.locator(FLOWS).click()
        page.wait_for_url("**/ohjautuminen?lang=fi&language=ar")
        expect(page.locator("h1").first).to_have_text(T("page.flows"), timeout=30_000)
        expect(page.get_by_role("combobox", name=T("filter.language"))).to_have_value("Arabia", timeout=30_000)


def started_again(server: Server, start_server: Callable[..., Server], page: Page) -> None:
    """Start a server again, and wait until a page has found it."""
    wait_until_drawn(page, quiet=600)
    app = page.get_by_test_id("stApp")
    server.stop()
    expect(app).not_to_have_attribute("data-test-connection-state", "CONNECTED", timeout=30_000)
    start_server(port=server.port)
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=60_000)


def test_tabs_clicked_fast_never_leave_the_page_waiting(browser: Browser, line: str) -> None:
    """A large message that a reply only names, since the browser had it when it asked, may be gone when the reply is there."""
    with visit(browser, f"{line}/ohjautuminen?lang=fi") as seen:
        page, tabs = seen.page, seen.page.get_by_role("tab")
        expect(tabs.nth(2)).to_be_visible(timeout=30_000)
        for place, code in ((1, "topics"), (2, "who")):
            tabs.nth(place).click()
            page.wait_for_url(f"**tab={code}")
            wait_until_drawn(page)
        page.evaluate(
            """() => {
                const tabs = document.querySelectorAll("[role=tab]");
                tabs[1].click();
                setTimeout(() => tabs[0].click(), 200);
            }"""
        )
        page.wait_for_url("**/ohjautuminen?lang=fi")
        wait_until_drawn(page)
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
