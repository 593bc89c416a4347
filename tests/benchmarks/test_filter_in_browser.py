"""What a person waits for: from choosing a filter to the last chart painted in Chromium, and the memory the app takes."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from data.store.store import Store
from data.texts import texts
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.server import Server, start, wait_until_drawn

pytestmark = pytest.mark.benchmark

LANGUAGES = ("Arabia", "Venäjä", "Somali", "Ukraina", "Persia", "Englanti")
ROUNDS = 4
COLD = 300
"""Seconds within which the cells of a page are made from 10 M encounters, the first time."""
QUIET = 700
"""Milliseconds without a change on screen after which the page counts as painted."""

# Notes when anything inside a chart last changed, and gives the frame after it.
WATCH = """() => {
  window.painted = 0;
  new MutationObserver(changes => {
    if (changes.some(c => c.target.closest && c.target.closest("svg.marks, [data-testid='stVegaLiteChart']")))
      requestAnimationFrame(() => { window.painted = performance.now(); });
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""


@pytest.fixture
def running(large: Store, small: Store, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """The app on the small and on the large store."""
    servers = [start(store.path, tmp_path / f"{name}.log") for store, name in ((small, "small"), (large, "large"))]
    yield servers[0], servers[1]
    for server in servers:
        server.stop()


def choose(page: Page, name: str) -> float:
    """Milliseconds from the click on a language to the last change in a chart."""
    named = (
        page.locator(".st-key-filters").get_by_test_id("stSelectbox").filter(has_text=texts("fi")("filter.language"))
    )
    box = named.locator("input")
    box.click()
    box.fill(name)  # the list shows a few at a time
    option = page.get_by_role("option", name=name, exact=True)
    option.wait_for()
    page.evaluate("""() => { window.painted = 0;
        document.addEventListener('click', () => { window.begun = performance.now(); }, {capture: true, once: true}); }""")
    option.click()
    page.wait_for_function(
        f"() => window.painted > window.begun && performance.now() - window.painted > {QUIET}", timeout=120_000
    )
    wait_until_drawn(page, COLD)
    waited: float = page.evaluate("() => window.painted - window.begun")
    return waited


def waits(page: Page, server: Server) -> list[float]:
    """Waits at *Kysyntä* once its cells are there; each choice is another language than the one before."""
    page.goto(f"{server.url}/kysynta?lang=fi")
    page.locator("svg.marks").first.wait_for(timeout=120_000)
    wait_until_drawn(page, COLD)
    page.evaluate(WATCH)
    for name in LANGUAGES:
        choose(page, name)  # the first time makes the cells
    return [choose(page, name) for _ in range(ROUNDS) for name in LANGUAGES]


def peak_memory(server: Server) -> float:
    """The most memory the app has held, in megabytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def test_a_filter_change_is_painted_as_fast_at_any_size(running: tuple[Server, Server]) -> None:
    executable = find_chromium()
    assert executable is not None
    told, begun = [], time.perf_counter()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        for server in running:
            page = chromium.new_page(viewport={"width": 1366, "height": 900})
            told.append(waits(page, server))
            for path in ("", "ohjautuminen", "tyollistyminen"):
                page.goto(f"{server.url}/{path}?lang=fi")
                page.locator("svg.marks").first.wait_for(timeout=180_000)
                wait_until_drawn(page, COLD)
            page.close()
        chromium.close()
    few, many = (statistics.median(found) for found in told)
    print(
        f"\nfilter change to last paint, large: median {many:.0f} ms, p95 {statistics.quantiles(told[1], n=20)[-1]:.0f} ms"
    )
    print(f"small: median {few:.0f} ms, p95 {statistics.quantiles(told[0], n=20)[-1]:.0f} ms, ratio {many / few:.2f}")
    print(f"peak memory of the app: {peak_memory(running[0]):.0f} MB small, {peak_memory(running[1]):.0f} MB large")
    print(f"{time.perf_counter() - begun:.0f} s in all")
    assert many <= 1.5 * few
