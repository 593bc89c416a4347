"""axe-core finds nothing on the pages of a site as files, and a phone needs no sideways scrolling."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from data.texts import LANGUAGES
from metrics.packages.opening import package_of
from pages.site.writing import write
from tests.browser.axe import WCAG_21_AA
from tests.metrics.packages.conftest import Made, two

__all__ = ["two"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_found_on_any_kind_of_page(
    lang: str, two: tuple[Made, Made], tmp_path: Path, browser: Browser
) -> None:
    write(package_of(two[0].package.content, "x"), tmp_path / "out")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    try:
        for name in ("index", "clients", "solved_share"):
            page.goto((tmp_path / "out" / lang / f"{name}.html").as_uri())
            assert Axe().run(page, options=WCAG_21_AA).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            for width in (390, 1366):
                page.set_viewport_size({"width": width, "height": 800})
                assert [table for table in page.locator("table").all() if not table.is_visible()] == []
                assert sum(figure.is_visible() for figure in page.locator("figure").all()) == (name != "index")
            page.set_viewport_size({"width": 390, "height": 800})
    finally:
        page.close()
