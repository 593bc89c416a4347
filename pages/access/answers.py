"""Short answers of the guard to a browser: a page in all three languages, as nobody knows yet which one is wanted."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from data.texts import LANGUAGES, texts
from pages.access import mode
from pages.theme.colours import variables

if TYPE_CHECKING:
    from starlette.types import Send

_PAGE = """<!doctype html>
<html lang="fi"><head><meta charset="utf-8"><title>Tilannekuva</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{colours}:root {{ color-scheme: light dark }}
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 12vh auto; padding: 0 1rem;
  color: var(--ink); background: var(--ground) }}
a {{ color: inherit }}
p + p {{ border-top: 1px solid var(--border); padding-top: 1rem }}</style></head>
<body><main><h1><a href="{home}">Tilannekuva</a></h1>
{texts}</main></body></html>
"""


def page_of(key: str, **values: object) -> bytes:
    """Return an HTML page that says one text in every language."""
    said = (f'<p lang="{lang}">{escape(texts(lang)(key, **values))}</p>\n' for lang in LANGUAGES)
    return _PAGE.format(colours=variables(), home=escape(mode.base_path() or "/"), texts="".join(said)).encode()


async def refuse(send: Send, status: int, key: str, **values: object) -> None:
    """Answer a request with a text."""
    await answer(send, status, page_of(key, **values), ((b"content-type", b"text/html; charset=utf-8"),))


async def answer(send: Send, status: int, body: bytes, headers: tuple[tuple[bytes, bytes], ...]) -> None:
    """Answer a request with a whole body."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
