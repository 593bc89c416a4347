"""What can be asked of the open interface: one table, from which requests are answered and the description is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from data.texts import LANGUAGES
from metrics.grammar.question import EACH, MOST_DIMENSIONS
from pages.api import asking, catalog, describing, openapi
from pages.api.call import FORMATS, JSON, Call
from pages.api.errors import ApiError
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


def _dimensions(seen: Visible) -> list[str]:
    return list(dict.fromkeys(name for by in seen.dimensions.values() for name in by))


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


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation("", "What the interface is, and where to go on.", describing.interface),
    Operation("/metrics", "All metrics that can be asked for.", describing.metrics),
    Operation("/metrics/{id}", "One metric.", describing.metric, named=lambda seen: seen.dimensions),
    Operation(
        describing.DIMENSIONS,
        "The codes of a dimension, with names in three languages.",
        describing.dimension,
        (
            Parameter("metric", "Whose codes, where metrics differ.", codes=lambda seen: seen.dimensions),
            LANG,
            OF,
        ),
        named=_dimensions,
    ),
    Operation(
        "/ask",
        "Published values that answer a question of the closed grammar.",
        asking.answered,
        (
            Parameter("metric", "Metrics.", is_list=True, is_required=True, codes=lambda seen: seen.dimensions),
            Parameter("by", "Dimensions to break down by.", is_list=True, codes=_dimensions, most=MOST_DIMENSIONS),
            Parameter(
                "where",
                "Dimensions fixed to codes: language:so,ar.",
                is_list=True,
                form="^[a-z_]+:.+$",
                most=MOST_DIMENSIONS,
            ),
            Parameter("period", "2025, 2025-Q3, 2025-03, 2025-ytd-09, all (default).", codes=lambda seen: seen.periods),
            Parameter("each", "A row for each such part of the period.", codes=lambda _: EACH),
            Parameter("format", "By default what the header Accept asks for.", codes=lambda _: FORMATS),
            LANG,
            OF,
        ),
    ),
    Operation("/catalog.jsonld", "What is published, as DCAT-AP 3.", catalog.catalogue, type=catalog.MEDIA),
    Operation("/openapi.json", "This description.", lambda call, seen: openapi.description(OPERATIONS, call, seen)),
)


def operation_of(path: str) -> Operation:
    """Return what answers at a place. Raises ApiError: `no_such_place`, with all there are."""
    for one in OPERATIONS:
        if one.is_at(path):
            return one
    raise ApiError("no_such_place", tuple(one.path for one in OPERATIONS if one.path))
