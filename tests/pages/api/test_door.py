"""The door: statuses, headers, what is not sent again, and how much may be asked."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data.store.acting import WAITING as LINES
from data.store.audit import AuditLog
from data.store.store import Store
from data.texts import LANGUAGES
from pages.api import bounds, call, door, inquiries, visible
from pages.api.bounds import A_MINUTE, MOST_ADDRESSES, Rates, Turns
from pages.api.errors import ApiError
from tests.apart import in_a_loop
from tests.conftest import own_copy
from tests.pages.api.conftest import NOW

ASKED = f"/api/ask?metric=clients&by=language&period={NOW}"


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/api/ask?metric=client", 404, "unknown_metric"),
        ("/api/ask", 400, "no_metric"),
        ("/api/ask?metric=clients&by=topic&by=topic", 400, "dimension_twice"),
        ("/api/ask?metric=clients&where=language", 400, "where_form"),
        ("/api/ask?metric=clients&where=language:xx", 400, "unknown_code"),
        ("/api/ask?metric=clients&period=2026-13", 400, "unknown_period"),
        ("/api/ask?metric=clients&period=2026-11", 400, "period_open"),
        ("/api/ask?metric=clients&each=day", 400, "unknown_each"),
        ("/api/ask?metric=clients&audience=internal", 400, "unknown_parameter"),
        ("/api/ask?metric=clients&format=xml", 400, "unknown_format"),
        ("/api/ask?metric=clients&lang=de", 400, "unknown_language"),
        ("/api/ask?metric=clients&lang=fi&lang=sv", 400, "repeated"),
        ("/api/ask?metric=clients&period=2026&period=2025", 400, "repeated"),
        ("/api/ask?metric=clients&of=x", 400, "unknown_publication"),
        ("/api/ask?metric=" + "x" * 2_000, 414, "too_long"),
        ("/api/ask?" + "by=topic&" * 60, 414, "too_many_parameters"),
        ("/api/metrics/" + "x" * 2_000, 414, "too_long"),
        ("/api/asks", 404, "no_such_place"),
        ("/api/metrics/client", 404, "unknown_metric"),
        ("/api/metrics/clients/x", 404, "no_such_place"),
        ("/api/metrics/%0d%0a", 404, "unknown_metric"),
        ("/api/%0a", 404, "no_such_place"),
        ("/api%0a", 404, "no_such_place"),
        ("/api/metrics/%0d%0ax", 404, "unknown_metric"),
        ("/api/dimensions/langage", 404, "no_such_dimension"),
        ("/api/dimensions/kind", 400, "which_metric"),
        ("/api/dimensions/language?metric=x", 404, "unknown_metric"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_asked_has_a_status_a_reason_and_words(
    lang: str, path: str, status: int, reason: str, client: TestClient
) -> None:
    answer = client.get(path, headers={"accept-language": f"de, {lang};q=0.8, en;q=0.1"})
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "etag" not in answer.headers
    if lang != "fi" and reason != "repeated":
        other = client.get(path, headers={"accept-language": "fi"})
        assert other.json()["detail"] != answer.json()["detail"]


def test_the_header_chooses_where_the_address_does_not(client: TestClient) -> None:
    def media(path: str, accept: str) -> str:
        answer = client.get(path, headers={"accept": accept})
        return answer.headers["content-type"] if answer.status_code == 200 else str(answer.status_code)

    assert media(ASKED, "text/csv") == "text/csv; charset=utf-8"
    assert media(ASKED, "text/html, text/csv;q=0.5, */*;q=0.1") == "text/csv; charset=utf-8"
    assert media(ASKED, "application/json;q=0.5, text/*;q=0.1") == "application/json"
    assert media(ASKED, "*/*, application/json;q=0") == "text/csv; charset=utf-8"
    assert media(ASKED, "application/xml") == "406"
    assert media(ASKED + "&format=csv", "application/xml") == "text/csv; charset=utf-8"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_it_is_only_read(method: str, client: TestClient) -> None:
    answer = client.request(method, ASKED)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_head_has_the_headers_and_nothing_else(client: TestClient) -> None:
    whole, head = client.get(ASKED), client.head(ASKED)
    assert (head.status_code, head.content) == (200, b"")
    assert {name: value for name, value in head.headers.items() if name != "date"} == dict(whole.headers)
    assert int(head.headers["content-length"]) == len(whole.content)


def test_a_part_of_an_answer_is_sent_to_who_asks_for_one(client: TestClient) -> None:
    whole = client.get(ASKED + "&format=csv")
    assert whole.headers["accept-ranges"] == "bytes"
    size = len(whole.content)
    for asked, start, end in (
        ("0-0", 0, 1),
        ("5-9", 5, 10),
        ("7-", 7, size),
        ("-4", size - 4, size),
        (f"3-{size + 9}", 3, size),
    ):
        part = client.get(ASKED + "&format=csv", headers={"range": f"bytes={asked}"})
        assert (part.status_code, part.content) == (206, whole.content[start:end]), asked
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert part.headers["etag"] == whole.headers["etag"]
    for asked in (f"{size}-", "-0"):
        refused = client.get(ASKED + "&format=csv", headers={"range": f"bytes={asked}"})
        assert (refused.status_code, refused.headers["content-range"]) == (416, f"bytes */{size}")
    ignored = [{"range": one} for one in ("lines=1-2", "bytes=0-1,3-4", "bytes=-", "bytes=9-5", f"bytes={size}-5")]
    for headers in (*ignored, {"range": "bytes=0-1", "if-range": '"x"'}):
        assert client.get(ASKED + "&format=csv", headers=headers).content == whole.content
    assert client.get("/api/nothing", headers={"range": "bytes=0-1"}).status_code == 404


def test_what_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get(ASKED)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    assert client.get(ASKED).headers["etag"] == tag
    for held in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        again = client.get(ASKED, headers={"if-none-match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/api/ask?metric=nothing", headers={"if-none-match": "*"}).status_code == 404
    for path in (ASKED + "&lang=sv", ASKED + "&format=csv", ASKED.replace("language", "topic")):
        assert client.get(path, headers={"if-none-match": tag}).status_code == 200
    assert client.get(ASKED, headers={"if-none-match": tag, "accept": "text/csv"}).status_code == 200


def test_another_release_has_another_tag(client: TestClient, released: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = client.get(ASKED).headers["etag"]
    assert released.released().token in visible.visible(call.Call("/ask")).tokens
    monkeypatch.setattr(visible.Visible, "tokens", ("another",))
    assert client.get(ASKED, headers={"if-none-match": tag}).status_code == 200


def test_pages_of_other_sites_are_told_that_they_may_read_it(client: TestClient) -> None:
    for path in (ASKED, "/api/asks"):
        answer = client.get(path, headers={"origin": "https://other.fi"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert _words(answer.headers["access-control-expose-headers"]) >= {"etag", "retry-after", "content-range"}
    asked = {"origin": "https://other.fi", "access-control-request-headers": "if-none-match"}
    answer = client.options(ASKED, headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert _words(answer.headers["access-control-allow-headers"]) == {"if-none-match", "if-range", "range"}
    assert {"accept", "accept-language"} <= _words(client.get(ASKED).headers["vary"])


def _words(header: str) -> set[str]:
    return {one.strip().lower() for one in header.split(",")}


def test_beside_a_store_there_is_no_publication_to_choose(client: TestClient) -> None:
    assert client.get(ASKED + "&of=x").json()["nearest"] == []
    parameters = client.get("/api/openapi.json").json()["paths"]["/ask"]["get"]["parameters"]
    assert "of" not in [one["name"] for one in parameters]


def test_no_header_cookie_or_token_gives_more(client: TestClient) -> None:
    asked = {
        "authorization": "Bearer x", "cookie": "tilannekuva-8501=x; _streamlit_user=x", "x-audience": "internal",
        "x-forwarded-user": "admin", "host": "127.0.0.1",
    }  # fmt: skip
    assert client.get(ASKED, headers=asked).content == client.get(ASKED).content


@pytest.fixture
def own(released: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    folder = own_copy(released.path, tmp_path / "store", cells=False)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(folder))
    yield Store(folder)
    LINES.flush()


@pytest.mark.parametrize("broken", ["released", "releases/000001.json", "store.json", "releases/000001.duckdb"])
def test_a_store_that_cannot_be_read_is_told_without_a_path(broken: str, own: Store, client: TestClient) -> None:
    (own.path / broken).write_bytes(b"rubbish")
    answer = client.get(ASKED)
    assert (answer.status_code, answer.json()["reason"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "/" not in answer.json()["detail"]


def test_without_a_store_there_is_nothing_to_tell(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "none"))
    assert client.get(ASKED).status_code == 503
    assert not (tmp_path / "none").exists()


def test_a_store_that_is_not_open_tells_nothing(
    client: TestClient, sample_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    for path in (ASKED, "/api", "/api/metrics"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["reason"]) == (503, "not_open")


def test_a_fault_of_the_program_is_told_without_its_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_call: object) -> None:
        raise ValueError("010190-123X")

    monkeypatch.setattr(inquiries, "visible", fails)
    answer = client.get(ASKED)
    assert (answer.status_code, answer.json()["reason"]) == (500, "unforeseen")
    assert "010190" not in answer.text + caplog.text
    assert "ValueError at pages/api/inquiries.py:" in caplog.text


def test_questions_are_in_the_log_as_a_visitors_and_once_an_hour(own: Store, client: TestClient) -> None:
    before = sum(1 for _ in AuditLog(own.path).lines())
    for _ in range(3):
        client.get(ASKED + "&format=csv")
    client.get("/api/ask?metric=clients&by=nothing")
    LINES.flush()
    lines = list(AuditLog(own.path).lines())[before:]
    told = f"clients --by language --period {NOW} --audience protected"
    assert [(line.what, line.who, line.about["question"]) for line in lines] == [("asked", "visitor", told)]
    assert "testclient" not in str(lines)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_may_ask_so_often_and_then_waits() -> None:
    clock = Clock()
    rates = Rates(clock)
    assert {rates.wait("192.0.2.1") for _ in range(A_MINUTE)} == {0}
    assert rates.wait("192.0.2.1") == 1
    assert rates.wait("192.0.2.2") == 0
    clock.now += 0.5
    assert (rates.wait("192.0.2.1"), rates.wait("192.0.2.1")) == (0, 1)
    clock.now += 3600
    assert [rates.wait("192.0.2.1") for _ in range(A_MINUTE + 1)] == [0] * A_MINUTE + [1]


def test_the_addresses_that_are_remembered_are_bounded() -> None:
    rates = Rates(Clock())
    for number in range(MOST_ADDRESSES + 50):
        rates.wait(f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")
    assert len(rates) == MOST_ADDRESSES


def test_who_asks_too_often_is_told_when_to_come_back(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "A_MINUTE", 2)
    statuses = [client.get("/api/metrics/clients", headers={"x-forwarded-for": str(i)}) for i in range(3)]
    assert [one.status_code for one in statuses] == [200, 200, 429]
    assert (statuses[-1].json()["reason"], statuses[-1].headers["retry-after"]) == ("too_many", "30")


def test_few_are_answered_at_once_some_wait_and_the_others_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "WAITING", 3)
    at_work, most, opened = [0], [0], threading.Event()

    def work() -> str:
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        opened.wait(10)
        at_work[0] -= 1
        return "done"

    async def ask() -> list[object]:
        turns = Turns()
        asked = [asyncio.ensure_future(turns.take(work)) for _ in range(8)]
        while sum(one.done() for one in asked) < 3 or at_work[0] < bounds.WORKING:
            await asyncio.sleep(0.01)
        opened.set()
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert await turns.take(lambda: "again") == "again"
        return list(found)

    found = in_a_loop(ask())
    assert [one.reason for one in found if isinstance(one, ApiError)] == ["too_many"] * 3
    assert (found.count("done"), most[0]) == (5, bounds.WORKING)


def test_who_has_waited_long_is_told_so_and_the_work_keeps_its_turn() -> None:
    async def ask() -> None:
        turns = Turns(patience=0.01)
        with pytest.raises(ApiError, match="busy"):
            await turns.take(lambda: time.sleep(0.2))
        assert turns._inside == 1
        await asyncio.sleep(0.3)
        assert turns._inside == 0

    in_a_loop(ask())


def test_an_answer_that_would_be_too_long_is_refused_before_it_is_made(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.api.asking.MOST_ROWS", 30)
    monkeypatch.setattr("pages.api.asking.answer_to", lambda *_: pytest.fail("it was made"))
    answer = client.get(f"/api/ask?metric=clients&by=language&by=topic&period={NOW}")
    assert (answer.status_code, answer.json()["reason"]) == (400, "too_many_rows")


def test_the_app_is_served_below_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pages.api.door", "pages.access.requests.mode"):
        monkeypatch.setattr(f"{module}.base_path", lambda: "/kunta")
    with TestClient(Starlette(routes=door.routes())) as client:
        found = client.get("/kunta/api").json()
        assert found["links"]["metrics"] == "http://testserver/kunta/api/metrics"
        assert client.get("/kunta/api/metrics/clients").status_code == 200
