"""Looking at a page in a browser of its own: what choosing one language after another costs, until the last paint."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.peers.browsing import WATCH, Sent, cpu, family, memory, of_browser, of_pages
from tests.benchmarks.peers.figures import LANGUAGES, Key
from tests.benchmarks.test_filter_in_browser import QUIET
from tests.browser.chromium import FLAGS, find_chromium

LOADING = "[data-test=loading-indicator], .loading"
"""Where something is still being asked, as Superset shows it."""


@dataclass(frozen=True)
class Way:
    """How a page is used.

    stands: wait until it is drawn; choose: a language by its code, milliseconds until the last paint; enter: what comes before
    it; shown: the key numbers on it.
    """

    stands: Callable[[Page], object]
    choose: Callable[[Page, str], float]
    enter: Callable[[Page], object] = lambda page: None
    shown: Callable[[Page], dict[Key, float]] = lambda page: {}


@dataclass
class Seen:
    """opened: milliseconds until the page stood; first, again: of each choice; numbers: with the last language."""

    name: str
    opened: float = 0
    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    browser: float = 0
    server: float = 0
    page_memory: float = 0
    server_memory: float = 0
    at_opening: float = 0
    at_choice: float = 0
    numbers: dict[Key, float] = field(default_factory=dict)


def look(name: str, address: str, way: Way, server: int) -> Seen:
    """Open a page in a fresh browser and choose one language after another, twice. server: its process."""
    seen, executable = Seen(name), find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        page = chromium.new_page(viewport={"width": 1366, "height": 900})
        way.enter(page)
        sent = Sent(page)
        page.add_init_script(f"addEventListener('DOMContentLoaded', {WATCH})")
        page.goto(address)
        way.stands(page)
        seen.opened = page.evaluate("() => window.painted")
        seen.at_opening = sent.so_far() / 1e6
        servers = list(family(server))
        before = (cpu(of_browser()), cpu(servers), sent.so_far())
        seen.first = [way.choose(page, language) for language in LANGUAGES]
        after = (cpu(of_browser()), cpu(servers), sent.so_far())
        spent = [(late - early) / len(LANGUAGES) for early, late in zip(before, after, strict=True)]
        seen.browser, seen.server, seen.at_choice = spent[0], spent[1], spent[2] / 1e3
        seen.again = [way.choose(page, language) for language in LANGUAGES]
        seen.page_memory, seen.server_memory = memory(of_pages(of_browser())), memory(servers)
        seen.numbers = way.shown(page)
        chromium.close()
    return seen


def settled(page: Page) -> None:
    """Wait until nothing is being asked and nothing has changed for a while."""
    page.wait_for_function(
        f"""() => !window.pending && !document.querySelector("{LOADING}")
            && window.painted > (window.begun ?? 0) && performance.now() - window.painted > {QUIET}""",
        timeout=120_000,
    )


def until_painted(page: Page, event: str, act: Callable[[], object]) -> float:
    """Milliseconds from an event, which an act of the person brings about, to the last paint."""
    page.evaluate(
        "event => document.addEventListener(event, () => { window.begun = performance.now(); }, {capture: true, once: true})",
        event,
    )
    act()
    settled(page)
    waited: float = page.evaluate("() => window.painted - window.begun")
    return waited


def table(found: Sequence[Seen]) -> str:
    """A table in Markdown."""
    lines = [
        "| | opened, ms | filter change, ms (p95) | seen before, ms | browser, CPU ms | server, CPU ms "
        "| page, MB | server, MB | sent at opening, MB | sent at a change, kB |",
        "|---|" + "---:|" * 9,
    ]
    for one in found:
        first = f"{statistics.median(one.first):.0f} ({statistics.quantiles(one.first, n=20)[-1]:.0f})"
        times = (
            f"{one.opened:.0f} | {first} | {statistics.median(one.again):.0f} | {one.browser:.0f} | {one.server:.0f}"
        )
        sizes = f"{one.page_memory:.0f} | {one.server_memory:.0f} | {one.at_opening:.1f} | {one.at_choice:.0f}"
        lines.append(f"| {one.name} | {times} | {sizes} |")
    return "\n".join(lines)
