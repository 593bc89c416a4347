"""The manager's way in a real browser: an alert on the overview, a figure as files, and a link that shows the same view."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Browser, expect

from data.texts import texts
from metrics.watching.watch import Watches
from tests.browser.server import Server, download, visit, wait_until_drawn
from tests.conftest import own_copy


def test_from_an_alert_to_a_file_and_a_link(
    browser: Browser, start_server: Callable[..., Server], sample_store: Path, tmp_path: Path
) -> None:
    t, own = texts("fi"), own_copy(sample_store, tmp_path / "own")
    Watches.of(own).set(metric="clients", rule="above", value=20, span="to_date")
    server = start_server(own)
    with visit(browser, f"{server.url}/?lang=fi", door=server) as seen:
        expect(seen.page.get_by_text(t("watch.alerts", count=1))).to_be_visible()
    with visit(browser, f"{server.url}/kysynta?lang=fi&language=so&series=3&audience=internal", door=server) as seen:
        page = seen.page
        sentence = page.locator("strong").first.inner_text()
        opened = page.get_by_test_id("stExpander").nth(1)
        opened.locator("summary").click()
        expect(opened.get_by_role("table")).to_be_visible()
        wait_until_drawn(page)
        for kind, start in (("xlsx", b"PK"), ("png", b"\x89PNG"), ("svg", b"<?xml")):
            file = download(page, opened.get_by_role("button", name=t("export." + kind)))
            path = Path(file.path())
            assert path.read_bytes().startswith(start)
            assert file.suggested_filename.endswith(f"_internal.{kind}")
            if kind == "xlsx":
                shutil.copy(path, tmp_path / "figure.xlsx")
        said = [row[0].value for row in openpyxl.load_workbook(tmp_path / "figure.xlsx").worksheets[1].iter_rows()]
        assert sentence in said
        assert t("audience.internal_mark") in said
        page.get_by_role("button", name=t("share.open")).click()
        address = page.get_by_test_id("stCode").inner_text().strip()
        assert "audience" not in address
        assert seen.outside == []
    with visit(browser, address) as again:
        assert again.page.locator("strong").first.inner_text() == sentence
        expect(again.page.get_by_text(t("audience.internal_mark"))).to_have_count(0)
        assert "series=3" in address
    assert "Traceback" not in server.log_text()
