"""What files lack of a question's period: months that they do not tell of, and fields that some of them do not have.

The question's numbers are those of the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from data.coverage.extent import Place
from data.coverage.lacking import Gaps, Months, lacking_days, lacking_fields, missing_fields
from data.store.generation import Generation
from data.store.store import Store
from data.texts import Language, message
from metrics.cube.amounts import Amounts
from metrics.grammar.answer import Row
from metrics.grammar.period import Period, months_label
from metrics.measures.amount_gaps import amount_gaps, amounts_needed
from metrics.measures.evidence import extent_at, place_of
from metrics.model.definition import definitions, definitions_mark
from metrics.model.dimensions import label
from metrics.model.needs import field_ways, has_days, needs

MOST_PLACES = 4
"""Municipalities that are named; of more, how many they are."""
IN_PART = "~"
"""Stands after a month in short that files tell of in part."""


@dataclass(frozen=True)
class Lacking:
    """What a period lacks. tables: months by table and municipality; fields: months by the fields' names and municipality."""

    tables: tuple[tuple[str, Gaps], ...] = ()
    fields: tuple[tuple[tuple[str, ...], Gaps], ...] = ()


@dataclass(frozen=True)
class LackingPart:
    """What lacks, as programs read it: a table of rows, or fields of which a value needs some.

    table: None where fields lack; municipality: whose files lack it, None: those of no single one, or of the only one; months: of
    which they tell nothing; partly: of which they tell in part. Months as 2026-04.
    """

    table: str | None
    fields: tuple[str, ...]
    municipality: str | None
    months: tuple[str, ...]
    partly: tuple[str, ...]

    @property
    def in_short(self) -> str:
        """The same as a word: encounter@905=2026-04,2026-05~."""
        where = f"@{self.municipality}" if self.municipality else ""
        months = sorted([*self.months, *(month + IN_PART for month in self.partly)])
        return f"{self.table or '+'.join(self.fields)}{where}={','.join(months)}"


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
    asked = tuple(metrics), tuple(dimensions), period, place, tuple(points)
    return _gaps(*asked, store, generation, definitions_mark(), exact=exact)


@lru_cache(maxsize=4096)
def _gaps(
    metrics: tuple[str, ...], dimensions: tuple[str, ...], period: str, place: Place | None, points: tuple[str, ...],
    store: Store, generation: Generation, mark: str, *, exact: bool,
) -> Lacking:  # fmt: skip
    """Kept, because a page asks it again for each row that it draws. mark: of the definitions in force."""
    every = needed(metrics, dimensions)
    found = gaps_by_need(every, period, place, store, generation, exact=exact, points=points)
    return joined(found.items())


@dataclass(frozen=True)
class NeededOfFiles:
    """What is needed of files for a value: rows of a table, or some of its fields.

    ways: sets of fields of which each is enough; none: rows are needed; divided: the metric that is divided by amounts in them,
    which are of places and not of files.
    """

    table: str
    ways: tuple[frozenset[str], ...] = ()
    divided: str = ""


@dataclass(frozen=True)
class FieldsAndGaps:
    """fields: of those that are needed, the ones that lack somewhere; gaps: the months in which rows or fields lack."""

    fields: tuple[str, ...]
    gaps: Gaps


def needed(metrics: Iterable[str], dimensions: Iterable[str]) -> tuple[NeededOfFiles, ...]:
    """Return what metrics divided or limited by dimensions need of files, tables first."""
    known, names = definitions(), tuple(dimensions)
    chosen = [known[metric] for metric in metrics]
    tables = (NeededOfFiles(table) for one in chosen for table in needs(one).tables if has_days(table))
    amounts = (NeededOfFiles(*need, one.id) for one in chosen for need in amounts_needed(one))
    ways = (NeededOfFiles(*way) for one in chosen for way in field_ways(one, names))
    return tuple(dict.fromkeys((*tables, *amounts, *ways)))


def gaps_by_need(
    every: Iterable[NeededOfFiles], period: str, place: Place | None, store: Store, generation: Generation, *, exact: bool,
    points: Collection[str] = (),
) -> dict[NeededOfFiles, FieldsAndGaps]:  # fmt: skip
    """Return what files lack of it, as `gaps` does, by what is needed; what they have is not there."""
    asked, extent = Period.parse(period), extent_at(store, generation, points, exact=exact)
    days = (asked.first_day or date.min, min(asked.last_day or date.max, generation.closed_until))
    amounts = Amounts(store, generation, None if exact else generation.closed_until)
    found = {}

    @cache
    def divided_by(metric: str) -> dict[str, Gaps]:
        lost = amount_gaps(definitions()[metric], amounts, extent, asked, days[1], place, points)
        return {name: of for _, name, of in lost}

    for one in every:
        if one.divided:
            name = "".join(next(iter(one.ways), ()))
            found[one] = FieldsAndGaps((name,) if name else (), divided_by(one.divided).get(name, {}))
        elif not one.ways:
            found[one] = FieldsAndGaps((), lacking_days(extent, one.table, *days, place))
        elif of := lacking_fields(extent, one.table, one.ways, *days, place):
            found[one] = FieldsAndGaps(missing_fields(extent, one.table, one.ways[0], place), of)
    return {one: told for one, told in found.items() if told.gaps}


def joined(found: Iterable[tuple[NeededOfFiles, FieldsAndGaps]]) -> Lacking:
    """Return what lacks by tables and by fields."""
    tables, fields = dict[str, Gaps](), dict[tuple[str, ...], Gaps]()
    for one, told in found:
        if one.ways:
            fields[told.fields] = _both(fields.get(told.fields, {}), told.gaps)
        else:
            tables[one.table] = _both(tables.get(one.table, {}), told.gaps)
    return Lacking(tuple(tables.items()), tuple(fields.items()))


def _both(one: Gaps, other: Gaps) -> Gaps:
    return {place: {**one.get(place, {}), **other.get(place, {})} for place in sorted({*one, *other})}


def parts(found: Lacking) -> tuple[LackingPart, ...]:
    """Return what lacks, each of it and of each municipality by itself, tables first."""
    tables = ((table, (), of) for table, of in found.tables)
    fields = ((None, names, of) for names, of in found.fields)
    return tuple(
        LackingPart(table, names, place or None, named_months(months, partly=False), named_months(months, partly=True))
        for table, names, of in (*tables, *fields)
        for place, months in of.items()
    )


def as_objects(found: Lacking) -> list[dict[str, Any]]:
    """Return the same for JSON."""
    return [asdict(part) for part in parts(found)]


def in_short(found: Lacking) -> str:
    """Return the same as words for one cell of a table: encounter@905=2026-04 sex@272=2026-01,2026-02~."""
    return " ".join(part.in_short for part in parts(found))


def named_months(months: Months, *, partly: bool) -> tuple[str, ...]:
    """Return the months of which files tell in part, or of which they tell nothing, in order as 2026-04."""
    return tuple(f"{month:%Y-%m}" for month in sorted(months) if months[month] == partly)


def said(found: Lacking, lang: Language) -> str:
    """Return what lacks in words, nothing where nothing does: each with its months, those in a row as one."""
    tables = _in_words((((table,), of) for table, of in found.tables), "table", lang)
    fields = _in_words(found.fields, "field", lang)
    told = [message("gaps", lang, tables=tables)] if tables else []
    told += [message("gaps.fields", lang, fields=fields)] if fields else []
    return " ".join(told)


def within(found: Lacking, row: Row) -> Lacking:
    """Return what lacks of a longer period and more places in the period and place of a row; what has no months lacks always."""
    asked, place = Period.parse(row.period), place_of(row.codes, {})
    first, last = asked.first_day or date.min, asked.last_day or date.max
    here = {place} if isinstance(place, str) else place

    def of(gaps: Gaps) -> Gaps:
        kept = {name: months for name, months in gaps.items() if here is None or not name or name in here}
        lost = {
            name: {day: part for day, part in months.items() if first <= day <= last} for name, months in kept.items()
        }
        return {name: months for name, months in lost.items() if months or not gaps[name]}

    tables = tuple((table, gaps) for table, every in found.tables if (gaps := of(every)))
    fields = tuple((names, gaps) for names, every in found.fields if (gaps := of(every)))
    return Lacking(tables, fields)


def named(found: Lacking, lang: Language) -> str:
    """Return the same in short, without a sentence: encounters (Vaasa, April 2026)."""
    tables = _in_words((((table,), of) for table, of in found.tables), "table", lang)
    return "; ".join(filter(None, (tables, _in_words(found.fields, "field", lang))))


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
        of_all = {month: any(months.get(month, True) for months in found.values()) for month in every}
        yield ", ".join([message("gaps.places", lang, number=len(found)), *_spans(of_all, lang)])
        return
    places: dict[tuple[str, ...], list[str]] = {}
    for place, months in found.items():
        of = [label(None, "municipality", place, lang, {})] if place else []
        places.setdefault(tuple(_spans(months, lang)), []).extend(of)
    for spans, of in places.items():
        yield ", ".join([*of, *spans])


def _spans(months: Months, lang: Language) -> Iterator[str]:
    numbered = [(month.year * 12 + month.month, month, partly) for month, partly in sorted(months.items())]
    for (partly, _), group in groupby(enumerate(numbered), lambda one: (one[1][2], one[1][0] - one[0])):
        spanned = [month for _, (_, month, _) in group]
        name = months_label(spanned[0], spanned[-1], lang)
        yield message("gaps.part", lang, month=name) if partly else name
