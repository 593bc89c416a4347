"""Streamlit's own English words never show in Finnish or Swedish, nor to a screen reader."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from data.texts import Language
from pages.shell.registry import PAGES, PageSpec
from tests.browser.server import Server, Tour, visit, wait_until_drawn

# All texts and spoken attributes outside charts, tables, names of folders and files, and the names of icon glyphs.
TEXTS = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (element.closest("script, style, noscript, svg.marks, table, code, [data-testid='stIconMaterial']")) continue;
    if (node.nodeType === Node.TEXT_NODE) found.add(node.data.trim());
    else for (const name of ["aria-label", "aria-roledescription", "title", "placeholder", "alt"])
      if (node.hasAttribute(name)) found.add(node.getAttribute(name).trim());
  }
  return [...found];
}"""
# Words that neither Finnish nor Swedish has: any of them gives away a text of Streamlit's, in our dictionary or not.
ENGLISH = frozenset(
    "the and of is are your this help file files with close show download upload browse choose select search clear "
    "sidebar link print press running main pages heading available error drag record".split()
)


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.id)
def test_no_english_shows_or_is_spoken(spec: PageSpec, language: Language, tour: Tour) -> None:
    with tour.at(spec, language) as seen:
        menu = seen.page.get_by_test_id("stMainMenuList")
        seen.page.get_by_test_id("stMainMenuButton").click()
        expect(menu).to_be_visible()
        texts: list[str] = seen.page.evaluate(TEXTS)
        seen.page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
    english = [text for text in texts if ENGLISH & set(re.findall(r"[a-z]+", text.lower()))]
    assert english == []


def test_in_english_the_words_stay(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/?lang=en") as seen:
        expect(seen.page.get_by_test_id("stMainMenuButton")).to_have_attribute("aria-label", "Main menu")


def test_a_switch_translates_back_and_forth(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/?lang=fi") as seen:
        menu = seen.page.get_by_test_id("stMainMenuButton")
        for name, said in (("Svenska", "Meny"), ("English", "Main menu"), ("Suomi", "Valikko")):
            seen.page.locator(".st-key-top").get_by_text(name, exact=True).click()
            expect(menu).to_have_attribute("aria-label", said)
            wait_until_drawn(seen.page)
