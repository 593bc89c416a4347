"""Stores to measure on. `make bench` makes them once in a folder that is kept: 10 M encounters take minutes to make."""

import os
import tempfile
from pathlib import Path

import pytest

from data.cli import main
from data.store.store import Store

SMALL, LARGE = 100_000, 10_000_000


def sample(encounters: int) -> Store:
    """A sample store of that size, made when it is not there yet."""
    folder = Path(os.environ.get("TILANNEKUVA_BENCH", Path(tempfile.gettempdir()) / "tilannekuva-bench"))
    store = Store(folder / f"sample-{encounters}")
    if store.current() is None:
        folder.mkdir(parents=True, exist_ok=True)
        assert (
            main(["sample", "--encounters", str(encounters), "--store", str(store.path), "--until", "2026-10-31"]) == 0
        )
    return store


@pytest.fixture(scope="session")
def small() -> Store:
    """100 000 encounters."""
    return sample(SMALL)


@pytest.fixture(scope="session")
def large() -> Store:
    """10 000 000 encounters (`TILANNEKUVA_BENCH_LARGE` for another number)."""
    return sample(int(os.environ.get("TILANNEKUVA_BENCH_LARGE", LARGE)))
