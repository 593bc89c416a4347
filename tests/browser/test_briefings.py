"""The council's way in a real browser: a figure becomes a slide, the briefing is shown by keys, a question from the floor is
answered, and the handout is taken home."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from data.texts import texts
from metrics.briefings.ready import ready_made
from tests.browser.server import PHONE, PROJECTOR, Server, download, visit, wait_until_drawn
from tests.conftest import own_copy


def on_screen(page: Page, place: str) -> None:
    """The slide stands on the screen, alone, and the app is at rest. The one before may stay under it while the page is drawn."""
    slides = page.locator(".screen footer")
    expect(slides.filter(has_text=re.compile(rf"(^| · ){place} / "))).to_have_count(1, timeout=20_000)
    wait_until_drawn(page)
    expect(slides).to_have_count(1)


def fits(page: Page) -> bool:
    """Nothing of the slide is cut and nothing scrolls."""
    return bool(
        page.evaluate(
            """() => {
              const room = document.querySelector(".screen").getBoundingClientRect();
              const parts = [...document.querySelectorAll(".screen h1, .screen img, .screen .number, .screen footer")];
              const inside = parts.every((part) => {
                const at = part.getBoundingClientRect();
                return at.height > 0 && at.top >= room.top - 1 && at.bottom <= room.bottom + 1 && at.right <= innerWidth + 1;
              });
              return inside && room.bottom <= innerHeight + 1;
            }"""
        )
    )


CUT = "all => all.filter(one => one.scrollHeight > one.clientHeight + 1).map(one => one.textContent)"
"""Of headings: those that are not seen whole."""


def test_from_a_figure_to_the_council_and_a_handout(
    browser: Browser, start_server: Callable[..., Server], sample_store: Path, tmp_path: Path
) -> None:
    t, own, count = texts("fi"), own_copy(sample_store, tmp_path / "own"), len(ready_made()["month"].slides)
    server = start_server(own)
    with visit(browser, f"{server.url}/kysynta?lang=fi", door=server) as seen:
        page = seen.page
        page.get_by_role("button", name=t("slide.add")).nth(1).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label(t("briefing.title")).fill("Valtuusto")
        dialog.get_by_label(t("briefing.title")).press("Enter")
        dialog.get_by_role("button", name=t("slide.add")).click()
        expect(dialog.get_by_text("Valtuusto", exact=False).last).to_be_visible(timeout=20_000)
        page.goto(f"{server.url}/esitys?lang=fi&briefing=B-1")
        expect(page.locator(".preview")).to_have_count(1, timeout=20_000)

        page.goto(f"{server.url}/esitys?lang=fi&briefing=month")
        expect(page.locator(".preview")).to_have_count(count, timeout=20_000)
        wait_until_drawn(page)
        page.set_viewport_size(PROJECTOR)
        assert page.locator(".preview :is(h3, h4)").evaluate_all(CUT) == []
        page.get_by_role("button", name=t("briefing.present")).click()
        on_screen(page, "1")
        controls = page.locator(".st-key-controls :is(button, a)")
        for size in (PHONE, PROJECTOR):
            page.set_viewport_size(size)
            for one in controls.all():
                expect(one).to_be_in_viewport(ratio=1)
        expect(page.locator(".st-key-controls kbd").first).to_have_attribute("aria-label", "Pikanäppäin ←")
        for key, place in (
            ("ArrowRight", "2"),
            ("Space", "3"),
            ("PageDown", "4"),
            ("ArrowLeft", "3"),
            ("End", str(count)),
            ("Home", "1"),
        ):
            page.keyboard.press(key)
            on_screen(page, place)
            assert fits(page), place
        expect(page.get_by_test_id("stSidebar")).to_be_hidden()
        expect(page.get_by_test_id("stHeader")).to_be_hidden()
        size = page.locator(".screen h1").evaluate("(heading) => parseFloat(getComputedStyle(heading).fontSize)")
        assert size >= PROJECTOR["height"] / 18, (
            "a headline is read from ten metres when it is an eighteenth of the picture"
        )

        page.keyboard.press(t("present.ask.key").lower())
        field = page.get_by_label(t("floor.metric"))
        expect(field).to_be_focused(timeout=20_000)
        page.keyboard.type("asiakk")
        expect(page.get_by_role("option").first).to_have_text("Asiakkaat")
        page.keyboard.press("Enter")
        expect(page.locator(".screen footer").filter(has_text=f"1 / {count}")).to_have_count(0, timeout=20_000)
        expect(page.locator(".screen .number")).to_have_count(1)
        wait_until_drawn(page)
        assert fits(page)
        page.keyboard.press("Escape")
        on_screen(page, "1")
        expect(page.get_by_label(t("floor.metric"))).to_have_count(0)
        page.keyboard.press("n")
        expect(page.locator(".screen aside")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".preview")).to_have_count(count, timeout=20_000)
        wait_until_drawn(page)
        for kind, start in (("pdf", b"%PDF-"), ("pptx", b"PK")):
            page.get_by_role("button", name=t(f"briefing.make_{kind}")).click()
            button = page.get_by_role("button", name=t(f"briefing.download_{kind}"))
            expect(button).to_be_visible(timeout=30_000)
            wait_until_drawn(page)
            assert Path(download(page, button).path()).read_bytes().startswith(start)
        assert seen.outside == []
    assert "Traceback" not in server.log_text()
