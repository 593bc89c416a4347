"""A dark page is read as well as a light one, follows the system at once, prints on white; and slides of several figures are read
from ten metres on it too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from data.store.store import Store
from metrics.briefings.briefing import Briefings
from metrics.briefings.freezing import freeze
from tests.browser.axe import faults
from tests.browser.server import PROJECTOR, Server, visit, wait_until_drawn
from tests.conftest import own_copy
from tests.pages.briefings.several import SLIDES
from tests.rounds import some

SMALLEST = 11
"""Points of the smallest text of a chart."""
FARTHEST = 55
"""How often the text of a chart fits into the height of the picture, at most; a headline does so 18 times."""
LIGHTNESS = """(selector) => {
  const style = getComputedStyle(document.querySelector(selector));
  const colour = selector.includes("svg") ? style.fill : style.color;
  return [colour, getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor]
    .map((one) => one.match(/[0-9.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3);
}"""
AXIS = "[data-testid=stVegaLiteChart] svg .role-axis-label text"
OF_SLIDE = """() => {
  const rect = (e) => e.getBoundingClientRect();
  const inside = (a, b) => a.top >= b.top - 1 && a.bottom <= b.bottom + 1 && a.left >= b.left - 1 && a.right <= b.right + 1;
  const screen = rect(document.querySelector(".screen"));
  const parts = [...document.querySelectorAll(".screen h1, .screen .panel, .screen footer")];
  const cut = parts.filter((e) => !inside(rect(e), screen));
  const over = [...document.querySelectorAll(".screen .panel")].flatMap((panel) =>
    [...panel.children, ...panel.querySelectorAll(".number, .label, .lead")].filter((e) => {
      const text = document.createRange();
      text.selectNodeContents(e);
      return e.tagName !== "IMG" && !inside(rect(text), rect(panel));
    }));
  const scales = [...document.querySelectorAll(".screen img")].map((e) =>
    Math.min(rect(e).width / e.naturalWidth, rect(e).height / e.naturalHeight));
  return { cut: cut.map((e) => e.outerHTML.slice(0, 80)), over: over.map((e) => e.outerHTML.slice(0, 80)), scales };
}"""


def is_dark(page: Page, selector: str) -> bool:
    """Whether light text stands on a dark page; the other way round it is light, and anything else fails."""
    text, ground = page.evaluate(LIGHTNESS, selector)
    assert abs(text - ground) > 90, (selector, text, ground)
    return bool(text > ground)


def choose(page: Page, theme: str) -> None:
    """Choose in the menu at the top right, which may be open already."""
    item = page.get_by_test_id(f"stMainMenuItem-theme-{theme}")
    if not item.is_visible():
        page.get_by_test_id("stMainMenu").get_by_role("button").click()
    item.click()
    page.wait_for_timeout(500)


def test_dark_pages_and_slides(
    browser: Browser, start_server: Callable[..., Server], sample_store: Path, tmp_path: Path
) -> None:
    own = own_copy(sample_store, tmp_path / "own")
    Briefings.of(own).save("Kokeilu", freeze(SLIDES, Store(own)))
    server = start_server(own)
    with visit(browser, f"{server.url}/kysynta?lang=fi", door=server) as seen:
        page = seen.page
        page.emulate_media(color_scheme="dark")
        for address in some(("vertailu", "aineistot"), 1):
            page.goto(f"{server.url}/{address}?lang=fi")
            wait_until_drawn(page)
            page.wait_for_timeout(500)
            assert is_dark(page, "h1"), address
            ours, _ = faults(page)
            assert ours == [], address
        page.goto(f"{server.url}/kysynta?lang=fi")
        wait_until_drawn(page)
        expect(page.locator(AXIS).first).to_be_visible()
        assert is_dark(page, AXIS)
        page.locator("summary").first.click()
        page.emulate_media(media="print", color_scheme="dark")
        assert not is_dark(page, "h1")
        # The head of an open table is on the white of the paper.
        expect(page.locator("summary").first).to_have_css("background-color", "rgba(0, 0, 0, 0)")
        assert not is_dark(page, AXIS)
        page.emulate_media(media="screen", color_scheme="dark")
        for dark in (False, True):
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.wait_for_timeout(500)
            assert is_dark(page, AXIS) == dark, "it follows the system, without a round to the server"
        choose(page, "Light")
        assert not is_dark(page, AXIS), "unless the visitor has chosen"
        choose(page, "System")
        assert is_dark(page, AXIS)

        page.set_viewport_size(PROJECTOR)
        for number, slide in some(enumerate(SLIDES, 1), 3):
            page.goto(f"{server.url}/esitys?lang=fi&briefing=B-1&slide={number}")
            expect(page.locator(".screen .panel")).to_have_count(len(slide.figures), timeout=20_000)
            page.wait_for_timeout(200)
            found = page.evaluate(OF_SLIDE)
            assert (found["cut"], found["over"]) == ([], []), slide
            for scale in found["scales"]:
                assert SMALLEST * scale >= PROJECTOR["height"] / FARTHEST, (slide, scale)
        ours, _ = faults(page)
        assert ours == []
        page.keyboard.press("d")
        expect(page.locator(".screen.dark")).to_be_visible(timeout=20_000)
        ours, _ = faults(page)
        assert ours == []
        assert seen.outside == []
