"""A real Chromium and a fresh app server for the browser tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import HOW_TO_GET_ONE, NONE_FOUND, find_chromium, needed, running
from tests.browser.server import Server, Tour, start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Browser:
    """Chromium, for all tests of a worker. Without one the tests are skipped at home and fail in CI."""
    return running(needed(find_chromium(), NONE_FOUND, HOW_TO_GET_ONE))


@pytest.fixture
def start_server(sample_store: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server nobody has asked anything yet, with settings for its environment; all end with the test."""
    servers: list[Server] = []

    def one_more(store: Path = sample_store, *, port: int = 0, **settings: str) -> Server:
        servers.append(start(store, tmp_path / f"server-{len(servers)}.log", port=port, **settings))
        return servers[-1]

    yield one_more
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def tour(browser: Browser, server: Server) -> Iterator[Tour]:
    """A visitor of each language who goes from page to page: loading the app takes longer than what is looked at."""
    tour = Tour(browser, server)
    yield tour
    tour.end()


@pytest.fixture(scope="session")
def server(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running app for the tests that need no fresh one."""
    running = start(sample_store, tmp_path_factory.mktemp("server") / "server.log")
    yield running
    running.stop()
