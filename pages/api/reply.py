"""Answers as they are sent: whole, in part, or why not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

from data.refusal import refusal_text
from data.texts import texts
from metrics.grammar.question import QuestionError
from pages.access import open_interface
from pages.api.call import Call
from pages.api.errors import ApiError, status_of
from pages.api.openapi import PROBLEM

ALLOWED: Final = ", ".join(open_interface.METHODS)
_LATER: Final = {"too_many": 10, "busy": 10, "unavailable": 60, "not_open": 3600}
"""Seconds after which asking again may help."""
_RANGE: Final = re.compile(r"bytes=(\d{0,12})-(\d{0,12})", re.ASCII)


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int
    body: bytes = b""
    media: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def part_of(reply: Reply, method: str, headers: Mapping[str, str]) -> Reply:
    """Return the bytes of an answer that are asked for (RFC 9110): some programs read a file in parts, and in no other way."""
    size, found = len(reply.body), _RANGE.fullmatch(headers.get("range", ""))
    if reply.status != HTTPStatus.OK:
        return reply
    told = reply.headers | {"accept-ranges": "bytes"}
    # Whoever asks for the rest of what it holds is sent all of it: a weak tag does not tell whether the bytes are the same.
    if found is None or method != "GET" or "if-range" in headers or found[0] == "bytes=-":
        return replace(reply, headers=told)
    if found[1] and found[2] and int(found[1]) > int(found[2]):  # no range at all, and so not heeded
        return replace(reply, headers=told)
    start, end = (int(found[1]), int(found[2] or size)) if found[1] else (size - int(found[2]), size)
    start, end = max(start, 0), min(end, size - 1)
    if start > end:
        return Reply(416, headers=told | {"content-range": f"bytes */{size}"})
    told["content-range"] = f"bytes {start}-{end}/{size}"
    return Reply(206, reply.body[start : end + 1], reply.media, told)


def refused(refusal: ApiError | QuestionError, call: Call, seconds: int = 0) -> Reply:
    """Return why not, with what could be asked instead. seconds: until it is worth while to ask again."""
    status = status_of(refusal)
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": refusal_text(refusal, texts(call.lang)),
        "reason": refusal.reason,
        "nearest": list(refusal.nearest),
    }
    headers = {"allow": ALLOWED} if refusal.reason == "method" else {}
    if refusal.reason in _LATER:
        headers["retry-after"] = str(seconds or _LATER[refusal.reason])
    return Reply(status, written(told), PROBLEM, headers)


def written(found: object) -> bytes:
    """Return an answer as bytes: a text as it is, an object as JSON."""
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "replace")
