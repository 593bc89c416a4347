"""A running app, an nginx, and nobody outside to call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import conftest as of_the_browser
from tests.browser.chromium import needed
from tests.browser.server import Server, start
from tests.deploy.nginx import HOW_TO_GET_ONE, NONE_FOUND, find_nginx

browser: Callable[..., Browser] = of_the_browser.browser
start_server: Callable[..., Iterator[Callable[..., Server]]] = of_the_browser.start_server


@pytest.fixture(scope="session")
def nginx() -> str:
    """Path of an nginx. Without one its tests are skipped at home and fail in CI."""
    return needed(find_nginx(), NONE_FOUND, HOW_TO_GET_ONE)


@pytest.fixture(scope="module")
def local(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as it is started on one's own machine, with a local door that nobody has opened."""
    running = start(sample_store, tmp_path_factory.mktemp("app") / "server.log")
    yield running
    running.stop()
