"""Backups are sealed with little work, but where a test says that it wants the library's own."""

from __future__ import annotations

from collections.abc import Iterator

import pyrage
import pytest

from data.backup import sealing
from tests.data.backup import little_work


@pytest.fixture(scope="session", autouse=True)
def sealed_with_little_work() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "passphrase", little_work)
        yield


@pytest.fixture
def sealed_as_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "passphrase", pyrage.passphrase)
