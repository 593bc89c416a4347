"""The interface of a running server: what the guide says to type works against it, and the layers around it leave it whole."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.question import Question
from pages.access import open_interface
from tests.browser.server import Server, start
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
ASKED = "/api/ask?metric=clients&by=language&period=2025"


@pytest.fixture(scope="module")
def server(released: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("served") / "server.log"
    found = start(released.path, log, TILANNEKUVA_API="public")
    yield found
    found.stop()


def test_the_lines_of_the_guide_read_the_numbers(server: Server, released: Store) -> None:
    [lines] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/api.md").read_text(encoding="utf-8"), re.DOTALL)
    assert sum(map(bool, lines.splitlines())) == 3
    typed = lines.replace("https://luvut.kunta.fi", server.url) + "\nprint(*clients['value'].to_list())\n"
    done = subprocess.run([sys.executable, "-c", typed], capture_output=True, text=True, check=True, timeout=60)
    told = ask(Question(("clients",), ("language",), period="2025"), released)
    numbers = [None if row.value is None else int(row.value) for row in told.rows]
    assert done.stdout.split() == [str(number) for number in numbers]


def test_layers_around_it_leave_it_whole(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        first = client.get(ASKED, headers={"origin": "https://other.fi"})
        assert (first.status_code, first.headers["content-type"]) == (200, "application/json")
        assert first.headers["content-encoding"] == "gzip"
        assert {"accept", "accept-language", "accept-encoding"} <= {
            one.strip().lower() for one in first.headers["vary"].split(",")
        }
        assert first.headers["access-control-allow-origin"] == "*"
        assert first.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in first.headers
        again = client.get(ASKED, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(ASKED, headers={"accept-encoding": "identity"})
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) == len(first.content)
        assert client.get("/api/nothing").json()["reason"] == "no_such_place"
        assert client.post(ASKED).status_code == 405
        assert client.get(ASKED, headers={"host": "other.fi"}).status_code == 403
        assert client.get("/kysynta", headers={"origin": "https://other.fi"}).status_code == 403
    assert f"{server.url}/api" in server.log_text()


def test_a_server_that_nobody_has_told_so_has_none(
    released: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(open_interface.SWITCH)
    server = start(released.path, tmp_path / "server.log")
    try:
        for path in ("/api", ASKED, "/api/openapi.json"):
            answer = httpx.get(server.url + path, headers={"x-forwarded-for": "127.0.0.1", "authorization": "Bearer x"})
            assert (answer.status_code, "access-control-allow-origin" in answer.headers) == (404, False)
        assert httpx.get(server.url + "/api", headers={"origin": "https://other.fi"}).status_code == 403
        assert "/api" not in server.log_text()
    finally:
        server.stop()
