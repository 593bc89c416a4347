"""A server that makes cells looks at its own pages before people do, and tells nobody that somebody has looked."""

from __future__ import annotations

import json
from pathlib import Path

from data.store.audit import AuditLog
from pages.shell.registry import PAGES
from tests.browser.server import start
from tests.conftest import own_copy


def test_all_pages_are_drawn_once_their_cells_are_there(sample_store: Path, tmp_path: Path) -> None:
    own = own_copy(sample_store, tmp_path / "own")
    before = len([*AuditLog(own).lines()])
    server = start(own, tmp_path / "log", TILANNEKUVA_LOG="json", TILANNEKUVA_CELLS="1")
    try:
        server.wait_until_said("before people do", 240)
        lines = [json.loads(line) for line in server.log_text().splitlines() if line.startswith("{")]
    finally:
        server.stop()
    assert [line["event"] for line in lines if "before people do" in line["event"]] == [
        f"the server has looked at {len(PAGES)} pages before people do"
    ]
    assert not [line for line in lines if line["level"] in ("warning", "error")], "as where a page cannot be drawn"
    assert not [line for line in [*AuditLog(own).lines()][before:] if line.what == "asked"]
