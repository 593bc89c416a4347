"""What the guard reads from a request: its path, headers and cookies, and the rights these prove."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import cookie_parser
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from pages.access import mode, session
from pages.access.ended import ENDED
from pages.access.rights import READER, Rights
from pages.access.signed_in import rights_from

if TYPE_CHECKING:
    from starlette.types import Scope


def path_of(scope: Scope) -> str:
    """Return a request's path below the address that the app is served at."""
    base, path = mode.base_path(), str(scope["path"])
    return path[len(base) :] or "/" if f"{path}/".startswith(f"{base}/") else path


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers by lower-case name; of a repeated one, all values joined, so that none is overlooked."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        between = "; " if key == "cookie" else ", "
        found[key] = f"{found[key]}{between}{text}" if key in found else text
    return found


def cookies_of(headers: dict[str, str]) -> dict[str, str]:
    """Return the cookies of a request, read as those of a session are: Python's own reader stops at an odd one of another app."""
    return cookie_parser(headers.get("cookie", ""))


def rights_of(headers: dict[str, str]) -> Rights:
    """Return the rights that a request proves, outside any session. Raises AccessError."""
    cookies = cookies_of(headers)
    match mode.current():
        case "local":
            return session.local(cookies, headers)
        case "sign_in":
            return rights_from(_claims(cookies), time.time(), ENDED)
    return READER


def _claims(cookies: dict[str, str]) -> dict[str, Any]:
    """Return the claims of Streamlit's signed cookie, none when it is forged or torn."""
    try:
        raw = _get_signed_cookie_with_chunks(cookies, USER_COOKIE_NAME)
        found = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
