"""Every door of the house leads through app.py: menu, language and gate are there whatever the first address is."""

from __future__ import annotations

from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from data.texts import Language, texts
from pages.shell.registry import PAGES, PageSpec
from tests.browser.server import PHONE, Server, visit, wait_until_drawn

each_page = pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.id)
WITHOUT_FILTERS = ("importing", "sources", "targets", "briefings", "hypotheses")
"""The steward's pages have nothing to filter; briefings and hypotheses choose by themselves."""
FIRST_REQUESTS = ("overview", "demand")
"""A page at the root and one at an address."""
LINKED = (*FIRST_REQUESTS, "quality", "hypotheses", "importing")
"""Those, and a page of each group of the menu, one of them the steward's. `tests/deploy/test_doors.py` opens all."""
MENU = {"fi": "Kysyntä", "sv": "Efterfrågan", "en": "Demand"}


@pytest.mark.parametrize("spec", [spec for spec in PAGES if spec.id in LINKED], ids=lambda spec: spec.id)
def test_a_deep_link_goes_through_the_shell(
    spec: PageSpec, browser: Browser, server: Server, start_server: Callable[..., Server]
) -> None:
    """Also as the first request that a server gets. That any page may be the first is tested in `test_first_imports`."""
    if spec.id in FIRST_REQUESTS:
        server = start_server()
    with visit(browser, f"{server.url}/{spec.url_path}?lang=sv") as seen:
        page = seen.page
        links = page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
        expect(links).to_have_count(len(PAGES))
        expect(links.filter(has_text=MENU["sv"])).to_be_visible()
        expect(links.nth(PAGES.index(spec))).to_have_attribute("aria-current", "page")
        expect(page.locator("html")).to_have_attribute("lang", "sv")
        if spec.id not in WITHOUT_FILTERS:
            expect(page.locator(".st-key-filters").get_by_test_id("stSelectbox").first).to_be_visible()
        expect(page.get_by_test_id("stMain").get_by_text(texts("sv")("audience.internal_mark"))).to_have_count(0)
        expect(page.get_by_text(texts("sv")("page.failed"))).to_have_count(0)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert "Tilannekuva" in page.title()
        assert seen.outside == []
    assert "Traceback" not in server.log_text()


@each_page
@pytest.mark.parametrize(
    "path", ["{id}", "{id}.py", "pages/{id}", "pages/{id}.py", "pages/{id}/page.py", "pages/shell/shell.py"]
)
def test_the_file_of_a_page_is_no_address(spec: PageSpec, path: str, server: Server) -> None:
    with urlopen(f"{server.url}/{path.format(id=spec.id)}") as answer:
        body = answer.read().decode()
    # Streamlit answers every unknown path with the empty shell of the app; never with a file of ours.
    assert '<div id="root"></div>' in body
    assert "import streamlit" not in body


def test_streamlits_own_page_discovery_stays_off(browser: Browser, start_server: Callable[..., Server]) -> None:
    server = start_server()
    with visit(browser, f"{server.url}/demand") as seen:  # a file name in pages/, but no address in the registry
        expect(seen.page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")).to_have_count(len(PAGES))


@pytest.mark.parametrize(
    ("query", "language"), [("", "fi"), ("?lang=sv", "sv"), ("?lang=en", "en"), ("?lang=xx", "fi")]
)
def test_the_served_html_already_has_the_language(query: str, language: str, server: Server) -> None:
    for path in ("/", "/kysynta"):
        request = Request(f"{server.url}{path}{query}", headers={"Accept-Encoding": "gzip", "If-None-Match": "*"})
        with urlopen(request) as answer:
            body = answer.read().decode()
        assert f'<html lang="{language}">' in body
        assert "<title>Tilannekuva</title>" in body


def test_the_language_follows_the_switch_in_session(browser: Browser, server: Server) -> None:
    with visit(browser, server.url) as seen:
        page = seen.page
        root = page.locator("html")
        expect(root).to_have_attribute("lang", "fi")
        page.locator(".st-key-top").get_by_text("Svenska", exact=True).click()
        expect(root).to_have_attribute("lang", "sv")
        link = page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
        expect(link.filter(has_text=MENU["sv"])).to_be_visible()
        page.wait_for_url("**/?lang=sv")
        link.filter(has_text=MENU["sv"]).click()
        page.wait_for_url("**/kysynta?lang=sv")
        wait_until_drawn(page)
        expect(root).to_have_attribute("lang", "sv")
        page.locator(".st-key-top").get_by_text("English", exact=True).click()
        expect(link.filter(has_text=MENU["en"])).to_be_visible()
        expect(root).to_have_attribute("lang", "en")
        assert seen.outside == []


def test_exact_values_only_for_a_browser_that_has_opened_the_door(
    browser: Browser, start_server: Callable[..., Server]
) -> None:
    server = start_server()
    address, mark = f"{server.url}/kysynta?audience=internal", texts("fi")("audience.internal_mark")
    opening = server.opening()
    with visit(browser, address, door=server) as steward, visit(browser, address) as visitor:
        marked = [seen.page.get_by_test_id("stMain").get_by_text(mark) for seen in (steward, visitor)]
        expect(marked[0]).to_have_count(1)
        expect(marked[1]).to_have_count(0)
        visitor.page.goto(opening)  # it has been used
        expect(visitor.page.get_by_text(texts("sv")("door.wrong_key"))).to_be_visible()
        assert server.opening() != opening
        steward.page.get_by_role("button", name=texts("fi")("access.lock")).click()
        expect(marked[0]).to_have_count(0)
        assert steward.outside == visitor.outside == []


def test_another_eyes_outlive_a_reload_until_one_goes_back(
    browser: Browser, start_server: Callable[..., Server]
) -> None:
    server, t = start_server(), texts("sv")
    with visit(browser, f"{server.url}/kysynta?lang=sv&audience=internal", door=server) as seen:
        page = seen.page
        exact = page.get_by_test_id("stMain").get_by_text(t("audience.internal_mark"))
        expect(exact).to_have_count(1)
        page.get_by_role("combobox", name=t("access.seen_as"), exact=True).click()
        page.get_by_role("option", name=t("access.role.reader"), exact=True).click()
        mark = page.get_by_text(t("access.seen_now", role=t("access.role.reader")))
        expect(mark).to_be_visible()
        page.get_by_test_id("stSidebar").get_by_role("link", name=t("page.reach")).click()
        page.wait_for_url("**/*as=reader*")
        wait_until_drawn(page)
        page.reload()
        page.set_viewport_size(PHONE)
        wait_until_drawn(page)
        expect(mark).to_be_visible()
        expect(exact).to_have_count(0)
        page.get_by_role("button", name=t("access.seen_end")).click()
        expect(mark).to_have_count(0)
        expect(exact).to_have_count(1)


def test_without_doors_nothing_opens(browser: Browser, start_server: Callable[..., Server]) -> None:
    server = start_server(TILANNEKUVA_INTERNAL="0")
    server.wait_until_said(texts("fi")("run.closed"))
    with visit(browser, f"{server.url}/kysynta?audience=internal") as seen:
        expect(seen.page.get_by_test_id("stMain").get_by_text(texts("fi")("audience.internal_mark"))).to_have_count(0)


def test_an_unknown_language_is_said(browser: Browser, server: Server) -> None:
    with visit(browser, f"{server.url}/?lang=xx") as seen:
        expect(seen.page.get_by_test_id("stAlert").first).to_contain_text("xx")


def test_a_steward_who_changes_the_language_stays_one_and_what_is_chosen_is_said_in_it(
    browser: Browser, server: Server
) -> None:
    """A choice list sends the label that the browser has of what is chosen, at each click."""
    with visit(browser, f"{server.url}/tavoitteet?lang=fi", door=server) as seen:
        page = seen.page
        names: tuple[tuple[Language, str], ...] = (("en", "English"), ("sv", "Svenska"), ("fi", "Suomi"))
        for language, name in names:
            page.locator(".st-key-top").get_by_text(name, exact=True).click()
            t = texts(language)
            expect(page.locator("h1").first).to_have_text(t("page.targets"), timeout=30_000)
            wait_until_drawn(page)
            for key, shown in (("access.seen_as", "access.role.own"), ("watch.rule", "watch.rule.above")):
                expect(page.get_by_role("combobox", name=t(key), exact=True).first).to_have_value(t(shown))
