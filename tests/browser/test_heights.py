"""Bars, tables and names of periods are whole on small screens."""

from __future__ import annotations

from playwright.sync_api import Browser, ViewportSize

from pages.shell.registry import PAGES
from tests.browser.server import PHONE, SMALL_LAPTOP, Server, Tour, visit, wait_until_drawn
from tests.browser.windows import LAPTOP

NARROW_LAPTOP = ViewportSize(width=1280, height=800)


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


def test_a_number_in_a_tile_is_not_cut_on_a_phone(tour: Tour) -> None:
    """Such as a bound in Swedish, which is longer than any number."""
    with tour.at(next(spec for spec in PAGES if spec.id == "flows"), "sv") as seen:
        seen.page.set_viewport_size(PHONE)
        seen.page.wait_for_timeout(500)
        text = seen.page.locator("[data-testid=stMetricValue] p").first
        cut = text.evaluate("""one => {
            one.textContent = "under 95 %";
            const written = document.createRange();
            written.selectNodeContents(one);
            const box = one.closest("[data-testid=stMetric]").getBoundingClientRect();
            return [written.getBoundingClientRect().right > box.right, getComputedStyle(one).textOverflow,
                    getComputedStyle(one.parentElement).overflow];
        }""")
        assert cut[0] is False, cut
        assert cut[2] == "visible", cut


def test_tables_in_half_of_a_laptop_are_not_cut(tour: Tour) -> None:
    """Nor are the chosen filters, which all stand in one row there."""
    with tour.at(next(spec for spec in PAGES if spec.id == "centre"), "fi") as seen:
        seen.page.set_viewport_size(NARROW_LAPTOP)
        seen.page.wait_for_timeout(800)
        tables = seen.page.locator(".values.titled")
        assert tables.count() >= 2
        assert tables.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length") == 0
        row = seen.page.locator(".st-key-filter_row > div")
        ends = {round(box["y"] + box["height"]) for box in (one.bounding_box() for one in row.all()) if box}
        assert max(ends) - min(ends) < 5, ends
        row.last.evaluate("one => one.remove()")  # as for a visitor of whom there is nothing more to choose
        fields = [box for box in (one.bounding_box() for one in row.all()) if box]
        assert len(fields) > 2
        assert max(box["y"] for box in fields) - min(box["y"] for box in fields) < 5, fields


def test_what_an_address_has_wrong_stands_above_the_fields_of_the_catalogue(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/mittaristo?lang=fi&metric=shoe_size") as seen:
        seen.page.set_viewport_size(LAPTOP)
        wait_until_drawn(seen.page)
        fields = [one.bounding_box() for one in seen.page.locator(".st-key-catalogue_row > div").all()]
        warning = seen.page.get_by_text("shoe_size").bounding_box()
        assert warning
        assert len(fields) == 3
        assert len({round(box["y"] + box["height"]) for box in fields if box}) == 1, "one row"
        assert warning["y"] + warning["height"] <= min(box["y"] for box in fields if box)


def test_no_name_of_a_period_is_cut_at_the_end_of_a_line(tour: Tour) -> None:
    with tour.at(next(spec for spec in PAGES if spec.id == "compare"), "sv") as seen:
        seen.page.set_viewport_size(SMALL_LAPTOP)
        seen.page.wait_for_timeout(800)
        chart = seen.page.locator("[data-testid=stVegaLiteChart] svg").first
        edge = chart.bounding_box()
        names = [one.bounding_box() for one in chart.locator(".role-axis-label text:not([opacity='0'])").all()]
        assert edge
        assert max(box["x"] + box["width"] for box in names if box) <= edge["x"] + edge["width"]
