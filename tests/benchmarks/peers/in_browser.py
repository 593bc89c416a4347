"""From choosing a language to the last paint, here and in Mosaic, each in a Chromium of its own over the same data.

    python -m tests.benchmarks.peers.in_browser STORE

Each language is chosen for the first time, then once more: what was seen before may be kept. Clock times are from the choice to
the last change on the page; processor times of the whole browser and the server; memory of the page's process and the server's.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from data.codes import code_list
from data.store.store import Store
from tests.benchmarks.peers.browsing import WATCH, Sent, cpu, family, memory, of_browser, of_pages
from tests.benchmarks.peers.contestants import export, exported
from tests.benchmarks.peers.duckdb_sql import duckdb_sql
from tests.benchmarks.peers.figures import LANGUAGES, Key
from tests.benchmarks.peers.measuring import linked, machine
from tests.benchmarks.peers.mosaic_pages import build, served
from tests.benchmarks.test_filter_in_browser import COLD, QUIET, choose
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.server import start, wait_until_drawn

BEGIN = """() => document.querySelector("select").addEventListener(
    "input", () => { window.begun = performance.now(); }, {once: true})"""
"""Notes when the menu is used next."""
LOADING = "[data-test=loading-indicator], .loading"
"""Where something is still being asked, as Superset shows it."""
Choose = Callable[[Page, str], float]
"""Choose a language by its code; milliseconds until the last paint."""
Shown = Callable[[Page], dict[Key, float]]
"""The key numbers that a page shows."""


@dataclass
class Seen:
    """opened: milliseconds until the page stood; first, again: of each choice; the rest as in the table."""

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


def look(
    name: str, address: str, stands: Callable[[Page], object], chosen: Choose, server: int, shown: Shown | None = None
) -> Seen:
    """Open a page in a fresh browser and choose one language after another, twice.

    shown: the key numbers that the page shows, to be noted at the end, with the last language chosen.
    """
    seen = Seen(name)
    executable = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        page = chromium.new_page(viewport={"width": 1366, "height": 900})
        sent = Sent(page)
        page.add_init_script(f"addEventListener('DOMContentLoaded', {WATCH})")
        page.goto(address)
        stands(page)
        seen.opened = page.evaluate("() => window.painted")
        seen.at_opening = sent.so_far() / 1e6
        servers = list(family(server)) if server else []
        before = (cpu(of_browser()), cpu(servers), sent.so_far())
        seen.first = [chosen(page, language) for language in LANGUAGES]
        after = (cpu(of_browser()), cpu(servers), sent.so_far())
        seen.browser, seen.server, spent = (
            (late - early) / len(LANGUAGES) for early, late in zip(before, after, strict=True)
        )
        seen.at_choice = spent / 1e3
        seen.again = [chosen(page, language) for language in LANGUAGES]
        seen.numbers = shown(page) if shown else {}
        seen.page_memory, seen.server_memory = memory(of_pages(of_browser())), memory(servers)
        chromium.close()
    return seen


def settled(page: Page) -> None:
    """Wait until nothing is being asked and nothing has changed for a while."""
    page.wait_for_function(
        f"""() => !window.pending && !document.querySelector("{LOADING}")
            && window.painted > (window.begun ?? 0) && performance.now() - window.painted > {QUIET}""",
        timeout=120_000,
    )


def in_menu(page: Page, language: str) -> float:
    """Choose in a menu of the browser's own."""
    page.evaluate(BEGIN)
    page.locator("select").select_option(language)
    settled(page)
    waited: float = page.evaluate("() => window.painted - window.begun")
    return waited


def in_app(page: Page, language: str) -> float:
    """Choose in the app's menu of languages."""
    label = code_list("language").label(language, "fi")
    return choose(page, label[0].upper() + label[1:])


def app_stands(page: Page) -> None:
    """Wait until the app has drawn everything."""
    page.locator("svg.marks").first.wait_for(timeout=120_000)
    wait_until_drawn(page, COLD)
    settled(page)


def mosaic_stands(page: Page) -> None:
    """Wait until Mosaic has drawn everything."""
    page.wait_for_function("() => window.ready", timeout=120_000)
    settled(page)


def mosaic_numbers(page: Page) -> dict[Key, float]:
    """The key numbers of this year."""
    found = json.loads(page.locator("p.numbers").first.inner_text())
    return {(name,): value for name, value in found.items()}


@contextmanager
def _app(store: Path, log: Path) -> Iterator[tuple[str, int]]:
    server = start(store, log)
    try:
        yield f"{server.url}/kysynta?lang=fi", server.process.pid
    finally:
        server.stop()


def ours(store: Path, folder: Path) -> Seen:
    """The page Kysyntä, whose cells have been made before."""
    copy = folder / "store"
    linked(store, copy)
    with _app(copy, folder / "first.log") as (address, process):
        look("first", address, app_stands, in_app, process)
    with _app(copy, folder / "app.log") as (address, process):
        return look("Tilannekuva, visitors", address, app_stands, in_app, process)


def mosaic(store: Path, folder: Path) -> Iterator[Seen]:
    """Mosaic's page both ways; prints a word about what is not there."""
    export(Store(store), folder)
    site = folder / "site"
    if missing := build(site, exported(folder)):
        print(f"Mosaic was not measured: {missing}")
        return
    with served(site) as (address, process):
        yield look("Mosaic, rows in the browser", address, mosaic_stands, in_menu, process, mosaic_numbers)
    with served(site) as (address, process):
        yield look("Mosaic, DuckDB server", f"{address}?server", mosaic_stands, in_menu, process, mosaic_numbers)


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


def main(arguments: Sequence[str]) -> None:
    """Measure all that are here."""
    store = Path(arguments[0]).resolve()
    with tempfile.TemporaryDirectory(dir=store.parent, prefix="peers-") as name:
        folder = Path(name)
        found = [ours(store, folder), *mosaic(store, folder)]
        print(f"\n{machine()}\n\n{table(found)}")
        with Store(store).reading() as cursor:
            known = duckdb_sql(cursor)(LANGUAGES[-1])["numbers"]
        for one in found:
            assert not one.numbers or one.numbers == pytest.approx(known), one.name


if __name__ == "__main__":
    main(sys.argv[1:])
