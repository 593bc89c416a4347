"""Dimensions of metrics: their codes in fixed order, labels of codes, and the code for "not known".

The same name can have different code lists in different facts (`kind` of training, `kind` of a start in work), so that
functions take the metric. Without a metric, as in the filter bar, only dimensions with the same list in every fact are
valid. Service points have no list: they are the store's own register (`service_points`).
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from types import MappingProxyType

from data.codes import LANGUAGES, UNKNOWN_POINT, CodeList, code_list, municipality_name, unknown_code
from data.store.generation import Generation
from data.store.store import Store
from data.texts import capital
from metrics.audience import Audience, is_exact
from metrics.gate import Cell, Gate
from metrics.model.definition import definitions
from metrics.model.facts import FACTS
from metrics.model.facts.fact import GROUPINGS, REGISTER
from metrics.model.labels import distinct

Places = Mapping[str, Mapping[str, str]]
"""Names of service points by code and language."""
_ALIKE = 0.75
"""How much of a name may be written otherwise, for it to be taken for a slip."""


def list_of(metric: str | None, dimension: str) -> CodeList | None:
    """Return the code list of a metric's dimension, or of the dimension common to all facts; None for service points.

    Raises KeyError when there is no such metric or dimension, or, without a metric, when facts have different lists for
    it.
    """
    if metric is not None:
        return definitions()[metric].of_fact.list_of(dimension)
    return code_list(name) if (name := _shared()[dimension]) != REGISTER else None


def codes(metric: str | None, dimension: str, places: Iterable[str]) -> tuple[str, ...]:
    """Return all codes of a dimension in their fixed order. Raises KeyError as `list_of`.

    places: codes of the store's service points.
    """
    known = list_of(metric, dimension)
    return tuple(places) if known is None else known.ids


def has_code(metric: str | None, dimension: str, code: str, places: Iterable[str]) -> bool:
    """Return whether `code` is a code of the dimension. Raises KeyError as `list_of`."""
    known = list_of(metric, dimension)
    return code in tuple(places) if known is None else code in known


def codes_named(metric: str | None, dimension: str, name: str) -> tuple[str, ...]:
    """Return the codes of that name in any language, in capital or small letters, else of the names most like it.

    None of service points, which a store names. Raises KeyError as `list_of`.

    >>> codes_named("clients", "municipality", "åbo"), codes_named("clients", "municipality", "Turkuu")
    (('853',), ('853',))
    """
    known = list_of(metric, dimension)
    by_name: dict[str, list[str]] = {}
    for code in known.ids if known else ():
        for name_of in {known.label(code, lang).casefold() for lang in LANGUAGES} if known else ():
            by_name.setdefault(name_of, []).append(code)
    said = name.casefold()
    alike = (said,) if said in by_name else get_close_matches(said, by_name, cutoff=_ALIKE)
    return tuple(dict.fromkeys(code for one in alike for code in by_name[one]))


def label(
    metric: str | None, dimension: str, code: str, lang: str, places: Places, *, within_sentence: bool = False
) -> str:
    """Return the label of a code, with a capital first letter.

    within_sentence: as the word is written inside a sentence. Raises KeyError as `list_of`, and for an unknown code.

    >>> label(None, "language", "so", "fi", {}), label(None, "language", "so", "fi", {}, within_sentence=True)
    ('Somali', 'somali')
    """
    known = list_of(metric, dimension)
    if known is None:
        return places[code][lang]
    name = known.label(code, lang)
    return name if within_sentence else capital(name)


def unknown_of(metric: str | None, dimension: str) -> str | None:
    """Return the code for "not known" of a dimension; None where there is none. Raises KeyError as `list_of`."""
    known = list_of(metric, dimension)
    return UNKNOWN_POINT if known is None else known.unknown


def is_unknown(metric: str | None, dimension: str, code: str) -> bool:
    """Return whether a code means "not known". Raises KeyError as `list_of`.

    >>> is_unknown("enrolments", "education_level", "9"), is_unknown("encounters", "service_point", "9")
    (True, False)
    """
    return code == unknown_of(metric, dimension)


def has_unknown(metric: str, codes: Mapping[str, str]) -> bool:
    """Return whether any of a row's codes, by dimension, means "not known"."""
    return any(is_unknown(metric, dimension, code) for dimension, code in codes.items())


@cache
def members(group_dimension: str, group: str) -> frozenset[str]:
    """Return the codes that belong to a group: languages of a language group, municipalities of a region, and so on."""
    return frozenset(GROUPINGS[group_dimension].members(group))


@cache
def _shared() -> dict[str, str]:
    """Return the list name of every dimension that has the same list in all facts that have it."""
    meant: dict[str, set[str]] = {}
    for fact in FACTS.values():
        for dimension, name in fact.dimensions.items():
            meant.setdefault(dimension, set()).add(name)
    return {dimension: next(iter(names)) for dimension, names in meant.items() if len(names) == 1}


_VISITORS = """SELECT service_point, count(*)::BIGINT, sum(unit)
    FROM (SELECT DISTINCT service_point, abs(client) AS unit FROM encounter WHERE occurred_on <= ?) GROUP BY service_point"""
"""SQL for the number of visitors of each service point and the sum of their keys."""


@lru_cache(maxsize=8)
def service_points(store: Store, generation: Generation, audience: Audience) -> Mapping[str, Mapping[str, str]]:
    """Return the distinct names (fi, sv, en) of the service points by code, the unknown one last.

    Protected: those that the steward has listed, and those with a published number of visitors. A point that is only named in
    encounters of a few is as unknown as an invented one. Raises StoreError, KeyFileError.
    """
    with store.reading(generation) as cursor:
        rows = cursor.execute(
            "SELECT code, delivery <> 0 AS is_listed, name_fi, name_sv, name_en, municipality FROM service_point "
            "ORDER BY name_fi, code"
        ).fetchall()
        named_only = any(not is_listed for code, is_listed, *_ in rows if code != UNKNOWN_POINT)
        visitors = cursor.execute(_VISITORS, [generation.closed_until]).fetchall() if named_only else []
    known = {str(code) for code, is_listed, *_ in rows if is_listed or is_exact(audience)}
    if visitors and not is_exact(audience):
        gate = Gate(audience, store.keys.noise)
        known |= {str(code) for code, n, keys in visitors if gate.clients(Cell(n, keys)).value is not None}
    points = {str(code): names for code, _, *names in rows if code != UNKNOWN_POINT and code in known}
    kinds, nowhere = code_list("service_point_kind"), unknown_code("municipality")
    named: dict[str, dict[str, str]] = {code: {} for code in (*points, UNKNOWN_POINT)}
    for index, lang in enumerate(("fi", "sv", "en")):
        names = {code: point[index] or point[0] for code, point in points.items()}
        # Not by the list of municipalities: to make it takes longer than to answer a short command.
        where = {code: municipality_name(point[-1], lang) for code, point in points.items() if point[-1] != nowhere}
        # Service points have no code list, so the label is the one for an unknown kind.
        names[UNKNOWN_POINT] = kinds.label(unknown_code("service_point_kind"), lang)
        for code, name in distinct(names, where, keep=(UNKNOWN_POINT,)).items():
            named[code][lang] = name
    return MappingProxyType({code: MappingProxyType(name) for code, name in named.items()})
