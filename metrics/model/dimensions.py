"""Dimensions and their codes: fixed lists from configuration; the service points are the store's own register."""

from datetime import datetime
from functools import cache, lru_cache

from data.codes import code_list
from data.store.generation import Generation
from data.store.store import Store
from metrics.model.facts import FACTS
from metrics.model.facts.fact import GROUPINGS, Fact
from metrics.model.labels import distinct

UNKNOWN_CODES = frozenset({"unknown", "und", "000", "9", ""})
"""Codes that say that a thing is not known, in any list."""
PLACES = "service_point"


def codes_of(dimension: str, fact: Fact, places: tuple[str, ...]) -> tuple[str, ...]:
    """All codes of a dimension in their fixed order. KeyError when the fact has no such dimension."""
    name = fact.dimensions[dimension]
    return places if name == PLACES else code_list(name).ids


def code_list_of(dimension: str) -> str:
    """Name of the code list of a dimension of any fact. KeyError when none has it."""
    return next(f.dimensions[dimension] for f in FACTS.values() if dimension in f.dimensions)


def service_points(store: Store, generation: Generation) -> dict[str, dict[str, str]]:
    """Names (fi, sv, en) of the registered service points by code, equal ones told apart, the unknown one last."""
    return _service_points(store, generation.number, generation.created)


def label(dimension: str, code: str, lang: str, store: Store, generation: Generation) -> str:
    """What a person calls the code."""
    name = code_list_of(dimension)
    if name == PLACES:
        return service_points(store, generation)[code][lang]
    return code_list(name).label(code, lang)


@cache
def members(group_dimension: str, group: str) -> frozenset[str]:
    """Codes that belong to a group: languages of a language group, municipalities of a region or employment area."""
    return frozenset(GROUPINGS[group_dimension].members(group))


@lru_cache(maxsize=8)
def _service_points(store: Store, number: int, _created: datetime) -> dict[str, dict[str, str]]:
    cursor = store.read(store.generation(number))
    try:
        rows = cursor.execute(
            "SELECT code, name_fi, name_sv, name_en, municipality FROM service_point ORDER BY name_fi, code"
        ).fetchall()
    finally:
        cursor.close()
    points = {str(code): names for code, *names in rows if code != "unknown"}
    unknown, areas = code_list("service_point_kind"), code_list("municipality")
    named: dict[str, dict[str, str]] = {code: {} for code in (*points, "unknown")}
    for index, lang in enumerate(("fi", "sv", "en")):
        names = {code: point[index] or point[0] for code, point in points.items()}
        where = {code: areas.label(point[-1], lang) for code, point in points.items() if point[-1] not in UNKNOWN_CODES}
        unlike = distinct({**names, "unknown": unknown.label("unknown", lang)}, where, keep=("unknown",))
        for code, name in unlike.items():
            named[code][lang] = name
    return named
