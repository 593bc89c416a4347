"""The guard before everything: foreign hosts and origins, Streamlit's own addresses, uploads, and messages for everybody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import memory_media_file_storage as storage
from streamlit.runtime.media_file_storage import MediaFileKind

from data.store.acting import Waiting
from data.store.audit import AuditLog
from data.texts import LANGUAGES, texts
from pages.access import guard, media, uploads
from pages.access.guard import LARGEST_MESSAGE, LONGEST_QUERY, Guard, is_command
from pages.access.local_door import DOOR, KEY, PATH
from pages.access.media import key_addresses, keyed_id
from pages.access.policy import HEADERS, of_page
from pages.access.requests import path_of
from tests.apart import in_a_loop

HOST = "127.0.0.1:8501"
_OPTIONS = {"server.allowedHosts": ["127.0.0.1", "localhost"], "server.address": "127.0.0.1", "server.maxUploadSize": 1}


@pytest.fixture(autouse=True)
def options(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The settings as the project has them, whatever folder the test runs in; and a store of its own."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path))
    real = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: _OPTIONS.get(name, real(name)))
    monkeypatch.setattr("streamlit.config.get_option", lambda name: _OPTIONS.get(name, real(name)))


class Inner:
    """The app behind: remembers what reached it."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.received: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)
        if scope["type"] == "websocket":
            while (message := await receive())["type"] == "websocket.receive":
                self.received.append(message)
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"X-Frame-Options", b"ALLOWALL")]})
        await send({"type": "http.response.body", "body": b"inside"})


class Asked:
    """One request through the guard: what came back, and whether the app behind saw it."""

    def __init__(
        self,
        path: str,
        method: str = "GET",
        kind: str = "http",
        frames: tuple[bytes, ...] = (),
        closed: Collection[str] = (),
        **headers: str,
    ) -> None:
        self.inner, self.sent = Inner(), list[dict[str, Any]]()
        given = {"host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        path, _, query = path.partition("?")
        scope = {
            "type": kind, "method": method, "path": path, "query_string": query.encode(), "app": None,
            "headers": [(name.encode(), value.encode()) for name, value in given.items() if value],
        }  # fmt: skip
        waiting: Iterator[dict[str, Any]] = iter(
            [*({"type": "websocket.receive", "bytes": one} for one in frames), {"type": "websocket.disconnect"}]
        )

        async def receive() -> dict[str, Any]:
            return next(waiting)

        async def send(message: Any) -> None:
            self.sent.append(message)

        in_a_loop(Guard(self.inner, closed)(scope, receive, send))

    @property
    def status(self) -> int:
        return int(self.sent[0].get("status", self.sent[0].get("code", 0)))

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


FOREIGN: list[dict[str, str]] = [
    {"host": "evil.fi"}, {"host": ""}, {"host": "127.0.0.1.evil.fi"}, {"host": "127.0.0.1:99999"}, {"host": "evil.fi@127.0.0.1"},
    {"origin": "https://evil.fi"}, {"origin": "null"}, {"origin": "http://localhost:8501"}, {"origin": "http://127.0.0.1:9999"},
    {"origin": "file://127.0.0.1:8501"}, {"origin": "http://[::1"},
]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize(
    "path", ["/", "/kysynta", "/_stcore/health", "/healthz", "/_stcore/upload_file/a/b", PATH, "/media/x.csv"]
)
def test_foreign_hosts_and_origins_end_at_the_guard(headers: dict[str, str], path: str) -> None:
    asked = Asked(path, "GET", "http", (), **headers)
    assert (asked.status, asked.inner.seen) == (403, [])
    for lang in LANGUAGES:
        assert f'<p lang="{lang}">{texts(lang)("door.foreign")}</p>' in asked.body
    stream = Asked("/_stcore/stream", "GET", "websocket", (), **headers)
    assert (stream.sent, stream.inner.seen) == ([{"type": "websocket.close", "code": 1008}], [])


OWN: list[dict[str, str]] = [{}, {"origin": f"http://{HOST}"}, {"origin": f"https://{HOST}"}, {"host": "localhost"}]


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_own_pages_and_programs_go_through(headers: dict[str, str]) -> None:
    assert len(Asked("/kysynta", "GET", "http", (), **headers).inner.seen) == 1
    assert len(Asked("/_stcore/stream", "GET", "websocket", (), **headers).inner.seen) == 1


def test_only_the_stream_is_a_connection() -> None:
    for path in ("/", "/_stcore/other", "/stream"):
        assert Asked(path, kind="websocket").inner.seen == []


def test_every_answer_has_its_headers_once() -> None:
    for asked in (Asked("/"), Asked("/", host="evil.fi"), Asked("/_stcore/host-config"), Asked(f"{PATH}?{KEY}=x")):
        names = [name.lower() for name, _ in asked.sent[0]["headers"]]
        assert len(names) == len(set(names))
        assert HEADERS.items() <= asked.headers.items()
        assert b"frame-ancestors 'none'" in asked.headers[b"content-security-policy"]
        assert b"unsafe-eval" not in asked.headers[b"content-security-policy"]


def test_scripts_of_a_page_are_allowed_by_their_digests_alone() -> None:
    # The digest of the example of the specification of Content Security Policy.
    assert b"script-src 'self' blob: 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='" in of_page(
        "<script>alert('Hello, world.');</script>"
    )
    script = next(part for part in of_page("<p>").split(b"; ") if part.startswith(b"script-src"))
    assert script == b"script-src 'self' blob:"


@pytest.mark.parametrize(
    "name", ["metrics", "agent/run", "allowed-message-origins", "message", "script-health-check", ""]
)
def test_addresses_that_pages_do_not_need_are_closed(name: str) -> None:
    asked = Asked(f"/_stcore/{name}")
    assert (asked.status, asked.inner.seen) == (404, [])


def test_nobody_may_frame_or_steer_the_app() -> None:
    asked = Asked("/_stcore/host-config")
    assert re.search(r'"allowedOrigins": \[\]', asked.body)
    assert asked.inner.seen == []


def test_the_door_opens_once_and_gives_a_pass() -> None:
    key = DOOR.key
    for refused in (
        Asked(f"{PATH}?{KEY}={key}", method="HEAD"),
        Asked(f"{PATH}?{KEY}={key}", x_forwarded_for="10.0.0.4"),
    ):
        assert refused.status == 404
    assert Asked(f"{PATH}?{KEY}=wrong").status == 403
    asked = Asked(f"{PATH}?{KEY}={key}")
    cookie = asked.headers[b"set-cookie"].decode()
    assert (asked.status, asked.headers[b"location"]) == (303, b"/")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert key not in cookie
    assert DOOR.lets_in(cookie.split("=", 1)[1].split(";")[0])
    assert Asked(f"{PATH}?{KEY}={key}").status == 403


def test_the_log_tells_of_the_door_and_never_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "store.json").touch()
    monkeypatch.setattr(guard, "WAITING", waiting := Waiting(pause=3600))
    monkeypatch.setattr("pages.access.guard.time.time", lambda: 60.0)
    key = DOOR.key
    for wrong in ("wrong-key", "another-key", key, "third-key"):
        Asked(f"{PATH}?{KEY}={wrong}")
    waiting.flush()
    told = [*AuditLog(tmp_path).lines()]
    assert [(line.what, line.who) for line in told] == [("key_refused", "visitor"), ("door_opened", "local")]
    assert not any(one in line.text() for line in told for one in ("-key", key))


def pass_of_a_browser() -> str:
    asked = Asked(f"{PATH}?{KEY}={DOOR.key}")
    return asked.headers[b"set-cookie"].decode().split(";")[0]


UPLOAD = "/_stcore/upload_file/session/file"


def test_files_come_in_with_the_right_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = pass_of_a_browser()
    assert Asked(UPLOAD, "PUT", content_length="10").status == 403
    assert Asked(UPLOAD, "DELETE").status == 403
    assert Asked(UPLOAD, "PUT", content_length="10", cookie=cookie).status == 200
    assert Asked(UPLOAD, "DELETE", cookie=cookie).status == 200
    assert Asked(UPLOAD, "PUT", content_length="10", cookie=cookie, x_forwarded_for="10.0.0.4").status == 403
    assert Asked(UPLOAD, "PUT", content_length="10", cookie=cookie + "x").status == 403
    monkeypatch.setenv("TILANNEKUVA_INTERNAL", "0")
    assert Asked(UPLOAD, "PUT", content_length="10", cookie=cookie).status == 403


def test_a_pass_beside_others_of_its_name_opens_no_more_than_itself() -> None:
    cookie = pass_of_a_browser()
    wrong, *_ = cookie.partition("=")
    for sent, opens in (
        (f"{wrong}=x; {cookie}", True), (f"{cookie}; {wrong}=x", False), (f'{wrong}="{cookie}"', False),
        (f"{wrong}=; {wrong}=x", False), (f"{cookie}x", False), (f'{wrong}="a', False), ("=;" * 2_000, False),
    ):  # fmt: skip
        status = Asked(UPLOAD, "PUT", content_length="10", cookie=sent).status
        assert status == (200 if opens else 403), sent[:60]


def test_files_on_their_way_are_bounded_in_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    cookie, largest = pass_of_a_browser(), 1024 * 1024
    for length in ("", "x", "-1", "1e9"):
        assert Asked(UPLOAD, "PUT", content_length=length, cookie=cookie).status == 411
    for held, status in ((0, 200), (uploads.AT_ONCE * largest - 10, 200), (uploads.AT_ONCE * largest - 9, 503)):
        monkeypatch.setattr(uploads, "held_bytes", lambda held=held: held)
        assert Asked(UPLOAD, "PUT", content_length="10", cookie=cookie).status == status


def test_what_is_on_its_way_counts_until_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "held_bytes", lambda: 0)
    cookie, statuses = pass_of_a_browser(), list[int]()
    length = str(uploads.AT_ONCE * 1024 * 1024 // 2)
    headers = {"host": HOST, "cookie": cookie, "content-length": length}
    scope = {
        "type": "http", "method": "PUT", "path": UPLOAD, "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip

    async def three_at_once() -> None:
        finish = asyncio.Event()

        async def slow(_scope: Any, _receive: Any, send: Any) -> None:
            await finish.wait()
            await send({"type": "http.response.start", "status": 204, "headers": []})

        async def send(message: Any) -> None:
            if "status" in message:
                statuses.append(message["status"])
            finish.set()

        guarded = Guard(slow)
        await asyncio.gather(*(guarded(scope, None, send) for _ in range(3)))  # type: ignore[arg-type]
        await guarded(scope, None, send)  # type: ignore[arg-type]

    in_a_loop(three_at_once())
    assert sorted(statuses[:3]) == [204, 204, 503]
    assert statuses[3] == 204


def test_nobody_empties_the_caches_of_all() -> None:
    clear, rerun = BackMsg(clear_cache=True).SerializeToString(), BackMsg(stop_script=True).SerializeToString()
    assert (is_command(clear), is_command(rerun), is_command(b"\xff\xff"), is_command(b"")) == (
        True,
        False,
        False,
        False,
    )
    asked = Asked("/_stcore/stream", kind="websocket", frames=(rerun, clear, rerun))
    assert [message["bytes"] for message in asked.inner.received] == [rerun, rerun]


def test_only_what_pages_need_gets_through() -> None:
    """Of all that Streamlit knows, also what a later version of it may add."""
    for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields:
        if field.name in ("rerun_script", "stop_script", "file_urls_request", "app_heartbeat"):
            continue
        message = BackMsg()
        if field.message_type is None:
            setattr(message, field.name, True)
        else:
            getattr(message, field.name).SetInParent()
        assert is_command(message.SerializeToString()), field.name
    asked = BackMsg()
    asked.backend_operation_request.request_id = "1"
    for field in asked.backend_operation_request.DESCRIPTOR.fields:
        if field.message_type is not None:
            other = BackMsg()
            other.CopyFrom(asked)
            getattr(other.backend_operation_request, field.name).SetInParent()
            is_needed = field.name in ("deferred_file", "dataframe_chunk")
            assert is_command(other.SerializeToString()) is not is_needed, field.name


def test_a_message_that_is_too_large_ends_its_connection() -> None:
    small, large = b"\xff" * LARGEST_MESSAGE, b"\xff" * (LARGEST_MESSAGE + 1)
    asked = Asked("/_stcore/stream", kind="websocket", frames=(small, large, small))
    assert [message["bytes"] for message in asked.inner.received] == [small]


def test_an_address_that_no_browser_has_ends_its_connection() -> None:
    long, too_long = BackMsg(), BackMsg()
    long.rerun_script.query_string = "a=1&" * (LONGEST_QUERY // 4)
    too_long.rerun_script.query_string = "a=1&" * (LONGEST_QUERY // 4) + "b"
    frames = tuple(one.SerializeToString() for one in (long, too_long, long))
    asked = Asked("/_stcore/stream", kind="websocket", frames=frames)
    assert [message["bytes"] for message in asked.inner.received] == [frames[0]]


def test_a_page_whose_address_would_end_its_connection_is_not_sent() -> None:
    """It would connect again and again, and stay empty."""
    longest = "a" * LONGEST_QUERY
    assert Asked(f"/kysynta?{longest}").status == 200
    asked = Asked(f"/kysynta?{longest}b")
    assert asked.status == 414
    assert all(texts(lang)("door.too_long") in asked.body for lang in LANGUAGES)
    assert Asked(f"/api/figures?{longest}b").status == 200, "the open interface has bounds of its own"


def test_an_app_below_an_address_is_guarded_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_OPTIONS, "server.baseUrlPath", "kunta")
    assert Asked("/kunta/_stcore/metrics").status == 404
    assert Asked("/kunta" + UPLOAD, "PUT", content_length="1").status == 403
    assert Asked(f"/kunta{PATH}?{KEY}={DOOR.key}").headers[b"location"] == b"/kunta"
    for path, found in (("/kunta/kysynta", "/kysynta"), ("/kunta", "/"), ("/kuntalainen/x", "/kuntalainen/x")):
        assert path_of({"path": path}) == found


def test_addresses_of_downloads_cannot_be_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = storage._calculate_file_id(b"a;b\n1;2\n", "text/csv")
    monkeypatch.setattr(storage, "_calculate_file_id", storage._calculate_file_id)
    key_addresses()
    kept = storage.MemoryMediaFileStorage("/media")
    files = b"a;b\n1;2\n", b"a;b\n1;2\n", b"a;b\n1;3\n"
    first, again, other = (kept.load_and_get_id(text, "text/csv", MediaFileKind.DOWNLOADABLE) for text in files)
    assert first == again
    assert len({plain, first, other}) == 3
    assert first == keyed_id(b"a;b\n1;2\n", "text/csv")


def test_files_that_are_made_are_bounded_in_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MOST_BYTES", 1_000)
    monkeypatch.setattr(
        storage.MemoryMediaFileStorage, "load_and_get_id", storage.MemoryMediaFileStorage.load_and_get_id
    )
    media.bound_files()
    kept = storage.MemoryMediaFileStorage("/media")
    picture = kept.load_and_get_id(b"p" * 5_000, "image/png", MediaFileKind.MEDIA)
    names = [kept.load_and_get_id(bytes([n]) * 300, "text/csv", MediaFileKind.DOWNLOADABLE) for n in range(20)]
    assert [*kept._files_by_id] == [picture, *names[-3:]], "pictures of pages stay, the newest files too"
    large = kept.load_and_get_id(b"x" * 3_000, "text/csv", MediaFileKind.DOWNLOADABLE)
    assert [*kept._files_by_id] == [picture, large], "one that is larger than all may be is handed out"
