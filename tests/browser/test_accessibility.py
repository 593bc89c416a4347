"""Keys reach everything, tables fit a telephone, and axe-core finds what it should (`test_pages` has it look at each page)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from data.texts import LANGUAGES, Language, texts
from tests.browser.axe import STREAMLITS_OWN, faults
from tests.browser.server import PHONE, Server, visit


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", ["metrics", "recommendations"])
def test_the_tables_of_the_catalogue_fit_a_telephone(
    view: str, language: Language, browser: Browser, server: Server
) -> None:
    with visit(browser, f"{server.url}/mittaristo?lang={language}&view={view}") as seen:
        seen.page.set_viewport_size(PHONE)
        boxes = seen.page.locator("[data-testid='stMain'] .values")
        expect(boxes.nth(5)).to_be_attached()
        assert boxes.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length") == 0


def test_an_address_in_the_address_becomes_no_link(browser: Browser, server: Server) -> None:
    query = "lang=https://evil.test/&period=https%3A//evil.test/%20x&www.evil.test=1&a%40evil.test=1"
    with visit(browser, f"{server.url}/?{query}") as seen:
        expect(seen.page.get_by_test_id("stAlert").first).to_contain_text("evil.test")
        assert (
            seen.page.locator("a[href*='//evil.test'], a[href*='www.evil'], a[href^='mailto:']").evaluate_all(
                "all => all.map(a => a.getAttribute('href')).filter(href => !href.startsWith('?') && !href.startsWith('#'))"
            )
            == []
        )


def test_every_fault_we_blame_on_streamlit_is_still_there(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/?lang=fi") as seen:
        expect(seen.page.locator("[data-testid='stMetricChart'] .mark-symbol").first).to_be_attached()
        assert faults(seen.page)[1] == STREAMLITS_OWN


def test_a_fault_of_ours_would_be_found(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/?lang=fi") as seen:
        seen.page.evaluate(
            "document.querySelector('[data-testid=stMain]').insertAdjacentHTML('beforeend', '<img src>')"
        )
        # That there are no others is what the other tests say, of pages that have come to rest.
        assert "image-alt" in [fault.partition(":")[0] for fault in faults(seen.page)[0]]


# The place of the keyboard is marked on the label of a round button, on the frame of a choice list or on the element itself,
# and counts only when the mark is neither see-through nor covered.
FOCUSED = """() => {
  const e = document.activeElement, box = e.closest("[data-testid]"), styles = [];
  for (let n = e; n; n = n.parentElement) styles.push(getComputedStyle(n));
  const mark = [e.closest("label"), e.closest("[role=group]"), e]
    .find(x => x && getComputedStyle(x).outline.startsWith("rgb(11, 92, 173) solid 3px"));
  const area = mark?.getBoundingClientRect();
  const hit = area && document.elementFromPoint(area.x + area.width / 2, area.y + area.height / 2);
  const covered = hit && !mark.contains(hit) && !hit.contains(mark);
  return {
    where: box ? box.dataset.testid : e.tagName,
    name: (e.getAttribute("aria-label") || e.innerText || "").slice(0, 80),
    marked: !!mark && !covered && styles.every(s => s.opacity > 0.5 && s.visibility === "visible"),
  };
}"""


def stop_of_keyboard(page: Page, milliseconds: int = 1000) -> dict[str, Any]:
    """Press Tab; return where it leads to, after what fades in has done so."""
    page.keyboard.press("Tab")
    for _ in range(milliseconds // 50):
        stop: dict[str, Any] = page.evaluate(FOCUSED)
        if stop["marked"] or stop["where"] == "BODY":
            break
        page.wait_for_timeout(50)
    return stop


def test_keys_reach_menu_language_filters_and_tables(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/kysynta?lang=fi") as seen:
        stops = [stop_of_keyboard(seen.page) for _ in range(60)]
        reached = {stop["where"] for stop in stops}
        assert {"stPageLink-NavLink", "stRadio", "stSelectbox"} <= {place.removesuffix("Option") for place in reached}
        summary = texts("fi")("table.show")
        assert any(summary in stop["name"] for stop in stops)
        # The link past the menu is itself only there while it has the focus.
        places = [stop for stop in stops if stop["where"] not in ("BODY", "stSkipToContent")]
        assert [stop for stop in places if not stop["marked"]] == []


def test_a_chart_has_a_name_and_can_be_reached(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/ohjautuminen?lang=sv") as seen:
        chart, named = "[data-testid=stVegaLiteChart]", "[aria-label*=Flödesdiagram]"
        # Its name is there once it is drawn, which is after its place.
        expect(seen.page.locator(f"{chart}{named}, {chart} {named}").first).to_be_visible(timeout=30_000)
