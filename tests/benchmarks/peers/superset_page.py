"""Superset's dashboard as a person uses it: a language is chosen in its filter, then applied."""

from __future__ import annotations

from urllib.parse import unquote

from playwright.sync_api import Page, Response

from tests.benchmarks.peers.figures import LANGUAGES, Key
from tests.benchmarks.peers.looking import Way, settled, until_painted
from tests.benchmarks.peers.superset_dashboard import CHARTS, PASSWORD, USER


def way(sign_in: str) -> Way:
    """How the dashboard is used. sign_in: the address for it."""

    def enter(page: Page) -> None:
        page.context.request.post(sign_in, form={"username": USER, "password": PASSWORD})

    return Way(_stands, _choose, enter, _numbers)


def _stands(page: Page) -> None:
    page.wait_for_function(
        f"() => document.querySelectorAll('.slice_container').length === {len(CHARTS)}", timeout=120_000
    )
    settled(page)


def _choose(page: Page, language: str) -> float:
    """Waiting counts from the click that applies it: choosing alone changes nothing."""
    box = page.get_by_role("combobox").first
    box.click(force=True)  # what was chosen before lies over it
    box.fill(language)
    page.locator(f".ant-select-item-option[title='{language}']").click()
    settled(page)
    return until_painted(page, "click", lambda: page.get_by_role("button", name="Apply filters").click())


def _numbers(page: Page) -> dict[Key, float]:
    def is_first(answer: Response) -> bool:
        return "chart/data" in answer.url and '"slice_id":1}' in unquote(answer.url)

    _choose(page, LANGUAGES[0])
    with page.expect_response(is_first) as got:
        _choose(page, LANGUAGES[-1])
    (row,) = got.value.json()["result"][0]["data"]
    return {(name,): value for name, value in row.items()}
