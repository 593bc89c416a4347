"""The arguments of a tool as a request to the open interface. Whatever they hold, it is words of a request or a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from metrics.grammar.question import nearest
from pages.api.call import LONGEST, Call
from pages.api.errors import ApiError
from pages.tools.tools import Tool


def call_of(tool: Tool, arguments: Mapping[str, Any], lang: str) -> Call:
    """Return the request. lang: of the answer, unless one is asked for.

    Raises ApiError: `unknown_parameter`, `argument_form` where one is neither words nor a plain list of them, `repeated`,
    `too_long`.
    """
    given = {name: _words(name, value) for name, value in arguments.items() if value is not None}
    # Before anything of it is looked up or said again: that takes time, and a refusal repeats words.
    if sum(len(word) + len(name) for name, words in given.items() for word in ("", *words)) > LONGEST:
        raise ApiError("too_long", most=LONGEST)
    known = [one.name for one in tool.arguments]
    for name in given:
        if name not in known:
            raise ApiError("unknown_parameter", nearest(name, known) or tuple(known), parameter=name)
    path = tool.operation.path
    if tool.named:
        words = given.pop(tool.named, ())
        if len(words) > 1:
            raise ApiError("repeated", parameter=tool.named)
        path = path.partition("{")[0] + quote("".join(words), safe="", errors="replace")
    pairs = [(name, word) for name, words in given.items() for word in words]
    return Call(path, urlencode(pairs, errors="replace"), {"accept-language": lang})


def _words(name: str, value: Any) -> tuple[str, ...]:
    """Return what an argument says; a year may be a number."""
    found: Iterable[Any] = value if isinstance(value, list) else (value,)
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in found):
        raise ApiError("argument_form", parameter=name[:LONGEST])
    return tuple(map(str, found))
