"""Which months and fields the publisher's files lack of a package's periods: packed with its values, and asked as they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from data.store.generation import Generation
from data.store.store import Store
from metrics.audience import PROTECTED, is_exact
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.grammar.question import Question
from metrics.measures.evidence import place_of
from metrics.measures.gaps import FieldsAndGaps, Lacking, NeededOfFiles, gaps_by_need, joined, named_months, needed
from metrics.packages.manifest import PackageManifest, PackedGap, PackedQuestion
from metrics.packages.scope import Scope

_Key = tuple[NeededOfFiles, str]


def gaps_told(
    scope: Scope, questions: Iterable[PackedQuestion], store: Store, release: Generation
) -> tuple[PackedGap, ...]:
    """Return what a visitor is told that files lack for the questions of a package, in all its periods. Raises StoreError."""
    area = dict(scope.where)
    every = dict.fromkeys(need for one in questions for need in needed(one.metrics, (*one.by, *area)))
    fields: dict[_Key, dict[str, None]] = {}
    months: dict[_Key, dict[date, bool]] = {}
    for period in scope.periods:
        told = gaps_by_need(every, period, place_of({}, area), store, release, exact=is_exact(PROTECTED))
        for need, found in told.items():
            for municipality, of in found.gaps.items():
                fields.setdefault((need, municipality), {}).update(dict.fromkeys(found.fields))
                months.setdefault((need, municipality), {}).update(of)
    return tuple(
        PackedGap(
            table=need.table, divided=need.divided, ways=tuple(tuple(sorted(way)) for way in need.ways),
            fields=tuple(sorted(fields[need, place])),
            municipality=place, months=named_months(of, partly=False), partly=named_months(of, partly=True),
        )
        for (need, place), of in months.items()
    )  # fmt: skip


def lacking_in(question: Question, about: PackageManifest) -> Lacking | None:
    """Return what lacks for a question as `metrics.ask.lacking` does, None where a package does not tell it.

    Its metrics are those of the program.
    """
    if about.lacking is None:
        return None
    asked, where = Period.parse(question.period), dict(question.where)
    days = asked.first_day or date.min, asked.last_day or date.max
    people = about.population.dimension
    place = place_of({}, {name: codes for name, codes in where.items() if name != people})
    here = {place} if isinstance(place, str) else place
    dimensions = (*question.dimensions, *((people,) if people else ()))
    wanted, found = dict.fromkeys(needed(question.metrics, dimensions)), dict[NeededOfFiles, FieldsAndGaps]()
    for one in about.lacking:
        need = NeededOfFiles(one.table, tuple(map(frozenset, one.ways)), one.divided)
        months = {
            month: partly
            for partly, several in ((False, one.months), (True, one.partly))
            for text in several
            if days[0] <= (month := date.fromisoformat(f"{text}-01")) <= days[1]
        }
        if need in wanted and months and (here is None or not one.municipality or one.municipality in here):
            so_far = found.get(need, FieldsAndGaps((), {}))
            names = dict.fromkeys((*so_far.fields, *one.fields))
            found[need] = FieldsAndGaps(tuple(names), {**so_far.gaps, one.municipality: months})
    there = (need for need in wanted if need in found)
    last = min(days[1], about.until)
    return joined((need, found[need]) for need in there if not (need.ways and _is_never(found[need], days[0], last)))


def _is_never(found: FieldsAndGaps, first: date, last: date) -> bool:
    """Whether nobody has recorded fields in a period at all, which its numbers say themselves, as far as a package tells."""
    months = found.gaps.get("", {})
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return len(found.gaps) == 1 and len(months) == count and not any(months.values())


def lacking_of_packed_rows(rows: Iterable[Row], about: PackageManifest) -> list[Lacking] | None:
    """Return the same for each row of an answer: of its own metric, period and place."""
    if about.lacking is None:
        return None
    told = []
    for row in rows:
        where = tuple((name, (code,)) for name, code in row.codes.items())
        told.append(lacking_in(Question((row.metric,), where=where, period=row.period), about) or Lacking())
    return told
