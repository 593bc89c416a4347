"""The open interface in process, over a small store that is open to others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data.sample.plan import make_plan
from data.sample.publish import publish
from data.store.releases import open_to_others
from data.store.store import Store
from pages.access import open_interface
from pages.api import door
from tests.once import once

NOW = "2026-ytd-10"


@once
def released(folder: Path) -> Store:
    """Read it only."""
    store = Store(folder / "store")
    publish(make_plan(6000, 1, date(2026, 10, 31)), store)
    open_to_others(store)
    return store


@pytest.fixture(autouse=True)
def environment(released: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(released.path))
    monkeypatch.setenv(open_interface.SWITCH, "public")


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=door.routes()), raise_server_exceptions=True) as made:
        yield made
