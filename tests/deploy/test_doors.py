"""The local door behind proxies set up by others: whatever they pass on and whatever a visitor claims, nothing opens."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from pages.shell.registry import PAGES
from tests.browser.server import Server, free_port, pass_of
from tests.deploy import nginx as of_nginx
from tests.deploy.raw import Seen, look

pytestmark = pytest.mark.slow

UPGRADE = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; "
BARE = {
    "proxy_pass alone": "",
    "with Upgrade": UPGRADE,
    "with Upgrade and Host $host": UPGRADE + "proxy_set_header Host $host;",
    "with Upgrade and Host localhost": UPGRADE + "proxy_set_header Host localhost;",
}
PLAIN = "a forwarder of bytes"
CLAIMS: dict[str, dict[str, str]] = {
    "no Origin": {},
    "Host: localhost": {"Host": "localhost"},
    "Origin: localhost": {"Origin": "http://localhost"},
    "Host and Origin: localhost": {"Host": "localhost", "Origin": "http://localhost"},
    "a browser": {"Host": "tilannekuva.kunta.fi", "Origin": "http://tilannekuva.kunta.fi"},
    "a browser on this machine": {"Host": "127.0.0.1:{port}", "Origin": "http://127.0.0.1:{port}"},
}
ASKED = "audience=internal"


@contextmanager
def forwarding(to: int) -> Iterator[int]:
    """A forwarder that knows nothing of what it carries, as `ssh -L` and `socat` are; its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def carry(one: socket.socket, other: socket.socket) -> None:
            with suppress(OSError):
                while data := one.recv(65_536):
                    other.sendall(data)
            for end in (one, other):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    near, _ = listening.accept()
                    far = socket.create_connection(("127.0.0.1", to))
                    for pair in ((near, far), (far, near)):
                        threading.Thread(target=carry, args=pair, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield int(listening.getsockname()[1])


@pytest.fixture(scope="module")
def ports(local: Server, nginx: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """The port of each forwarder before the app."""
    app = local.port
    with ExitStack() as until_the_end:
        found = {PLAIN: until_the_end.enter_context(forwarding(app))}
        for name, settings in BARE.items():
            folder, port = tmp_path_factory.mktemp("nginx"), free_port()
            text = of_nginx.bare(folder, f"127.0.0.1:{app}", port, settings)
            until_the_end.enter_context(of_nginx.running(nginx, text, folder, port))
            found[name] = port
        yield found


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("forwarder", [*BARE, PLAIN])
def test_nothing_opens_on_any_page(forwarder: str, claim: str, ports: dict[str, int], local: Server) -> None:
    """Each page is asked for in its address and again in the query, as far as the connection is taken at all."""
    port = ports[forwarder]
    headers = {name: value.format(port=port) for name, value in CLAIMS[claim].items()}
    found: dict[str, Seen] = {}
    for spec in PAGES:
        found[spec.id] = look(port, spec.url_path, ASKED, headers)
        if found[spec.id].refused:
            break  # the handshake knows nothing of the page
    assert {page: (seen.exact, seen.acts) for page, seen in found.items()} == dict.fromkeys(found, (False, []))
    assert len(found) in (1, len(PAGES))
    assert "Traceback" not in local.log_text()


def test_the_table_is_not_empty(ports: dict[str, int]) -> None:
    """Some of the ways do lead in, else nothing would have been tried."""
    assert not look(ports[PLAIN], "kysynta", ASKED, {}).refused
    assert not look(ports["with Upgrade and Host localhost"], "kysynta", ASKED, {}).refused
    assert look(ports["with Upgrade and Host $host"], "kysynta", ASKED, CLAIMS["a browser"]).refused


def test_who_has_opened_the_door_sees_exact_figures(start_server: Callable[..., Server]) -> None:
    """What the others are measured by: the same look, with a pass."""
    server = start_server()
    cookie = pass_of(server.opening())
    port = server.port
    assert look(port, "kysynta", ASKED, {"Cookie": cookie}).exact
    assert look(port, "tuonti", "", {"Cookie": cookie}).acts
    # The pass is worth nothing from elsewhere.
    for headers in ({"X-Forwarded-For": "10.0.0.4"}, {"Via": "1.1 proxy"}, {"Host": "tilannekuva.kunta.fi"}):
        seen = look(port, "kysynta", ASKED, {"Cookie": cookie} | headers)
        assert not seen.exact


@pytest.mark.parametrize("forwarder", [*BARE, PLAIN])
def test_the_door_itself_and_uploads_stay_shut_behind_a_proxy(forwarder: str, ports: dict[str, int]) -> None:
    for method, path in (("GET", "/avaa?avain=x"), ("PUT", "/_stcore/upload_file/session/file")):
        request = Request(
            f"http://127.0.0.1:{ports[forwarder]}{path}", method=method, data=b"x" if method == "PUT" else None
        )
        with pytest.raises(HTTPError) as refused:
            urlopen(request, timeout=30)
        assert refused.value.code in (403, 404)


def test_foreign_handshakes_keep_nobody_waiting_and_call_nobody(start_server: Callable[..., Server]) -> None:
    """Forty at a time; the health of the app is asked meanwhile. It answers in milliseconds on an idle machine.

    Streamlit by itself asks a service outside who it is, to tell foreign pages from its own: a proxy of ours waits for that call.
    """
    with closing(socket.create_server(("127.0.0.1", 0))) as outside:
        way_out = f"http://127.0.0.1:{outside.getsockname()[1]}"
        server = start_server(HTTP_PROXY=way_out, HTTPS_PROXY=way_out, http_proxy=way_out, https_proxy=way_out)
        took = list[float]()
        claims = {"Origin": "https://evil.fi"}, {"Host": "evil.fi", "Origin": "https://evil.fi"}
        # The first answer of a server takes longer than any other.
        assert look(server.port, "", "", claims[0]).refused
        with ThreadPoolExecutor(20) as pool:
            foreign = [pool.submit(look, server.port, "", "", claims[one % 2]) for one in range(40)]
            while not all(one.done() for one in foreign) or not took:
                since = time.perf_counter()
                with urlopen(f"{server.url}/_stcore/health", timeout=30) as answer:
                    assert answer.status == 200
                took.append(time.perf_counter() - since)
        assert all(one.result().refused for one in foreign)
        assert max(took) < 2, f"{max(took):.2f} s"
        outside.settimeout(0.5)
        with pytest.raises(TimeoutError):
            outside.accept()
    print(f"\nslowest of {len(took)} answers meanwhile: {1000 * max(took):.0f} ms")
