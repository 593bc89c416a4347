"""What there is to ask: the interface itself, metrics, and codes of dimensions, with names in every language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.texts import LANGUAGES, texts
from data.version import version
from metrics.grammar.question import QuestionError, nearest
from metrics.listing import as_objects
from metrics.model.definition import Definition, definitions
from metrics.model.dimensions import codes, is_unknown, label, list_of
from metrics.model.facts.fact import GROUPINGS
from metrics.packages.naming import by_area
from pages.api.call import Call
from pages.api.errors import ApiError
from pages.api.visible import Visible
from pages.shell import publications
from pages.view.sentences import protected_explained

DIMENSIONS = "/dimensions/{name}"


def interface(call: Call, seen: Visible) -> dict[str, Any]:
    """Return what the interface is, whose figures it has, and where to go on."""
    t, at = texts(call.lang), call.address
    return {
        "name": t("api.name"),
        "text": t("api.text"),
        "protection": protected_explained(t),
        "version": version(),
        **_of(seen),
        "publications": _publications(call, seen),
        "links": {
            "description": f"{at}/openapi.json",
            "metrics": f"{at}/metrics",
            "catalog": f"{at}/catalog.jsonld",
            "example": f"{at}/ask?metric=clients&by=language&period={seen.serving.default_period}&format=csv",
        },
    }


def source(seen: Visible) -> dict[str, Any]:
    """Return whose figures they are, of which release, and whether they are the made-up ones of the example municipality."""
    return {
        "release": seen.release,
        "released": seen.released.isoformat(),
        "closed_until": seen.serving.closed_until.isoformat(),
        "publisher": seen.publisher or None,
        "licence": seen.licence or None,
        "example": seen.serving.is_example,
    }


def _of(seen: Visible) -> dict[str, Any]:
    return {**source(seen), "periods": list(seen.periods)}


def metrics(_call: Call, seen: Visible) -> dict[str, Any]:
    """Return all metrics that can be asked for."""
    known = definitions()
    return {**_of(seen), "metrics": [_metric(known[one], by) for one, by in seen.dimensions.items()]}


def metric(call: Call, seen: Visible) -> dict[str, Any]:
    """Return one metric. Raises QuestionError: `unknown_metric`."""
    by = seen.dimensions.get(call.name)
    if by is None:
        raise QuestionError("unknown_metric", nearest(call.name, seen.dimensions), metric=call.name)
    return {**_of(seen), **_metric(definitions()[call.name], by)}


def dimension(call: Call, seen: Visible) -> dict[str, Any]:
    """Return the codes of a dimension, in their order.

    Raises ApiError: `no_such_dimension`, `which_metric` where metrics have different codes; QuestionError: `unknown_metric`,
    `unknown_dimension`.
    """
    name, of = call.name, call.one("metric") or None
    having = [one for one, by in seen.dimensions.items() if name in by]
    if of is not None and of not in seen.dimensions:
        raise QuestionError("unknown_metric", nearest(of, seen.dimensions), metric=of)
    if not having:
        every = dict.fromkeys(one for by in seen.dimensions.values() for one in by)
        raise ApiError("no_such_dimension", nearest(name, every) or tuple(every), dimension=name)
    if of is not None and of not in having:
        by = seen.dimensions[of]
        raise QuestionError("unknown_dimension", nearest(name, by) or by, dimension=name, metric=of)
    try:
        list_of(of, name)
    except KeyError:
        raise ApiError("which_metric", tuple(having), dimension=name) from None
    return {**_of(seen), "dimension": name, "codes": [_code(of, name, one, seen) for one in _codes(of, name, seen)]}


def _codes(of: str | None, name: str, seen: Visible) -> tuple[str, ...]:
    return codes(of, name, tuple(seen.serving.places))


def _code(of: str | None, name: str, code: str, seen: Visible) -> dict[str, Any]:
    told = {"code": code, "name": {lang: label(of, name, code, lang, seen.serving.places) for lang in LANGUAGES}}
    groups = {group: found.group_of(code) for group, found in GROUPINGS.items() if found.base == name}
    return {**told, **groups, "is_unknown": is_unknown(of, name, code)}


def _metric(definition: Definition, by: tuple[str, ...]) -> dict[str, Any]:
    [told] = as_objects([definition], LANGUAGES[0])
    return told | {
        "name": _in_all(definition.name),
        "text": _in_all(definition.text),
        "why": _in_all(definition.why),
        "dimensions": list(by),
    }


def _in_all(text: Any) -> Mapping[str, str]:
    return {lang: text[lang] for lang in LANGUAGES}


def _publications(call: Call, seen: Visible) -> list[dict[str, str]]:
    """Return whose figures there are to choose from; none where they are a store's own."""
    if not seen.serving.packages:
        return []
    t, found = texts(call.lang), by_area(publications.held(seen.serving.store.path))
    return [{"of": name, "name": publications.named(some[0], t)} for name, some in found.items()]
