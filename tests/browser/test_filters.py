"""Filters in the browser: chosen in the bar or by a click on a chart, taken away by their mark, undone by Back. Tabs too."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from data.codes import code_list
from data.texts import LANGUAGES, Language, texts
from tests.browser.server import Server, visit, wait_until_drawn

T = texts("fi")


def chart_of(page: Page, place: int) -> str:
    return f"[data-testid=stVegaLiteChart] >> nth={place}"


def test_a_filter_is_chosen_taken_away_and_undone(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/kysynta?lang=fi") as seen:
        page = seen.page
        page.get_by_role("combobox", name=T("filter.language")).click()
        page.get_by_role("option", name="Arabia", exact=True).click()
        page.wait_for_url("**/kysynta?lang=fi&language=ar")
        wait_until_drawn(page)
        mark = page.locator(".st-key-filter_marks").get_by_role("button", name="Arabia", exact=True)
        mark.click()
        page.wait_for_url("**/kysynta?lang=fi")
        expect(page.locator(".st-key-filter_marks")).to_have_count(0)
        page.go_back()
        expect(page.locator(".st-key-filter_marks").get_by_role("button", name="Arabia", exact=True)).to_be_visible(
            timeout=30_000
        )


def test_a_filter_that_goes_along_to_another_page_is_shown_there(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/laatu?lang=fi&language=ar") as seen:
        page = seen.page
        page.get_by_test_id("stSidebar").get_by_role("link", name=T("page.demand"), exact=True).click()
        page.wait_for_url("**/kysynta?lang=fi&language=ar")
        expect(page.locator("h1").first).to_have_text(T("page.demand"), timeout=30_000)
        wait_until_drawn(page)
        expect(page.get_by_role("combobox", name=T("filter.language"))).to_have_value("Arabia")


def test_filters_are_shown_in_each_language_that_is_chosen(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/kysynta?lang=fi&language=ar") as seen:
        page = seen.page
        wait_until_drawn(page)
        for language, name in (("en", "English"), ("sv", "Svenska"), ("fi", "Suomi"), ("en", "English")):
            page.locator(".st-key-top").get_by_text(name, exact=True).click()
            shown = texts(language)
            expect(page.locator("h1").first).to_have_text(shown("page.demand"), timeout=30_000)
            wait_until_drawn(page)
            chosen = page.get_by_role("combobox", name=shown("filter.topic"), exact=True)
            expect(chosen).to_have_value(shown("filter.all.topic"))
            chosen = page.get_by_role("combobox", name=shown("filter.language"), exact=True)
            expect(chosen).to_have_value(code_list("language").label("ar", language).capitalize())


def test_a_click_on_a_bar_filters_the_page(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/kysynta?lang=fi&series=8") as seen:
        page = seen.page
        bar = page.locator(chart_of(page, 1)).locator(".mark-rect path").nth(1)
        expect(bar).to_be_visible(timeout=30_000)
        named = bar.get_attribute("aria-label")
        bar.click()
        mark = page.locator(".st-key-filter_marks").get_by_role("button").first
        expect(mark).to_be_visible(timeout=30_000)
        assert "&language=" in page.url
        assert "series=8" in page.url
        assert named
        page.go_back()
        expect(page.locator(".st-key-filter_marks")).to_have_count(0, timeout=30_000)


def test_a_tab_stays_open_until_back(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/ohjautuminen?lang=fi") as seen:
        page, opened = seen.page, seen.page.locator("[role=tab][aria-selected=true]")
        expect(opened).to_have_text(T("flows.tab.services"), timeout=30_000)
        page.get_by_role("tab", name=T("flows.tab.months")).click()
        page.wait_for_url("**/ohjautuminen?lang=fi&tab=months")
        expect(page.locator("[data-testid=stVegaLiteChart]:visible")).to_have_count(2, timeout=30_000)
        page.locator(".st-key-top").get_by_text("Svenska", exact=True).click()
        expect(opened).to_have_text(texts("sv")("flows.tab.months"), timeout=30_000)
        page.go_back()
        expect(opened).to_have_text(T("flows.tab.months"), timeout=30_000)
        page.go_back()
        expect(opened).to_have_text(T("flows.tab.services"), timeout=30_000)


def test_charts_beside_the_tabs_stay_as_they_are_when_a_tab_is_opened(browser: Browser, server: Server) -> None:
    """And the first tab opened again is the page as it was."""
    with visit(browser, f"{server.url}/tavoittavuus?lang=fi") as seen:
        page, charts = seen.page, seen.page.locator("[data-testid=stVegaLiteChart]")
        for place in (0, 1):
            charts.nth(place).evaluate("chart => { chart.dataset.seen = true }")
        page.get_by_role("tab", name=T("reach.tab.persons")).click()
        page.wait_for_url("**/tavoittavuus?lang=fi&tab=persons")
        expect(charts).to_have_count(4, timeout=30_000)
        assert [charts.nth(place).get_attribute("data-seen") for place in range(4)] == ["true", "true", None, None]
        page.get_by_role("tab", name=T("reach.tab.languages")).click()
        page.wait_for_url("**/tavoittavuus?lang=fi")


def test_back_and_forward_twice_in_a_row_leave_every_choice_to_the_address(browser: Browser, server: Server) -> None:
    """The second is pressed while the page is still drawn for the first: the browser then sends choices that are past."""
    with visit(browser, f"{server.url}/ohjautuminen?lang=fi") as seen:
        page, opened = seen.page, seen.page.locator("[role=tab][aria-selected=true]")
        page.get_by_role("tab", name=T("flows.tab.months")).click()
        page.wait_for_url("**/ohjautuminen?lang=fi&tab=months")
        wait_until_drawn(page)
        page.locator(".st-key-top").get_by_text("English", exact=True).click()
        expect(opened).to_have_text(texts("en")("flows.tab.months"), timeout=30_000)
        wait_until_drawn(page)
        page.get_by_role("tab", name=texts("en")("flows.tab.routes")).click()
        page.wait_for_url("**/ohjautuminen?lang=en&tab=routes")
        wait_until_drawn(page)
        for way, language, tab in (("back", "fi", "months"), ("forward", "en", "routes")):
            # Again as soon as the first is seen in the address and on its way to the server.
            page.evaluate(f"history.{way}(); setTimeout(() => history.{way}(), 60)")
            expect(opened).to_have_text(texts(language)("flows.tab." + tab), timeout=30_000)
            wait_until_drawn(page, quiet=600)
            assert page.url.endswith(f"/ohjautuminen?lang={language}&tab={tab}")
            expect(page.locator("h1").first).to_have_text(texts(language)("page.flows"))


def test_a_click_on_the_map_and_on_a_cell_filters_the_page(browser: Browser, server: Server) -> None:
    """A circle of the map is clicked, on whose side its name stands; a cell of a heat map names two codes."""
    with visit(browser, f"{server.url}/tavoittavuus?lang=fi") as seen:
        page, marks = seen.page, seen.page.locator(".st-key-filter_marks").get_by_role("button")
        page.locator(chart_of(page, 1)).locator(".mark-symbol path[aria-label^='Turku']").click(timeout=30_000)
        expect(marks.filter(has_text="Turku")).to_be_visible(timeout=30_000)
        assert "municipality=853" in page.url
        page.go_back()
        expect(marks).to_have_count(0, timeout=30_000)
        wait_until_drawn(page)
        # The number of the cell lies over it.
        page.locator(chart_of(page, 2)).locator(".mark-text text").first.click(force=True)
        expect(marks.first).to_be_visible(timeout=30_000)
        assert "municipality=" in page.url
        assert "language=" in page.url


def test_a_click_on_a_ribbon_opens_the_service_it_leads_to(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/ohjautuminen?lang=fi") as seen:
        page = seen.page
        page.locator(chart_of(page, 0)).locator(".mark-area path[aria-label*='→ Kela:']").click(timeout=30_000)
        expect(page.get_by_role("heading", name="Kela: ")).to_be_visible(timeout=30_000)
        assert "service=kela" in page.url
        page.go_back()
        expect(page.get_by_role("heading", name="Kela: ")).to_have_count(0, timeout=30_000)
        wait_until_drawn(page, quiet=600)  # the chart is drawn anew, and takes no clicks meanwhile
        # The name beside the ribbon does the same; the sending service on the left leads nowhere.
        names = page.locator(chart_of(page, 0)).locator(".mark-text text")
        opened = page.get_by_role("heading", name="Kela: ")
        for _ in range(3):  # on a busy machine it may still be drawn anew
            names.filter(has_text="Kela").first.click()
            with suppress(TimeoutError):
                opened.wait_for(timeout=10_000)
                break
        expect(opened).to_be_visible()


def test_the_bar_stays_in_sight_and_the_header_takes_no_clicks(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/kysynta?lang=fi") as seen:
        page = seen.page
        expect(page.locator(chart_of(page, 2))).to_be_attached(timeout=30_000)
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 1200)")
        page.wait_for_timeout(300)
        box = page.locator(".st-key-filters").bounding_box()
        assert box
        assert 0 <= box["y"] < 20
        page.get_by_role("combobox", name=T("filter.topic")).click()
        expect(page.get_by_role("option").first).to_be_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [1024, 1280])
def test_sharing_stands_beside_the_sentence_of_the_filters(
    browser: Browser, server: Server, lang: Language, width: int
) -> None:
    with visit(browser, f"{server.url}/mittaristo?lang={lang}&metric=clients") as seen:
        page = seen.page
        page.set_viewport_size({"width": width, "height": 800})
        wait_until_drawn(page)
        share = page.locator(".st-key-said").get_by_role("button").bounding_box()
        sentence = page.locator(".st-key-said p").first.bounding_box()
        assert share
        assert sentence
        assert share["x"] > sentence["x"] + sentence["width"] - 1
        assert share["y"] < sentence["y"] + sentence["height"]
