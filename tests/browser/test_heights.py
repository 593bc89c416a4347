"""No page is longer than three screens of a laptop or six of a phone, whichever tab is open, and its answer comes first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from metrics.model.definition import PAGES as OF_METRICS
from pages.shell.registry import PAGES, PageSpec
from tests.browser.server import Tour

SCREENS = ((ViewportSize(width=1366, height=768), 3), (ViewportSize(width=390, height=844), 6))
"""Of a laptop and of a phone, with how many of them a page may be long."""
PHONE = SCREENS[1][0]
LISTS = ("targets", "sources", "importing")
"""Pages of lists, which are as long as what they list."""


def heights(page: Page) -> list[int]:
    """The length of the page with each of its tabs open."""
    found, tabs = [], page.get_by_role("tab")
    for place in range(max(tabs.count(), 1)):
        if tabs.count():
            tabs.nth(place).click()
            expect(tabs.nth(place)).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(400)  # charts take their width
        found.append(int(page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")))
    return found


@pytest.mark.parametrize("spec", [spec for spec in PAGES if spec.id not in LISTS], ids=lambda spec: spec.id)
def test_a_page_has_few_screens(spec: PageSpec, tour: Tour) -> None:
    with tour.at(spec, "fi") as seen:
        for size, screens in SCREENS:
            seen.page.set_viewport_size(size)
            assert max(heights(seen.page)) <= screens * size["height"], f"{size['width']} wide"


def test_bars_and_tables_are_whole_on_a_phone(tour: Tour) -> None:
    """Names stand above bars, so that the longest has half of the width; and no column of a table has to go."""
    with tour.at(next(spec for spec in PAGES if spec.id == "centre"), "fi") as seen:
        seen.page.set_viewport_size(PHONE)
        seen.page.wait_for_timeout(800)
        bar = seen.page.locator("[data-testid=stVegaLiteChart] .mark-rect path").first.bounding_box()
        assert bar
        assert bar["width"] > 0.45 * PHONE["width"]
        head = seen.page.locator(".values.titled").first.locator("thead th")
        for place in range(5):
            box = head.nth(place).bounding_box()
            assert box, "a column has gone"
            assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]


def test_no_name_of_a_period_is_cut_at_the_end_of_a_line(tour: Tour) -> None:
    with tour.at(next(spec for spec in PAGES if spec.id == "compare"), "sv") as seen:
        seen.page.set_viewport_size(SCREENS[0][0])
        seen.page.wait_for_timeout(800)
        chart = seen.page.locator("[data-testid=stVegaLiteChart] svg").first
        edge = chart.bounding_box()
        names = [one.bounding_box() for one in chart.locator(".role-axis-label text:not([opacity='0'])").all()]
        assert edge
        assert max(box["x"] + box["width"] for box in names if box) <= edge["x"] + edge["width"]


@pytest.mark.parametrize("spec", [spec for spec in PAGES if spec.id in OF_METRICS], ids=lambda spec: spec.id)
def test_the_answer_and_a_picture_begin_on_the_first_screen(spec: PageSpec, tour: Tour) -> None:
    with tour.at(spec, "fi") as seen:
        seen.page.set_viewport_size(SCREENS[0][0])
        seen.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
        answer = seen.page.get_by_test_id("stMain").locator("h2").first.bounding_box()
        picture = seen.page.locator("[data-testid=stVegaLiteChart], [data-testid=stMetric]").first.bounding_box()
        assert answer
        assert picture
        assert answer["y"] + answer["height"] < SCREENS[0][0]["height"]
        assert picture["y"] + picture["height"] / 2 < SCREENS[0][0]["height"]
