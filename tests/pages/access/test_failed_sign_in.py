"""A sign-in that fails is said in every language, by the app's own page; all else goes by."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from data.texts import LANGUAGES, texts
from pages.access.failed_sign_in import in_words
from tests.apart import in_a_loop

GIVEN = (b"set-cookie", f"{USER_COOKIE_NAME}=abc; Max-Age=2592000".encode())
GONE = (b"set-cookie", f'{USER_COOKIE_NAME}=""; Max-Age=0'.encode())


def answered(
    path: str, query: str, status: int, cookie: str = "", *set_cookies: tuple[bytes, bytes]
) -> tuple[int, str]:
    """What a browser gets of an answer of Streamlit's."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def app() -> None:
        sending = in_words({"path": path, "query_string": query.encode()}, send, {"cookie": cookie})
        await sending({"type": "http.response.start", "status": status, "headers": [(b"location", b"/"), *set_cookies]})
        await sending({"type": "http.response.body", "body": b"Authentication error"})

    in_a_loop(app())
    start, *bodies = sent
    assert [one for one in start["headers"] if one[0] == b"set-cookie"] == list(set_cookies)
    return start["status"], b"".join(one["body"] for one in bodies).decode()


@pytest.mark.parametrize(
    ("path", "query", "status", "set_cookies"),
    [
        ("/auth/login", "provider=x", 400, ()),
        ("/auth/login", "provider=x", 500, ()),
        ("/oauth2callback", "code=a&state=b", 302, ()),
        ("/oauth2callback", "code=a&state=b", 302, (GONE,)),
        ("/oauth2callback", "error=access_denied", 302, ()),
        ("/oauth2callback", "code=", 500, ()),
    ],
)
def test_a_failed_sign_in_is_said_in_every_language(path: str, query: str, status: int, set_cookies: Any) -> None:
    status, page = answered(path, query, status, "", *set_cookies)
    assert status == 502
    assert "Authentication" not in page
    for lang in LANGUAGES:
        assert escape(texts(lang)("door.sign_in_failed")) in page
    assert '<a href="/">' in page


@pytest.mark.parametrize(
    ("path", "query", "status", "cookie", "set_cookies"),
    [
        ("/auth/login", "provider=x", 302, "", ()),
        ("/oauth2callback", "code=a&state=b", 302, "", (GIVEN,)),
        # Back from signing out, and Back of a browser that has signed in.
        ("/oauth2callback", "state=b", 302, "", ()),
        ("/oauth2callback", "code=a&state=b", 302, f"{USER_COOKIE_NAME}=abc", ()),
        ("/kysynta", "code=a", 400, "", ()),
    ],
)
def test_all_else_goes_as_it_is(path: str, query: str, status: int, cookie: str, set_cookies: Any) -> None:
    assert answered(path, query, status, cookie, *set_cookies) == (status, "Authentication error")
