"""Sign-in against a real provider on loopback: roles, expiry, sign-out everywhere, and cookies that nobody should have."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME, XSRF_COOKIE_NAME

from data.store.audit import AuditLog
from data.texts import texts
from pages.access.whole import PROOF, proof_of
from pages.shell.left_open import EVERY
from tests.browser.server import Server, free_port, wait_until_drawn
from tests.conftest import own_copy
from tests.deploy.raw import Seen, look

SECRET = "a secret for cookies, of one test alone"
CLIENT = "tilannekuva"
GROUPS = {"hoitaja": ["steward-group"], "johtaja": ["espoo-group"], "kehittaja": ["developer-group"], "muu": ["sports"]}
t = texts("fi")


@pytest.fixture
def signing_in(
    sample_store: Path, tmp_path: Path, start_server: Callable[..., Server]
) -> Iterator[Callable[[], Server]]:
    """Start a server that knows a provider; several know the same people and the same store."""
    users = [oidc_provider_mock.User(sub=who, claims={"groups": groups, "name": who}) for who, groups in GROUPS.items()]
    store, port = own_copy(sample_store, tmp_path / "own"), free_port()
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as provider:
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(
            f"""
            [auth]
            redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
            cookie_secret = "{SECRET}"
            client_id = "{CLIENT}"
            client_secret = "known to both"
            server_metadata_url = "http://localhost:{provider.server_port}/.well-known/openid-configuration"
            [access]
            [[access.rules]]
            value = "steward-group"
            role = "steward"
            [[access.rules]]
            value = "espoo-group"
            role = "manager"
            municipalities = ["049"]
            [[access.rules]]
            value = "developer-group"
            role = "developer"
            """,
            encoding="utf-8",
        )
        yield lambda: start_server(store, port=port, STREAMLIT_SECRETS_FILES=str(secrets))


@contextmanager
def signed_in(browser: Browser, server: Server, who: str) -> Iterator[Page]:
    """A browser in which someone has signed in."""
    context = browser.new_context()
    page = context.new_page()
    try:
        page.goto(f"{server.url}/")
        wait_until_drawn(page)
        page.get_by_role("button", name=t("access.sign_in")).click()
        page.get_by_role("button", name=who, exact=True).click()
        page.wait_for_url(f"{server.url}/")
        wait_until_drawn(page)
        yield page
    finally:
        context.close()


def shows(page: Page, address: str, this: str, other: str) -> bool:
    """Whether a page says one thing; else it must say the other."""
    page.goto(address)
    wait_until_drawn(page)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text(this).or_(main.get_by_text(other)).first).to_be_visible(timeout=30_000)
    return main.get_by_text(this).count() > 0


def sees_exact(page: Page, server: Server, filters: str = "") -> bool:
    address = f"{server.url}/kysynta?audience=internal{filters}"
    return shows(page, address, t("audience.internal_mark"), t("notice.not_allowed"))


def answered(page: Page, server: Server, path: str, query: str = "") -> Seen:
    """What the app sends for a page to the browser that has signed in, without its drawing it."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies(server.url)}
    held = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = {"Origin": server.url, "Cookie": held}
    return look(server.port, path, query, headers, token=cookies[XSRF_COOKIE_NAME])


def test_each_role_sees_its_own(browser: Browser, signing_in: Callable[[], Server]) -> None:
    server = signing_in()
    for who, exact, imports, registers in (
        ("hoitaja", True, True, True),
        ("johtaja", True, False, False),
        ("kehittaja", False, False, True),
        ("muu", False, False, False),
    ):
        with signed_in(browser, server, who) as page:
            assert answered(page, server, "kysynta", "audience=internal").exact is exact, who
            assert ("file_uploader" in answered(page, server, "tuonti").acts) is imports, who
            hypotheses = answered(page, server, "hypoteesit").sent
            assert (t("hypotheses.new").encode() in hypotheses) is registers, who
            assert (t("hypotheses.no_right").encode() in hypotheses) is not registers, who
            said = t("access.no_role" if who == "muu" else "access.signed_in", who=who)
            expect(page.get_by_test_id("stSidebar").get_by_text(said)).to_be_visible()
            if who == "johtaja":
                only_its_own_place(page, server)
    assert "Traceback" not in server.log_text()


def only_its_own_place(page: Page, server: Server) -> None:
    sees_exact(page, server)
    expect(page.get_by_text(t("page.not_own", areas="Espoo"))).to_be_visible()
    expect(page.get_by_text("kuntakoodit: 049").first).to_be_visible()
    sees_exact(page, server, "&municipality=091")
    expect(page.get_by_text("kuntakoodit: 049").first).to_be_visible()
    sees_exact(page, server, "&municipality=049")
    expect(page.get_by_text(t("page.not_own", areas="Espoo"))).to_have_count(0)
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()


def test_signing_out_ends_every_window_and_every_copy(
    browser: Browser, signing_in: Callable[[], Server], tmp_path: Path
) -> None:
    server = signing_in()
    with signed_in(browser, server, "hoitaja") as page:
        thief = browser.new_context()
        thief.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        stolen, window, left = thief.new_page(), page.context.new_page(), page.context.new_page()
        left.clock.install()
        for other in (stolen, window, left):
            assert sees_exact(other, server)
        opened = window.get_by_test_id("stExpander").nth(1)
        opened.locator("summary").click()
        expect(opened.get_by_role("table")).to_be_visible()
        wait_until_drawn(window)
        page.get_by_role("button", name=t("access.sign_out")).click()
        page.wait_for_url("**/oauth2/end_session**")
        opened.get_by_role("button", name=t("export.xlsx")).click()
        expect(window.get_by_text(t("export.over"))).to_be_visible()
        left.clock.fast_forward(1000 * EVERY)
        expect(left.get_by_text(t("audience.internal_mark"))).to_have_count(0)
        expect(left.get_by_text(t("notice.not_allowed"))).to_be_visible()
        for other in (stolen, window):
            other.locator(".st-key-top").get_by_text("Svenska", exact=True).click()
            expect(other.get_by_test_id("stMain").get_by_text(texts("sv")("audience.internal_mark"))).to_have_count(0)
        server.stop()
        logged = [line for line in AuditLog(tmp_path / "own").lines() if line.who == "default:hoitaja"]
        assert [line.what for line in logged if line.what != "asked"] == ["signed_in", "signed_out"]
        assert any(str(line.about.get("question")).endswith("--audience internal") for line in logged)
        server = signing_in()
        assert not sees_exact(stolen, server)
        expect(stolen.get_by_text(t("access.over"))).to_be_visible()
        thief.close()
    with signed_in(browser, server, "hoitaja") as page:
        assert sees_exact(page, server)


def cookie(server: Server, secret: str = SECRET, **other: Any) -> str:
    """A cookie as Streamlit writes it after a sign-in of the steward just now, but for what is said otherwise."""
    claims: dict[str, Any] = {
        "iss": "http://localhost", "sub": "hoitaja", "aud": CLIENT, "iat": int(time.time()), "groups": ["steward-group"],
        "origin": server.url, "is_logged_in": True, "provider": "default",
    }  # fmt: skip
    told = claims | other
    told = {PROOF: proof_of(told, SECRET)} | told
    return create_signed_value(secret, USER_COOKIE_NAME, json.dumps(told)).decode()


def test_cookies_that_prove_nothing_open_nothing(signing_in: Callable[[], Server]) -> None:
    server = signing_in()
    hour = 3600
    cases = {
        "right": (cookie(server), True),
        "signed with another secret": (cookie(server, "another secret, as long as the first one"), False),
        "for another app": (cookie(server, aud="other"), False),
        "of another provider": (cookie(server, provider="other"), False),
        "of another address": (cookie(server, origin="https://evil.fi"), False),
        "run out": (cookie(server, iat=int(time.time()) - 8 * hour - 1), False),
        "of the future": (cookie(server, iat=int(time.time()) + hour), False),
        "joined of two": (cookie(server, **{PROOF: proof_of({"sub": "hoitaja"}, SECRET)}), False),
        "torn": (cookie(server)[:-3], False),
        "not signed": (json.dumps({"is_logged_in": True, "groups": ["steward-group"]}), False),
    }
    port, token = server.port, generate_xsrf_token_string()
    for name, (value, opens) in cases.items():
        cookies = f"{USER_COOKIE_NAME}={value}; {XSRF_COOKIE_NAME}={token}"
        known = {"Origin": server.url, "Cookie": cookies}
        assert look(port, "kysynta", "audience=internal", known, token=token).exact is opens, name
        importing = look(port, "tuonti", "", known, token=token)
        assert ("file_uploader" in importing.acts) is opens, name
        if name == "run out":
            assert t("access.over").encode() in importing.sent
        if name != "of another address":  # only a page's own connection tells the address
            assert may_upload(server, value) is opens, name
    assert "Traceback" not in server.log_text()


def may_upload(server: Server, value: str) -> bool:
    """Whether a file would be taken, were there a session for it."""
    headers = {"Cookie": f"{USER_COOKIE_NAME}={value}"}
    request = Request(f"{server.url}/_stcore/upload_file/none/file", data=b"x", headers=headers, method="PUT")
    with pytest.raises(HTTPError) as refused:
        urlopen(request)
    return t("door.no_upload") not in refused.value.read().decode()
