"""From choosing a language to the last paint, here and in peers, each in a Chromium of its own over the same data.

    python -m tests.benchmarks.peers.in_browser STORE [--superset FOLDER]

Each language is chosen for the first time, then once more: what was seen before may be kept. Clock times are from the choice to
the last change on the page; processor times of the whole browser and the server; memory of the page's process and the server's.
--superset: the environment of Apache Superset, which is made when it is not there: some minutes and 1.5 GB.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from data.codes import code_list
from data.store.store import Store
from tests.benchmarks.peers import superset_page
from tests.benchmarks.peers.contestants import export, exported
from tests.benchmarks.peers.duckdb_sql import duckdb_sql
from tests.benchmarks.peers.figures import LANGUAGES, Key
from tests.benchmarks.peers.looking import Seen, Way, look, settled, table, until_painted
from tests.benchmarks.peers.measuring import linked, machine
from tests.benchmarks.peers.mosaic_pages import build, served
from tests.benchmarks.peers.superset_server import environment, superset
from tests.benchmarks.test_filter_in_browser import COLD, choose
from tests.browser.server import start, wait_until_drawn


def _in_app(page: Page, language: str) -> float:
    label = code_list("language").label(language, "fi")
    return choose(page, label[0].upper() + label[1:])


def _app_stands(page: Page) -> None:
    page.locator("svg.marks").first.wait_for(timeout=120_000)
    wait_until_drawn(page, COLD)
    settled(page)


def _in_menu(page: Page, language: str) -> float:
    return until_painted(page, "input", lambda: page.locator("select").select_option(language))


def _mosaic_stands(page: Page) -> None:
    page.wait_for_function("() => window.ready", timeout=120_000)
    settled(page)


def _mosaic_numbers(page: Page) -> dict[Key, float]:
    found = json.loads(page.locator("p.numbers").first.inner_text())
    return {(name,): value for name, value in found.items()}


APP = Way(_app_stands, _in_app)
MOSAIC = Way(_mosaic_stands, _in_menu, shown=_mosaic_numbers)


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
        look("first", address, APP, process)
    with _app(copy, folder / "app.log") as (address, process):
        return look("Tilannekuva, visitors", address, APP, process)


def mosaic(folder: Path) -> Iterator[Seen]:
    """Mosaic's page both ways; prints a word about what is not there."""
    site = folder / "site"
    if missing := build(site, exported(folder)):
        print(f"Mosaic was not measured: {missing}")
        return
    with served(site) as (address, process):
        yield look("Mosaic, rows in the browser", address, MOSAIC, process)
    with served(site) as (address, process):
        yield look("Mosaic, DuckDB server", f"{address}?server", MOSAIC, process)


def in_superset(commands: Path, folder: Path) -> Seen:
    """Superset's dashboard; prints how long it takes to start."""
    with superset(commands, folder / "superset", exported(folder)) as running:
        print(f"Superset answered {running.started:.0f} s after its start")
        way = superset_page.way(running.sign_in)
        return look("Superset", running.dashboard, way, running.process)


def main(arguments: Sequence[str]) -> None:
    """Measure all that are here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--superset", type=Path)
    options = parser.parse_args(arguments)
    store = options.store.resolve()
    with tempfile.TemporaryDirectory(dir=store.parent, prefix="peers-") as name:
        folder = Path(name)
        export(Store(store), folder)
        found = [ours(store, folder), *mosaic(folder)]
        if options.superset:
            found.append(in_superset(environment(options.superset.resolve()), folder))
    print(f"\n{machine()}\n\n{table(found)}")
    with Store(store).reading() as cursor:
        known = duckdb_sql(cursor)(LANGUAGES[-1])["numbers"]
    for one in found:
        assert not one.numbers or one.numbers == pytest.approx(known), one.name


if __name__ == "__main__":
    main(sys.argv[1:])
