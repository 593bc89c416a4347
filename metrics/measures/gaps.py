"""What files lack of a question's period: months that they do not tell of, and fields that some of them do not have.

The question's numbers are those of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from data.coverage.extent import Place, extent_of
from data.coverage.lacking import Gaps, Months, lacking_days, lacking_fields, missing_fields
from data.store.generation import Generation
from data.store.store import Store
from data.texts import Language, message
from metrics.grammar.period import Period
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from metrics.model.needs import field_ways, has_days, needs

MOST_PLACES = 5
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
) -> Lacking:
    """Return what files lack of a period for metrics and dimensions, as far as months are closed.

    dimensions: by which numbers are divided or limited; place: a municipality or centre, None for all. Fields that no file of
    the period has are not among what lacks: their numbers say so themselves. It depends on deliveries alone, as what `evidence`
    tells.
    """
    asked, extent, known = Period.parse(period), extent_of(store, generation), definitions()
    days = (asked.first_day or date.min, min(asked.last_day or date.max, generation.closed_until))
    chosen, names = [known[metric] for metric in metrics], tuple(dimensions)
    tables = dict.fromkeys(
        table for one in chosen for table in (*needs(one).tables, *needs(one).amounts) if has_days(table)
    )
    lost = {table: lacking_days(extent, table, *days, place) for table in tables}
    ways = dict.fromkeys(way for one in chosen for way in field_ways(one, names))
    fields = {}
    for table, enough in ways:
        if found := lacking_fields(extent, table, enough, *days, place):
            fields[missing_fields(extent, table, enough[0], place)] = found
    return Lacking(tuple((table, found) for table, found in lost.items() if found), tuple(fields.items()))


def said(found: Lacking, lang: Language) -> str:
    """Return what lacks in words, nothing where nothing does: each with its months, those in a row as one."""
    tables = [one for table, of in found.tables for one in _each(message(f"table.{table}", lang), of, lang)]
    fields = [
        one for names, of in found.fields
        for one in _each(", ".join(message(f"field.{name}", lang) for name in names), of, lang)
    ]  # fmt: skip
    said = [message("gaps", lang, tables="; ".join(tables))] if tables else []
    said += [message("gaps.fields", lang, fields="; ".join(fields))] if fields else []
    return " ".join(said)


def _each(name: str, found: Gaps, lang: Language) -> Iterator[str]:
    if len(found) > MOST_PLACES:
        every = sorted({month for months in found.values() for month in months})
        joined = {month: any(months.get(month, True) for months in found.values()) for month in every}
        found, name = {"": joined}, message("gaps.places", lang, name=name, number=len(found))
    for place, months in found.items():
        of = (
            message("gaps.place", lang, name=name, place=label(None, "municipality", place, lang, {}))
            if place
            else name
        )
        yield message("gaps.table", lang, table=of, months=", ".join(_spans(months, lang)))


def _spans(months: Months, lang: Language) -> Iterator[str]:
    numbered = [(month.year * 12 + month.month, month, partly) for month, partly in sorted(months.items())]
    for (partly, _), group in groupby(enumerate(numbered), lambda one: (one[1][2], one[1][0] - one[0])):
        spanned = [Period(month.year, month.month, "month").label(lang) for _, (_, month, _) in group]
        name = spanned[0] if len(spanned) == 1 else f"{spanned[0]} – {spanned[-1]}"
        yield message("gaps.part", lang, month=name) if partly else name
