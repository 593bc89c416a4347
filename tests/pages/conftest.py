"""Pages drawn without a browser, over the sample municipality."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.shell.serving import Serving, serving
from tests.pages.drawn import Open, open_page


@pytest.fixture
def opened(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page in a language with parameters in its address."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    return open_page


@pytest.fixture
def served(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Serving:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    found = serving()
    assert found is not None
    return found
