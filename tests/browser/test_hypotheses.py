"""The developer's way in a real browser: what is expected is registered, then tested, then the work is taken along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from data.texts import texts
from tests.browser.server import Server, download, visit, wait_until_drawn
from tests.conftest import own_copy

QUESTION = "Ratkeaako asia useammin neuvonnassa kuin osaamiskeskuksessa?"


def test_from_a_question_to_a_result_and_its_script(
    browser: Browser, start_server: Callable[..., Server], sample_store: Path, tmp_path: Path
) -> None:
    t, own = texts("fi"), own_copy(sample_store, tmp_path / "own")
    server = start_server(own)
    with visit(browser, f"{server.url}/hypoteesit?lang=fi", door=server) as seen:
        page = seen.page
        page.get_by_role("textbox", name=t("hypotheses.question")).fill(QUESTION)
        page.get_by_role("textbox", name=t("hypotheses.question")).press("Control+Enter")
        register = page.get_by_role("button", name=t("hypotheses.register"))
        expect(register).to_be_visible(timeout=20_000)
        wait_until_drawn(page)
        register.click()
        expect(page.get_by_text(t("hypotheses.untested"))).to_be_visible(timeout=20_000)
        wait_until_drawn(page)
        page.get_by_role("button", name=t("hypotheses.test"), exact=True).click()
        expect(page.get_by_text(t("hypotheses.not_an_effect.groups"))).to_be_visible(timeout=30_000)
        wait_until_drawn(page)
        expect(
            page.locator("[data-testid='stVegaLiteChart'] svg, [data-testid='stVegaLiteChart'] canvas").first
        ).to_be_visible()
        expect(page.get_by_role("table", name=t("hypotheses.register_caption"))).to_contain_text(QUESTION)
        assert page.get_by_role("button", name=t("hypotheses.work.script")).count() == 0, "it repeats the full result"
        page.get_by_text(t("audience.internal"), exact=True).click()
        expect(page.get_by_text(t("audience.internal_mark")).first).to_be_visible(timeout=20_000)
        wait_until_drawn(page)
        file = download(page, page.get_by_role("button", name=t("hypotheses.work.script")))
        assert file.suggested_filename == "H-1.py"
        assert "SELECT" in Path(file.path()).read_text(encoding="utf-8")
        assert "audience=internal" in page.url
        address = page.url
        assert "h=H-1" in address
        assert seen.outside == []
    with visit(browser, address, door=server) as again:
        expect(again.page.get_by_role("heading", name=f"H-1 · {QUESTION}")).to_be_visible()
    assert "Traceback" not in server.log_text()
