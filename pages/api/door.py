"""The door of the open interface over HTTP: who may come in, which place is meant, and how answers are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.responses import Response
from starlette.routing import Route

from pages.access import open_interface
from pages.access.mode import base_path
from pages.access.requests import headers_of, path_of
from pages.api.call import LONGEST, Call
from pages.api.errors import ApiError
from pages.api.inquiries import Inquiries
from pages.api.operations import operation_of
from pages.api.reply import ALLOWED, Reply, part_of, refused

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_FOR_EVERYBODY: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Retry-After, Accept-Ranges, Content-Range",
    "vary": "Accept, Accept-Language",
}
_PREFLIGHT: Final = {
    "allow": ALLOWED,
    "access-control-allow-methods": ALLOWED,
    "access-control-allow-headers": "If-None-Match, If-Range, Range",
    "access-control-max-age": "86400",
}


class _Anything(PathConvertor):
    """The rest of a path, whatever is in it: a line break, too, is to be answered by us and not by the server."""

    regex = r"[\s\S]*"


register_url_convertor("anything", _Anything())


class OpenInterface:
    """ASGI app of everything below `/api`. All work is done in threads: the event loop is the pages' own."""

    def __init__(self) -> None:
        self._inquiries = Inquiries()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI)."""
        reply = part_of(await self._reply(scope), scope["method"], headers_of(scope))
        headers = {"cache-control": "no-cache", **reply.headers} | (_FOR_EVERYBODY if open_interface.is_open() else {})
        if reply.media:
            headers |= {"content-type": reply.media, "content-length": str(len(reply.body))}
        body = b"" if scope["method"] == "HEAD" else reply.body
        await Response(body, reply.status, headers)(scope, receive, send)

    async def _reply(self, scope: Scope) -> Reply:
        call = _call(scope)
        try:
            if not open_interface.is_open():
                raise ApiError("no_such_place")
            if len(call.path) > LONGEST:  # a refusal would say all of it again
                raise ApiError("too_long", most=LONGEST)
            operation = operation_of(call.path)
            if scope["method"] == "OPTIONS":
                return Reply(204, headers=_PREFLIGHT)
            if scope["method"] not in open_interface.METHODS:
                raise ApiError("method")
            return await self._inquiries.reply(operation, call, (scope.get("client") or ("",))[0])
        except ApiError as refusal:
            return refused(refusal, call)


def _call(scope: Scope) -> Call:
    headers, path = headers_of(scope), path_of(scope)
    query = scope.get("query_string", b"").decode("latin-1")
    address = f"{scope.get('scheme', 'http')}://{headers.get('host', '')}{base_path()}{open_interface.PATH}"
    return Call(path.removeprefix(open_interface.PATH).rstrip("/"), query, headers, address)


def routes() -> list[Route]:
    """Return the routes of the server, below the address that the app is served at."""
    door, start = OpenInterface(), base_path() + open_interface.PATH
    return [Route(start, door), Route(start + "/{rest:anything}", door)]
