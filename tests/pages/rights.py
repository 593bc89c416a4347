"""Whose rights a page drawn in a test is drawn with."""

from __future__ import annotations

import pytest

from pages.access import session
from pages.access.rights import READER, STEWARD, Rights


def with_rights(monkeypatch: pytest.MonkeyPatch, rights: Rights = STEWARD) -> None:
    """From now on the session has proof of these rights."""
    monkeypatch.setattr(session, "held", lambda: rights)


def without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the session has proof of nothing: it has been closed meanwhile."""
    with_rights(monkeypatch, READER)
