"""What can be asked of the open interface: one table, from which requests are answered and the description is made."""

from __future__ import annotations

from typing import Final

from metrics.grammar.question import EACH, MOST_DIMENSIONS
from pages.api import asking, catalog, describing, openapi
from pages.api.call import FORMATS
from pages.api.errors import ApiError
from pages.api.operation import LANG, OF, Operation, Parameter
from pages.api.visible import Visible


def _dimensions(seen: Visible) -> list[str]:
    return list(dict.fromkeys(name for by in seen.dimensions.values() for name in by))


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
