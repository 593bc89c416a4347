"""Bars, tables and names of periods are whole on small screens."""

from __future__ import annotations

from pages.shell.registry import PAGES
from tests.browser.server import PHONE, SMALL_LAPTOP, Tour


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
        seen.page.set_viewport_size(SMALL_LAPTOP)
        seen.page.wait_for_timeout(800)
        chart = seen.page.locator("[data-testid=stVegaLiteChart] svg").first
        edge = chart.bounding_box()
        names = [one.bounding_box() for one in chart.locator(".role-axis-label text:not([opacity='0'])").all()]
        assert edge
        assert max(box["x"] + box["width"] for box in names if box) <= edge["x"] + edge["width"]
