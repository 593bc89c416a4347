"""A steward's own store, for the tests of *Tietojen tuonti*."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.rights import with_rights


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it will lie: nothing has been imported."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "own"))
    with_rights(monkeypatch)
    return tmp_path / "own"
