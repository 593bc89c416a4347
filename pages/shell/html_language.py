"""ASGI middleware that sets the language of Streamlit's HTML page: `<html lang>`, title, and Streamlit's own texts.

Streamlit 1.67 has `lang="en"` and its English texts built in, which fails WCAG 3.1.1.
"""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Language
from pages.access import open_interface
from pages.access.policy import POLICY, of_page
from pages.access.requests import path_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HERE = Path(__file__).parent
_NOT_PAGES = ("/static/", "/media/", "/_stcore/", "/component/", "/app/static/", f"{open_interface.PATH}/")
# Compressed, partial or cached answers could not be rewritten, or would outlive a change of this file.
_REQUEST_HEADERS_LEFT_OUT = {b"accept-encoding", b"range", b"if-none-match", b"if-modified-since"}
_RESPONSE_HEADERS_LEFT_OUT = {b"content-length", b"etag", b"last-modified", b"accept-ranges"}
_NOSCRIPT: dict[Language, str] = {
    "fi": "Tilannekuva tarvitsee selaimen JavaScriptin.",
    "sv": "Tilannekuva behöver webbläsarens JavaScript.",
    "en": "Tilannekuva needs JavaScript in the browser.",
}


def requested_language(query_string: bytes) -> Language:
    """Return the language of `?lang=`; Finnish when there is none or it is not one of ours.

    >>> requested_language(b"lang=sv"), requested_language(b"lang=de"), requested_language(b"")
    ('sv', 'fi', 'fi')
    """
    wanted = parse_qs(query_string.decode("latin-1")).get("lang", [""])[-1]
    return next((language for language in LANGUAGES if language == wanted), DEFAULT_LANGUAGE)


@cache
def injected_script() -> str:
    """Return the script element that follows language switches and translates Streamlit's own texts in the browser."""
    words = tomllib.loads((_HERE / "streamlit_words.toml").read_text(encoding="utf-8"))
    data = json.dumps({"languages": LANGUAGES, **words}, ensure_ascii=False).replace("</", "<\\/")
    code = (_HERE / "html_language.js").read_text(encoding="utf-8")
    return f"<script>({code.strip().removesuffix(';')})({data});</script>"


def translate_page(html: str, language: Language) -> str:
    """Return Streamlit's page with its language, title and no-script text in `language`, and the script in its head."""
    html = html.replace('<html lang="en">', f'<html lang="{language}">', 1)
    html = html.replace("<title>Streamlit</title>", "<title>Tilannekuva</title>", 1)
    before, start, rest = html.partition("<noscript>")
    _, end, after = rest.partition("</noscript>")
    if start and end:
        html = f"{before}{start}<p>{_NOSCRIPT[language]}</p>{end}{after}"
    return html.replace("<head>", f"<head>{injected_script()}", 1)


class HtmlLanguage:
    """ASGI middleware that applies `translate_page` to every HTML response and passes all others unchanged."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI)."""
        if scope["type"] != "http" or f"{path_of(scope)}/".startswith(_NOT_PAGES):
            await self.app(scope, receive, send)
            return
        language = requested_language(scope.get("query_string", b""))
        headers = [pair for pair in scope["headers"] if pair[0].lower() not in _REQUEST_HEADERS_LEFT_OUT]
        held: Message | None = None
        body = b""

        async def send_translated(message: Message) -> None:
            nonlocal held, body
            if message["type"] == "http.response.start" and _is_html(message):
                held = message
                return
            if held is None or message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body", False):
                return
            page = translate_page(body.decode("utf-8"), language) if body else ""  # a HEAD request has none
            kept = [pair for pair in held["headers"] if pair[0].lower() not in _RESPONSE_HEADERS_LEFT_OUT]
            told = (b"content-language", language.encode()), (POLICY, of_page(page))
            await send({**held, "headers": [*kept, *told]})
            await send({"type": "http.response.body", "body": page.encode("utf-8")})

        await self.app({**scope, "headers": headers}, receive, send_translated)


def _is_html(message: Message) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])
