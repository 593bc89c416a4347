"""The project's own proxy before the app as it is deployed: from the first request of a visitor to signed-in users."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, Page, expect
from websockets import Subprotocol
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from data.texts import texts
from pages.access.local_door import KEY, PATH
from tests.apart import in_a_loop
from tests.browser.server import Server, Visit, free_port, wait_until_drawn
from tests.conftest import ROOT, own_copy
from tests.deploy import nginx as of_nginx
from tests.deploy.raw import STREAM
from tests.deploy.starting import run_app

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NAME = "tilannekuva.kunta.fi"
PEOPLE = {"hoitaja": ["tilannekuva-aineistovastaava"], "johtaja": ["tilannekuva-johto-espoo"], "muu": ["liikunta"]}
CONTAINERFILE = ROOT / "deploy" / "Containerfile"
t = texts("fi")


@dataclass(frozen=True)
class Deployed:
    """The address that people use, the app behind it, and what the proxy writes down."""

    url: str
    plain_url: str
    app: Server
    folder: Path

    def ask(
        self, path: str, method: str = "GET", size: int = 0, url: str = "", **headers: str
    ) -> tuple[int, dict[str, str]]:
        """Status and headers of an answer."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        data = b"x" * size if size else None
        request = Request((url or self.url) + path, data=data, headers=given, method=method)
        try:
            with _opener().open(request, timeout=60) as answer:
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}
        except HTTPError as error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}

    def written(self) -> str:
        """All that the proxy has written down."""
        files = (self.folder / name for name in ("access.log", "error.log", "start.log"))
        return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())


class _AsItIs(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def _opener() -> OpenerDirector:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return build_opener(HTTPSHandler(context=context), _AsItIs())


@pytest.fixture(scope="module")
def deployed(sample_store: Path, nginx: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The app and its proxy, with the example for Keycloak filled in for a provider on this machine."""
    folder = tmp_path_factory.mktemp("deployed")
    store, app_port, port, plain_port = own_copy(sample_store, folder / "store"), *(free_port() for _ in range(3))
    users = [
        oidc_provider_mock.User(sub=who, claims={"realm_access": {"roles": roles}, "name": who})
        for who, roles in PEOPLE.items()
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as provider:
        secrets = (ROOT / "deploy" / "secrets.keycloak.toml").read_text(encoding="utf-8")
        for capitals, value in {
            '"RANDOM"': '"a secret for cookies, of one test alone"',
            "https://KEYCLOAK/realms/REALM": f"http://localhost:{provider.server_port}",
            "NAME": f"localhost:{port}",
            "CLIENT-ID": "tilannekuva",
            "CLIENT-SECRET": "known to both",
        }.items():
            assert capitals in secrets
            secrets = secrets.replace(capitals, value)
        (folder / "secrets.toml").write_text(secrets, encoding="utf-8")
        app = run_app(store, folder / "app.log", app_port, NAME, STREAMLIT_SECRETS_FILES=str(folder / "secrets.toml"))
        text = of_nginx.of_the_project(folder, f"127.0.0.1:{app_port}", port, plain_port)
        try:
            with of_nginx.running(nginx, text, folder, port):
                yield Deployed(f"https://localhost:{port}", f"http://localhost:{plain_port}", app, folder)
        finally:
            app.stop()


@contextmanager
def visitor(browser: Browser, url: str = "") -> Iterator[Visit]:
    """Somebody who trusts the certificate."""
    context = browser.new_context(ignore_https_errors=True)
    seen = Visit(context.new_page())
    seen.page.on("request", lambda request: seen.note(request.url))
    seen.page.on("websocket", lambda socket: seen.note(socket.url))
    try:
        if url:
            seen.page.goto(url)
            wait_until_drawn(seen.page, 90)
        yield seen
    finally:
        context.close()


def is_exact(page: Page) -> bool:
    return page.get_by_test_id("stMain").get_by_text(t("audience.internal_mark")).count() > 0


def test_a_visitor_sees_protected_figures_and_calls_nobody_else(browser: Browser, deployed: Deployed) -> None:
    with visitor(browser, f"{deployed.url}/kysynta?audience=internal") as seen:
        expect(seen.page.get_by_test_id("stMain").get_by_text(t("notice.not_allowed"))).to_be_visible()
        expect(seen.page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
        assert not is_exact(seen.page)
        assert seen.outside == []
    assert not re.search(r" 429 ", deployed.written()), "an ordinary visitor is no flood"


def test_people_sign_in_and_see_what_their_role_sees(browser: Browser, deployed: Deployed) -> None:
    for who, exact in (("hoitaja", True), ("johtaja", True), ("muu", False)):
        with visitor(browser, f"{deployed.url}/") as seen:
            page = seen.page
            page.get_by_role("button", name=t("access.sign_in")).click()
            page.get_by_role("button", name=who, exact=True).click()
            page.wait_for_url(f"{deployed.url}/")
            wait_until_drawn(page)
            page.goto(f"{deployed.url}/kysynta?audience=internal")
            wait_until_drawn(page)
            mark = page.get_by_test_id("stMain").get_by_text(t("audience.internal_mark"))
            other = page.get_by_test_id("stMain").get_by_text(t("notice.not_allowed"))
            expect(mark.or_(other).first).to_be_visible(timeout=30_000)
            assert is_exact(page) is exact, who


def test_every_answer_has_the_apps_headers_once_and_those_of_tls(deployed: Deployed) -> None:
    for path in ("/", "/kysynta", "/healthz", "/_stcore/health", "/media/none.csv", "/static/none.js"):
        _, headers = deployed.ask(path)
        assert headers["strict-transport-security"] == "max-age=31536000", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert "," not in headers["x-frame-options"], path
    assert deployed.ask("/media/none.csv")[1]["cache-control"] == "no-store"


def test_the_health_of_the_app_is_seen_from_outside(deployed: Deployed) -> None:
    status, headers = deployed.ask("/healthz")
    assert (status, headers["content-type"]) == (200, "application/json")


def test_the_container_knows_how_it_is(deployed: Deployed) -> None:
    """The check that the container engine runs, on the port of this app; and on one where nobody answers."""
    (check,) = re.findall(r"^HEALTHCHECK .*\n    CMD (.*)$", CONTAINERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    _, *options = json.loads(check)
    for port, code in ((deployed.app.url.rpartition(":")[2], 0), (str(free_port()), 1)):
        command = [sys.executable, *(part.replace("8501", port) for part in options)]
        assert subprocess.run(command, capture_output=True, timeout=60).returncode == code


def test_plain_http_leads_to_tls(deployed: Deployed) -> None:
    status, headers = deployed.ask("/kysynta?lang=sv", url=deployed.plain_url)
    assert (status, headers["location"]) == (301, "https://localhost/kysynta?lang=sv")


def test_names_that_are_not_the_apps_are_refused(deployed: Deployed) -> None:
    assert deployed.ask("/", host=NAME)[0] == 200
    assert deployed.ask("/", host=NAME, origin=f"https://{NAME}")[0] == 200
    assert deployed.ask("/", host="evil.fi")[0] == 403
    assert deployed.ask("/", origin="https://evil.fi")[0] == 403
    assert deployed.ask("/", x_forwarded_host="localhost", host="evil.fi")[0] == 403


def test_only_files_on_their_way_in_may_be_large(deployed: Deployed) -> None:
    assert deployed.ask("/oauth2callback", "POST", 2_000_000)[0] == 413
    # So far it comes, and is refused by the app: nobody has signed in.
    assert deployed.ask("/_stcore/upload_file/session/file", "PUT", 2_000_000)[0] == 403


def test_a_flood_at_the_sign_in_is_held_back(deployed: Deployed) -> None:
    with ThreadPoolExecutor(20) as many:  # as fast as a busy machine sends them
        found = list(many.map(lambda _: deployed.ask("/oauth2callback")[0], range(120)))
    assert 429 in found
    assert deployed.ask("/healthz")[0] == 200


def test_one_address_holds_no_more_open_pages_than_a_town_hall(deployed: Deployed) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    address = deployed.url.replace("https", "wss") + STREAM

    async def statuses() -> list[int]:
        """Open one after another and hold them. Not by threads: one that reads TLS while another writes it loses requests."""
        async with AsyncExitStack() as opened:
            found = []
            for _ in range(110):
                page = connect(address, ssl=context, subprotocols=[Subprotocol("streamlit")], proxy=None)
                try:
                    await opened.enter_async_context(page)
                    found.append(101)
                except InvalidStatus as refused:
                    found.append(refused.response.status_code)
            assert (await asyncio.to_thread(deployed.ask, "/healthz"))[0] == 200, "pages can still be loaded"
            return found

    assert in_a_loop(statuses()) == [101] * 100 + [429] * 10
    assert "limit_conn all_open 500" in (deployed.folder / "nginx.conf").read_text(encoding="utf-8")


def test_neither_log_tells_who_asked_for_what(deployed: Deployed) -> None:
    secret = "kukaan-ei-saa-nahda-tata"
    for path in (
        f"{PATH}?{KEY}={secret}",
        f"/kysynta?municipality={secret}",
        f"/?lang={secret}",
        f"/media/{quote(' ')}?{secret}",
    ):
        deployed.ask(path, cookie=f"a={secret}", referer=f"https://localhost/?{secret}", user_agent=secret)
    app, proxy = deployed.app.log_text(), deployed.written()
    assert "/kysynta 200" in proxy
    for text in (app, proxy):
        assert secret not in text
        assert "127.0.0.1" not in text
    lines = [json.loads(line) for line in app.splitlines()]
    assert {"time", "level", "logger", "event"} <= set.intersection(*(set(line) for line in lines))
    assert any(line["event"].endswith("way in: sign_in") for line in lines)
    assert [line for line in lines if not line["event"]] == []


class _Framing(BaseHTTPRequestHandler):
    """Somebody else's page, with the app in a frame."""

    framed = ""

    def do_GET(self) -> None:
        body = f'<iframe name="inner" src="{self.framed}"></iframe>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_in_the_frame_of_another_page_there_is_nothing(browser: Browser, deployed: Deployed) -> None:
    _Framing.framed = deployed.url
    with ThreadingHTTPServer(("127.0.0.1", 0), _Framing) as other, visitor(browser) as seen:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        seen.page.goto(f"http://127.0.0.1:{other.server_port}/")
        seen.page.wait_for_timeout(2000)
        frame = seen.page.frame("inner")
        assert frame is not None
        assert frame.locator("#root").count() == 0
        assert t("page.demand") not in frame.content()
        other.shutdown()
