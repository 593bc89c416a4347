"""Says in words that a sign-in has failed: Streamlit has two English words for it, or shows the first page as if nothing were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from pages.access.answers import answer, page_of
from pages.access.requests import cookies_of, path_of

if TYPE_CHECKING:
    from starlette.types import Message, Scope, Send

_LOGIN: Final = "/auth/login"
_CALLBACK: Final = "/oauth2callback"
_ERROR: Final = 400
_STATUS: Final = 502
"""The provider has not answered, or not with a sign-in."""


def in_words(scope: Scope, send: Send, headers: dict[str, str]) -> Send:
    """Return a sender that says in words what Streamlit answers to a sign-in that has failed; others' answers go as they are."""
    path = path_of(scope)
    is_back = path == _CALLBACK and _is_of_sign_in(scope) and USER_COOKIE_NAME not in cookies_of(headers)
    if path != _LOGIN and not is_back:
        return send
    said = False

    async def sending(message: Message) -> None:
        nonlocal said
        if message["type"] == "http.response.start" and (
            message["status"] >= _ERROR or (is_back and not _gives_sign_in(message))
        ):
            said = True
            used_up = [one for one in message.get("headers", ()) if one[0].lower() == b"set-cookie"]
            html = b"content-type", b"text/html; charset=utf-8"
            await answer(send, _STATUS, page_of("door.sign_in_failed"), (html, *used_up))
        elif not said:
            await send(message)

    return sending


def _is_of_sign_in(scope: Scope) -> bool:
    """Whether a provider sends somebody back from signing in, and not from signing out."""
    return not {"code", "error"}.isdisjoint(
        parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    )


def _gives_sign_in(message: Message) -> bool:
    return any(
        name.lower() == b"set-cookie"
        and value.startswith(f"{USER_COOKIE_NAME}=".encode())
        and b"max-age=0" not in value.lower()
        for name, value in message.get("headers", ())
    )
