"""Ctrl+P gives a clean sheet: title, what is chosen, figures whole and within the paper, and nothing to choose or press."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from metrics.model.definition import PAGES as OF_METRICS
from pages.shell.registry import PAGES, PageSpec
from tests.browser.server import Tour

PAPER = 703
"""Width of A4 between its margins, in CSS pixels."""
SHOWN = "element => element.checkVisibility() && element.getBoundingClientRect().width > 0"


@pytest.mark.parametrize("spec", [spec for spec in PAGES if spec.id in OF_METRICS], ids=lambda spec: spec.id)
def test_a_page_on_paper_has_what_it_says_and_nothing_to_press(spec: PageSpec, tour: Tour) -> None:
    with tour.at(spec, "fi") as seen:
        page, main = seen.page, seen.page.get_by_test_id("stMain")
        charts = main.locator("[data-testid=stVegaLiteChart]:visible").count()
        tiles = main.locator("[data-testid=stMetric]:visible").count()
        page.set_viewport_size({"width": PAPER, "height": 1000})
        page.emulate_media(media="print")
        try:
            page.wait_for_timeout(400)  # charts take their width
            for gone in (
                page.get_by_test_id("stSidebar"),
                page.get_by_test_id("stHeader"),
                page.locator(".st-key-filters"),
            ):
                expect(gone.first).not_to_be_visible()
            controls = main.locator("button:not([role=tab]), input, [role=combobox], [role=radiogroup]")
            assert [one.evaluate("one => one.outerHTML") for one in controls.all() if one.evaluate(SHOWN)] == []
            expect(main.locator("h1").first).to_be_visible()
            assert main.locator("[data-testid=stVegaLiteChart]:visible").count() == charts
            assert main.locator("[data-testid=stMetric]:visible").count() == tiles
            pictures = main.locator("[data-testid=stVegaLiteChart] :is(svg, canvas):visible, table:visible")
            boxes = [box for one in pictures.all() if (box := one.bounding_box())]
            assert max(box["x"] + box["width"] for box in boxes) <= PAPER
        finally:
            page.emulate_media(media="null")
