"""A place of the open interface, and what may stand in its address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from data.texts import LANGUAGES
from pages.api.call import FORMATS, JSON, Call
from pages.api.visible import Visible


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query. is_list: may be given more than once, most: how often; codes: all its values, of which there may
    be none to choose from; form: of them, as a pattern.
    """

    name: str
    text: str
    is_list: bool = False
    is_required: bool = False
    codes: Callable[[Visible], Iterable[str]] | None = None
    form: str = ""
    most: int | None = None


LANG: Final = Parameter("lang", "Language of texts: fi (default), sv or en.", codes=lambda _: LANGUAGES)
OF: Final = Parameter("of", "Whose figures, on a site of several.", codes=lambda seen: seen.publications)


@dataclass(frozen=True)
class Operation:
    """A place of the interface; a part of its path in braces is for a name. make: returns its answer, an object or a text; named:
    all names that there are.
    """

    path: str
    text: str
    make: Callable[[Call, Visible], dict[str, Any] | str]
    parameters: tuple[Parameter, ...] = (LANG, OF)
    type: str = JSON
    named: Callable[[Visible], Iterable[str]] = lambda _: ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its parameters."""
        return tuple(one.name for one in self.parameters)

    def media(self, call: Call) -> str:
        """Return the media type of its answer."""
        return FORMATS[call.format()] if "format" in self.names else self.type

    def is_at(self, path: str) -> bool:
        """Return whether it answers at a path."""
        before, brace, _ = self.path.partition("{")
        return path.startswith(before) and "/" not in path[len(before) :] if brace else path == self.path
