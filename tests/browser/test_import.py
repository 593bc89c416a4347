"""The steward's way in a real browser: a file with a mistake, what was recognised, publishing, the new figures, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from data.texts import texts
from tests.browser.server import Server, visit, wait_until_drawn
from tests.data.ingest.imports import GOOD, encounters

CLIENTS = 40


def rows(first: int = 0) -> list[str]:
    """One encounter each of several clients, from the 3rd to the 28th of February, so that the month is whole."""
    return [
        GOOD.replace("K1", f"K{number}")
        .replace("AS-1", f"AS-{number}")
        .replace("3.2.2025", f"{3 + number % 26}.2.2025")
        for number in range(first, first + CLIENTS)
    ]


def test_from_a_file_to_new_figures_and_back(
    browser: Browser, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    t = texts("fi")
    server = start_server(tmp_path / "own")
    first = encounters(
        tmp_path, *rows(), GOOD.replace("K1", "X1").replace("3.2.2025", "31.2.2025"), name="helmikuu.csv"
    )
    second = encounters(tmp_path, *rows(CLIENTS), name="lisää.csv")
    with visit(browser, f"{server.url}/tuonti?lang=fi", door=server) as seen:
        page = seen.page
        uploader = page.get_by_test_id("stFileUploaderDropzoneInput")
        uploader.set_input_files(first)
        expect(page.get_by_role("heading", name=t("import.rejects"))).to_be_visible(timeout=20_000)
        expect(page.get_by_role("table", name=t("import.counts"))).to_contain_text("helmikuu.csv")
        expect(page.get_by_role("table", name="1 hylätty rivi")).to_contain_text("Pvm")
        expect(page.get_by_text("31.2.2025")).to_have_count(0)
        wait_until_drawn(page)
        page.get_by_role("button", name=t("import.publish")).click()
        history = page.get_by_role("table", name=t("import.history.caption"))
        expect(history.get_by_role("row")).to_have_count(2, timeout=20_000)

        wait_until_drawn(page)
        page.get_by_test_id("stMain").get_by_role("link", name=t("import.see")).click()
        page.wait_for_url("**/?lang=fi")
        wait_until_drawn(page)
        expect(page.get_by_test_id("stMetricValue").first).to_have_text(str(CLIENTS))

        page.get_by_test_id("stSidebar").get_by_role("link", name=t("page.importing")).click()
        page.wait_for_url("**/tuonti?lang=fi")
        wait_until_drawn(page)
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(second)
        publish = page.get_by_role("button", name=t("import.publish"))
        expect(publish).to_be_visible(timeout=20_000)
        wait_until_drawn(page)
        publish.click()
        expect(history.get_by_role("row")).to_have_count(3, timeout=20_000)
        # What stood above goes away when the script ends: a click before that may meet a button on the move.
        wait_until_drawn(page)
        page.get_by_role("button", name=t("import.rollback")).click()
        expect(page.get_by_text(t("import.rollback.sure", number=1, now=2))).to_be_visible(timeout=20_000)
        wait_until_drawn(page)
        page.get_by_role("button", name=t("import.rollback.yes", number=1)).click()
        expect(history.get_by_role("row").nth(2)).to_contain_text(t("import.history.serving"), timeout=20_000)
        assert seen.outside == []
    assert "Traceback" not in server.log_text()
    assert "AS-1" not in server.log_text()
