"""The door of the open interface: bounds first, then the place, and whatever happens an answer that a program can read."""

from __future__ import annotations

import hashlib
import logging
from functools import partial
from traceback import extract_tb
from typing import TYPE_CHECKING, Final

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.responses import Response
from starlette.routing import Route

from data.refusal import Refusal, word_of
from data.version import version
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions, of_definitions
from pages.access import logs, open_interface
from pages.access.mode import base_path
from pages.access.requests import headers_of, path_of
from pages.api.bounds import Rates, Turns
from pages.api.call import Call
from pages.api.errors import ApiError
from pages.api.operations import Operation, operation_of
from pages.api.reply import ALLOWED, Reply, part_of, refused, written
from pages.api.visible import Visible, visible

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
log = logging.getLogger(__name__)


class _Anything(PathConvertor):
    """The rest of a path, whatever is in it: a line break, too, is to be answered by us and not by the server."""

    regex = r"[\s\S]*"


register_url_convertor("anything", _Anything())


class OpenInterface:
    """ASGI app of everything below `/api`. All work is done in threads: the event loop is the pages' own."""

    def __init__(self) -> None:
        self.rates, self.turns = Rates(), Turns()

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
            operation = operation_of(call.path)
            if scope["method"] == "OPTIONS":
                return Reply(204, headers=_PREFLIGHT)
            if scope["method"] not in open_interface.METHODS:
                raise ApiError("method")
            if seconds := self.rates.wait((scope.get("client") or ("",))[0]):
                return refused(ApiError("too_many"), call, seconds)
            return await self.turns.take(partial(_answered, operation, call))
        except (ApiError, QuestionError) as refusal:
            return refused(refusal, call)


def _answered(operation: Operation, call: Call) -> Reply:
    """Answer in a thread. Raises ApiError, QuestionError, and nothing else."""
    try:
        call.check(operation.names)
        call.checked_lang()
        seen = visible(call)
        tag = tag_of(call, seen)
        if call.has(tag):
            return Reply(304, headers={"etag": tag})
        made = Reply(200, written(operation.make(call, seen)), operation.media(call), {"etag": tag})
        return Reply(304, headers={"etag": tag}) if call.has("*") else made
    except (ApiError, QuestionError):
        raise
    except (Refusal, OSError) as error:  # of the store: its words name files
        log.warning("open interface: %s", word_of(error))
        raise ApiError("unavailable") from None
    except Exception as error:  # nobody outside is to see a traceback
        place = extract_tb(error.__traceback__)[-1]
        log.error("open interface: %s at %s", type(error).__name__, logs.place(place.filename, place.lineno))
        raise ApiError("unforeseen") from None


def tag_of(call: Call, seen: Visible) -> str:
    """Return what changes when the answer may: the release, the definitions, the program, and what is asked.

    Weak, because the server may compress an answer on its way.
    """
    asked = [call.path, *map(repr, call.pairs), call.lang, call.headers.get("accept", ""), call.address]
    parts = [version(), _definitions_digest(), *seen.tokens, *asked]
    return f'W/"{hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]}"'


@of_definitions
def _definitions_digest() -> str:
    told = "\n".join(one.model_dump_json() for one in definitions().values())
    return hashlib.sha256(told.encode()).hexdigest()


def _call(scope: Scope) -> Call:
    headers, path = headers_of(scope), path_of(scope)
    query = scope.get("query_string", b"").decode("latin-1")
    address = f"{scope.get('scheme', 'http')}://{headers.get('host', '')}{base_path()}{open_interface.PATH}"
    return Call(path.removeprefix(open_interface.PATH).rstrip("/"), query, headers, address)


def routes() -> list[Route]:
    """Return the routes of the server, below the address that the app is served at."""
    door, start = OpenInterface(), base_path() + open_interface.PATH
    return [Route(start, door), Route(start + "/{rest:anything}", door)]
