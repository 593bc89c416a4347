"""What files lack of a question's period: months that they do not tell of, and fields that some of them do not have.

The question's numbers are those of the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from data.coverage.extent import Place
from data.coverage.lacking import Gaps, Months, lacking_days, lacking_fields, missing_fields
from data.store.generation import Generation
from data.store.store import Store
from data.texts import Language, message
from metrics.cube.amounts import Amounts
from metrics.grammar.period import Period
from metrics.measures.amount_gaps import amount_gaps
from metrics.measures.evidence import extent_told
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from metrics.model.needs import field_ways, has_days, needs

MOST_PLACES = 4
"""Municipalities that are named; of more, how many they are."""


@dataclass(frozen=True)
class Lacking:
    """What a period lacks. tables: months by table and municipality; fields: months by the fields' names and municipality."""

    tables: tuple[tuple[str, Gaps], ...] = ()
    fields: tuple[tuple[tuple[str, ...], Gaps], ...] = ()


def gaps(
    metrics: Iterable[str],
    dimensions: Iterable[str],
    period: str,
    place: Place | None,
    store: Store,
    generation: Generation,
    *,
    exact: bool,
    points: Collection[str] = (),
) -> Lacking:
    """Return what files lack of a period for metrics and dimensions, as far as months are closed.

    dimensions: by which numbers are divided or limited; place: a municipality or centre, None for all; exact: for whoever sees
    exact values; points: the service points that are asked for, none for all. Fields that no file of the period has are not
    among what lacks: their numbers say so themselves. It depends on deliveries and amounts alone, as what `evidence` tells.
    """
    asked, known = Period.parse(period), definitions()
    extent = extent_told(store, generation, exact=exact)
    days = (asked.first_day or date.min, min(asked.last_day or date.max, generation.closed_until))
    chosen, names = [known[metric] for metric in metrics], tuple(dimensions)
    tables = dict.fromkeys(table for one in chosen for table in needs(one).tables if has_days(table))
    lost = {table: lacking_days(extent, table, *days, place) for table in tables}
    amounts = Amounts(store, generation, None if exact else generation.closed_until)
    fields: dict[tuple[str, ...], Gaps] = {}
    for one in chosen:
        for table, field, of in amount_gaps(one, amounts, asked, days[1], place, points):
            if field:
                fields[field,] = of
            else:
                lost[table] = of
    ways = dict.fromkeys(way for one in chosen for way in field_ways(one, names))
    for table, enough in ways:
        if found := lacking_fields(extent, table, enough, *days, place):
            fields[missing_fields(extent, table, enough[0], place)] = found
    return Lacking(tuple((table, found) for table, found in lost.items() if found), tuple(fields.items()))


def said(found: Lacking, lang: Language) -> str:
    """Return what lacks in words, nothing where nothing does: each with its months, those in a row as one."""
    tables = _in_words((((table,), of) for table, of in found.tables), "table", lang)
    fields = _in_words(found.fields, "field", lang)
    told = [message("gaps", lang, tables=tables)] if tables else []
    told += [message("gaps.fields", lang, fields=fields)] if fields else []
    return " ".join(told)


def _in_words(lacking: Iterable[tuple[tuple[str, ...], Gaps]], kind: str, lang: Language) -> str:
    """Return what lacks with the place and months in brackets; what lacks in the same ones stands together."""
    names: dict[str, dict[str, None]] = {}
    for codes, found in lacking:
        for where in _each(found, lang):
            names.setdefault(where, {}).update(dict.fromkeys(message(f"{kind}.{code}", lang) for code in codes))
    return "; ".join(message("gaps.table", lang, table=", ".join(of), months=where) for where, of in names.items())


def _each(found: Gaps, lang: Language) -> Iterator[str]:
    if not any(found.values()) and len(found) <= MOST_PLACES:  # of a whole period
        yield ", ".join(label(None, "municipality", place, lang, {}) for place in found)
        return
    if len(found) > MOST_PLACES:
        every = sorted({month for months in found.values() for month in months})
        joined = {month: any(months.get(month, True) for months in found.values()) for month in every}
        yield ", ".join([message("gaps.places", lang, number=len(found)), *_spans(joined, lang)])
        return
    for place, months in found.items():
        of = [label(None, "municipality", place, lang, {})] if place else []
        yield ", ".join([*of, *_spans(months, lang)])


def _spans(months: Months, lang: Language) -> Iterator[str]:
    numbered = [(month.year * 12 + month.month, month, partly) for month, partly in sorted(months.items())]
    for (partly, _), group in groupby(enumerate(numbered), lambda one: (one[1][2], one[1][0] - one[0])):
        spanned = [Period(month.year, month.month, "month").label(lang) for _, (_, month, _) in group]
        name = spanned[0] if len(spanned) == 1 else f"{spanned[0]} – {spanned[-1]}"
        yield message("gaps.part", lang, month=name) if partly else name
