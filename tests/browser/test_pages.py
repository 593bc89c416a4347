"""Each page as people see it, in each language, on a laptop and on a phone: axe-core finds nothing of ours, nothing is cut or
longer than it should be, no English shows, and paper holds what the screen does.

A page is drawn once for all that is looked at on it, for drawing takes longer than looking. Only in a round of every case it is
drawn in the languages, too, in which axe does not look at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

import pytest
from playwright.sync_api import Page, TimeoutError, ViewportSize, expect

from data.texts import LANGUAGES, Language, texts
from metrics.model.definition import PAGES as OF_METRICS
from pages.shell.registry import PAGES, PageSpec
from tests.browser.axe import faults
from tests.browser.server import MOVES, PHONE, SMALL_LAPTOP, Tour, Visit, wait_until_drawn
from tests.rounds import is_every

SCREENS = ((SMALL_LAPTOP, 3), (PHONE, 6))
"""Of a laptop and of a phone, with how many of them a page may be long."""
LISTS = ("targets", "sources", "importing")
"""Pages of lists, which are as long as what they list."""
PAPER = 703
"""Width of A4 between its margins, in CSS pixels."""
SEEN_BY_NOBODY = """all => all.filter(e => {
  const panel = e.closest("[data-testid=stTabPanel]");
  return !e.checkVisibility() && !e.closest(".on-paper") && (!panel || panel.checkVisibility());
}).length"""
"""Of tables: how many are not seen, in tabs that are."""
CHARTS = "[data-testid=stVegaLiteChart] svg"
CUT_IN_CHARTS = """all => [...all].filter(e => e.checkVisibility()).flatMap(svg => {
  const edge = svg.getBoundingClientRect();
  const drawn = [...svg.querySelectorAll("text")].filter(e => e.textContent.trim() && e.getAttribute("opacity") !== "0");
  return drawn.filter(e => {
    const box = e.getBoundingClientRect();
    return box.left < edge.left - 3 || box.right > edge.right + 3;
  }).map(e => e.textContent);
})"""
"""Of charts: texts that are cut at an edge. Between letters and the edge of their box there are some pixels."""
SHOWN = "element => element.checkVisibility() && element.getBoundingClientRect().width > 0"
EXPANDERS = "[data-testid='stExpander'] details"
# Streamlit moves what opens or closes for half a second.
AT_ITS_END = f"""selector => {{
  const moving = document.getAnimations().filter(one => one.effect.target?.matches("details")).filter({MOVES});
  moving.forEach(one => one.finish());
  return !moving.length && !document.querySelector(selector);
}}"""
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

Case = tuple[PageSpec, Language]
Test = TypeVar("Test", bound=Callable[..., None])


def named(cases: list[Case]) -> list[str]:
    return [f"{spec.id}-{language}" for spec, language in cases]


def with_axe(spec: PageSpec, language: Language) -> bool:
    """Axe looks at each page in one language, which take turns, and at the first page in all: its rules are about elements, which
    are the same in all languages.
    """
    place = PAGES.index(spec)
    return not place or LANGUAGES[place % len(LANGUAGES)] == language


EACH: list[Case] = [(spec, language) for spec in PAGES for language in LANGUAGES]
ON_A_LAPTOP = [case for case in EACH if with_axe(*case)]
ALL = EACH if is_every() else ON_A_LAPTOP
OF_FIGURES = [case for case in ON_A_LAPTOP if case[0].id in OF_METRICS]


@pytest.fixture(scope="module")
def drawn(tour: Tour, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A page in a language, by the test's parameter: on a laptop where axe is to look at it, on a phone otherwise."""
    spec, language = request.param
    with tour.at(spec, language, SMALL_LAPTOP if with_axe(spec, language) else PHONE) as seen:
        yield seen


def look_at(cases: list[Case]) -> Callable[[Test], Test]:
    drawing = pytest.mark.parametrize("drawn", cases, ids=named(cases), indirect=True, scope="module")
    return lambda test: pytest.mark.unthinned(drawing(test))


def size_of(page: Page) -> ViewportSize:
    size = page.viewport_size
    assert size
    return size


@look_at(OF_FIGURES)
def test_the_answer_and_a_picture_begin_on_the_first_screen(drawn: Visit) -> None:
    page = drawn.page
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    answer = page.get_by_test_id("stMain").locator("h2").first.bounding_box()
    picture = page.locator("[data-testid=stVegaLiteChart], [data-testid=stMetric]").first.bounding_box()
    assert answer
    assert picture
    assert answer["y"] + answer["height"] < SMALL_LAPTOP["height"]
    assert picture["y"] + picture["height"] / 2 < SMALL_LAPTOP["height"]


@look_at([case for case in ALL if case[1] != "en"])
def test_no_english_shows_or_is_spoken(drawn: Visit) -> None:
    """Streamlit's own words, neither to the eye nor to a screen reader."""
    menu = drawn.page.get_by_test_id("stMainMenuList")
    drawn.page.get_by_test_id("stMainMenuButton").click()
    expect(menu).to_be_visible()
    found: list[str] = drawn.page.evaluate(TEXTS)
    drawn.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    assert [text for text in found if ENGLISH & set(re.findall(r"[a-z]+", text.lower()))] == []


ALONE = """main => {
  const found = [], heads = "h1, h2, h3, h4, h5, h6";
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const seen = (one) => one.checkVisibility() && one.getBoundingClientRect().height > 1;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.nodeType === Node.TEXT_NODE, one = text ? node.parentElement : node;
    if (!seen(one)) continue;
    if (!text && one.matches(heads)) found.push([Number(one.tagName[1]), one.textContent]);
    else if (!one.closest(heads + ", [data-testid=stHeading]") && (text ? node.data.trim() : one.matches("svg, canvas, img")))
      found.push([0]);
  }
  return found.filter(([level], at) => {
    const [next] = found[at + 1] ?? [1];
    return level && next && next <= level;
  }).map(([_, heading]) => heading);
}"""
"""Of what is seen of a page: the headings under which nothing stands before another of the same or a higher level."""


@look_at(ALL)
def test_on_paper_no_heading_stands_over_nothing_and_marks_of_the_figures_stay(drawn: Visit) -> None:
    """What is done on the screen alone is left out with its heading; that figures are made up is said on paper, too."""
    page, main = drawn.page, drawn.page.get_by_test_id("stMain")
    marks = main.locator(".stMarkdownBadge:visible")
    said = marks.all_inner_texts()
    assert main.evaluate(ALONE) == []
    page.emulate_media(media="print")
    try:
        assert main.evaluate(ALONE) == []
        assert marks.all_inner_texts() == said
    finally:
        page.emulate_media(media="null")


OF_PAPER = """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).filter(
  rule => rule.media && rule.media.mediaText === "print").map(rule => rule.cssText).join()"""
"""What style sheets say of paper alone."""


@look_at(OF_FIGURES)
def test_every_sheet_of_paper_says_that_the_figures_are_made_up(drawn: Visit) -> None:
    """A page of several sheets has its badge on the first alone."""
    said = drawn.page.evaluate(OF_PAPER)
    lang = drawn.page.evaluate("new URLSearchParams(location.search).get('lang')")
    assert f'@bottom-right {{ content: "{texts(lang)("page.sample.mark")}"' in said


CUT_ON_PAPER = """(all, paper) => all.filter(table => table.checkVisibility()).filter(table => {
  const box = table.getBoundingClientRect(), around = table.parentElement;
  return box.left < 0 || box.right > paper
    || around.scrollWidth > around.clientWidth || around.scrollHeight > around.clientHeight;
}).map(table => table.caption.textContent)"""
"""Of tables: which of those that are seen are cut at an edge of the paper, or of their own box, which nobody scrolls there."""


@look_at(ALL)
def test_no_open_table_is_cut_on_paper(drawn: Visit) -> None:
    """Of many columns or rows, in every tab: in parts, or in smaller type."""
    page = drawn.page
    page.set_viewport_size({"width": PAPER, "height": 1000})
    for _ in closed_tabs(page):
        press_all(page, ":not([open])")
        page.emulate_media(media="print")
        try:
            page.wait_for_timeout(400)
            assert page.locator("table").evaluate_all(CUT_ON_PAPER, PAPER) == []
        finally:
            page.emulate_media(media="null")
            press_all(page, "[open]")
    page.set_viewport_size(SMALL_LAPTOP)


@look_at(ALL)
def test_what_is_around_a_table_on_paper_is_no_flex_box(drawn: Visit) -> None:
    """In one the headings that a table has again on its next sheet are not reckoned with: what follows lies on its last rows."""
    page = drawn.page
    page.emulate_media(media="print")
    try:
        around = page.evaluate(AROUND_TABLES)
        assert "flex" not in around
    finally:
        page.emulate_media(media="null")


AROUND_TABLES = """() => [...document.querySelectorAll("[data-testid=stMain] table")].flatMap(one => {
  const found = [];
  if (!one.checkVisibility()) return found;
  for (let box = one.parentElement; box && box.dataset.testid !== "stMainBlockContainer"; box = box.parentElement)
    found.push(getComputedStyle(box).display);
  return found;
})"""
"""How what is around each table that is seen lays its parts out."""


@look_at(OF_FIGURES)
def test_a_page_on_paper_has_what_it_says_and_nothing_to_press(drawn: Visit) -> None:
    """Ctrl+P gives a clean sheet: title, what is chosen, figures whole and within the paper."""
    page, main = drawn.page, drawn.page.get_by_test_id("stMain")
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
        page.set_viewport_size(SMALL_LAPTOP)


def closed_tabs(page: Page) -> Iterator[None]:
    """One tab after another, or the page if it has none, as it is when nothing has been opened on it."""
    tabs = page.get_by_role("tab")
    for place in range(max(tabs.count(), 1)):
        if tabs.count():
            tabs.nth(place).click()
            expect(tabs.nth(place)).to_have_attribute("aria-selected", "true")
        wait_until_drawn(page, quiet=200)  # what is in the tab is asked for, and charts take their width
        yield


def press_all(page: Page, state: str) -> None:
    """Everything that can be opened or closed, in every tab: `[open]` closes, `:not([open])` opens. To its end."""
    page.locator(f"{EXPANDERS}{state} summary").evaluate_all("all => all.forEach(one => one.click())")
    page.wait_for_function(AT_ITS_END, arg=f"{EXPANDERS}{state}")


def nothing_is_cut_in_charts(page: Page) -> None:
    """Once they have taken their width."""
    with suppress(TimeoutError):
        page.wait_for_function(
            f"charts => !({CUT_IN_CHARTS})(document.querySelectorAll(charts)).length", arg=CHARTS, timeout=5_000
        )
    assert page.locator(CHARTS).evaluate_all(CUT_IN_CHARTS) == []


@look_at(ALL)
def test_nothing_is_cut_or_too_long_and_axe_finds_nothing_of_ours(drawn: Visit, request: pytest.FixtureRequest) -> None:
    spec, language = request.node.callspec.params["drawn"]
    page = drawn.page
    expect(page.get_by_text(texts(language)("page.failed"))).to_have_count(0)
    for size, screens in SCREENS:
        if size["width"] > size_of(page)["width"]:
            continue
        page.set_viewport_size(size)
        for _ in closed_tabs(page):
            height = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
            nothing_is_cut_in_charts(page)
            assert spec.id in LISTS or height <= screens * size["height"], f"{size['width']} wide"
            press_all(page, ":not([open])")
            assert page.locator("[data-testid='stExpander'] table").evaluate_all(SEEN_BY_NOBODY) == 0
            if size == SMALL_LAPTOP:
                assert faults(page)[0] == []
            else:
                for element in ("html", "[data-testid='stMain']"):
                    assert page.locator(element).evaluate("e => e.scrollWidth <= window.innerWidth"), element
            press_all(page, "[open]")
    assert drawn.outside == []
