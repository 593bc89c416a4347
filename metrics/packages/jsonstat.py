"""A metric's published values as JSON-stat 2.0: a dataset for each breakdown, with a status for what is not shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import prod
from typing import Any

from data.texts import Language, message, texts
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.grammar.question import Question
from metrics.listing import LACKING
from metrics.measures.gaps import as_objects, said
from metrics.model.definition import definitions
from metrics.model.dimensions import Places, label
from metrics.model.facts.fact import base_of
from metrics.packages.lacking import lacking_in
from metrics.packages.manifest import PackageManifest

_TIME, _GEO = "period", "municipality"
_MORE = ("horizon", "quantile")
"""Fields that tell rows of one cell from each other; dimensions of the dataset where rows have them."""
_NAMES = {_TIME: "parameter.period", "horizon": "statistics.horizon", "quantile": "statistics.quantile"}
"""Texts of what is no dimension of a question."""


@dataclass(frozen=True)
class StatisticsSource:
    """Where values come from. publisher: empty where it is not known; made: day of the release; lang: of labels."""

    publisher: str
    made: date
    lang: Language = "fi"
    places: Places = field(default_factory=dict)


def collection(metric: str, rows: Iterable[Row], about: PackageManifest) -> bytes:
    """Return the file of one metric. Labels are Finnish; names in the other languages stand in the extension.

    Each dataset tells what the files lack of all its periods, as objects and in words.
    """
    definition, source = definitions()[metric], StatisticsSource(about.publisher, about.made)
    by_dimensions: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        by_dimensions.setdefault(tuple(row.codes), []).append(row)
    made = {
        "version": "2.0",
        "class": "collection",
        "label": definition.name[source.lang],
        "updated": about.made.isoformat(),
        "extension": {
            "metric": metric,
            "version": about.definitions[metric].version,
            "publisher": about.publisher,
            "licence": about.licence,
            **({"example": True} if about.example else {}),
            "name": {lang: definition.name[lang] for lang in ("fi", "sv", "en")},
        },
        "link": {"item": [_packed(metric, by, found, about, source) for by, found in by_dimensions.items()]},
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _packed(
    metric: str, by: tuple[str, ...], rows: Sequence[Row], about: PackageManifest, source: StatisticsSource
) -> dict[str, Any]:
    """Return the dataset of a breakdown with what the files lack of its periods."""
    made, lost = dataset(metric, rows, source), lacking_in(Question((metric,), by, period="all"), about)
    made["extension"] |= {LACKING: None if lost is None else as_objects(lost)}
    words = message("gaps.untold", source.lang) if lost is None else said(lost, source.lang)
    return {**made, **({"note": [words]} if words else {})}


def dataset(
    metric: str, rows: Sequence[Row], source: StatisticsSource, dimensions: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the dataset of rows of one breakdown. dimensions: those of rows, where there may be none."""
    parts = [_parts(row) for row in rows]
    names = tuple(parts[0]) if parts else (*dimensions, _TIME)
    categories = {name: list(dict.fromkeys(part[name] for part in parts)) for name in names}
    size = [len(codes) for codes in categories.values()]
    place = {name: {code: i for i, code in enumerate(codes)} for name, codes in categories.items()}
    value: list[int | float | None] = [None] * prod(size)
    status: dict[str, str] = {}
    bounds: dict[str, str] = {}
    for row, part in zip(rows, parts, strict=True):
        at = 0
        for name, length in zip(categories, size, strict=True):
            at = at * length + place[name][part[name]]
        value[at] = _plain(row.value)
        if row.value is None:
            status[str(at)] = row.state
            if row.bound:
                bounds[str(at)] = str(row.bound)
    definition = definitions()[metric]
    return {
        "class": "dataset",
        "label": definition.name[source.lang],
        **({"source": source.publisher} if source.publisher else {}),
        "updated": source.made.isoformat(),
        "id": list(categories),
        "size": size,
        "role": {"time": [_TIME]} | ({"geo": geo} if (geo := [one for one in categories if base_of(one) == _GEO]) else {}),
        "dimension": {name: _dimension(metric, name, codes, source) for name, codes in categories.items()},
        "value": value,
        **({"status": status} if status else {}),
        "extension": {"unit": definition.unit, **({"bound": bounds} if bounds else {})},
    }  # fmt: skip


def _plain(value: float | None) -> int | float | None:
    return int(value) if value is not None and value == int(value) else value


def _parts(row: Row) -> dict[str, str]:
    more = {name: f"{found:g}" for name in _MORE if (found := getattr(row, name)) is not None}
    return {**row.codes, _TIME: row.period, **more}


def _dimension(metric: str, name: str, codes: list[str], source: StatisticsSource) -> Mapping[str, Any]:
    def said(code: str) -> str:
        if name == _TIME:
            return Period.parse(code).label(source.lang)
        return code if name in _MORE else label(metric, name, code, source.lang, source.places)

    index = {code: i for i, code in enumerate(codes)}
    told = texts(source.lang)(_NAMES.get(name, f"dimension.{name}"))
    return {"label": told, "category": {"index": index, "label": {code: said(code) for code in codes}}}
