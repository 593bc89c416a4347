"""What the files of a store leave open: tables they do not cover, fields they do not record, days that are still to come.

It depends on deliveries and the ends of follow-up, never on how many people there are, so it may be told to everybody: of a
source with few rows, whose days are those of single people, visitors are told its first month, and no more, and of any other
nothing before so many people have come as are shown (`extent_told`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache, partial

from data.coverage.deliveries import month_end
from data.coverage.extent import Extent, Place, extent_of
from data.coverage.lacking import lacking_fields, missing_fields
from data.coverage.points import sources_of_point
from data.store.generation import Generation
from data.store.store import Store
from metrics.gate import FILES_FROM, IMMATURE, NO_DATA, NOT_RECORDED, PublishedValue
from metrics.grammar.answer import PART
from metrics.grammar.period import Period
from metrics.measures.ends import reach_of
from metrics.model.beginning import sources_told
from metrics.model.definition import Definition
from metrics.model.facts.fact import GROUPINGS, Fact
from metrics.model.needs import Need, column_need, field_ways, has_days, is_left_unknown, needs

PLACES = ("centre", "municipality")
"""Dimensions that a source may be the only one of."""


AREAS = tuple(name for name, grouping in GROUPINGS.items() if grouping.base in PLACES)
"""Dimensions that group these."""


@dataclass(frozen=True)
class Days:
    """Days that are no registered period: a side of a comparison. None: without bound."""

    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Lack:
    """Why the files cannot tell something, and what is missing.

    state: what is published instead; tables: those of which no file tells there and then; fields: those that no file has, of
    which one would do; days: how many days before it (`not_recorded`) or after it (`immature`) the files do not reach.
    """

    state: PublishedValue
    tables: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    days: int = 0


@dataclass(frozen=True)
class Evidence:
    """The files' evidence for one period and place.

    reach: to which day each source knows what becomes of the rows of a fact, by its number; place: a municipality or centre, None
    for all.
    """

    extent: Extent
    period: Period | Days
    reach: Callable[[Fact], Mapping[int, date]]
    place: Place | None = None

    def left_open(self, definition: Definition, matures: int = 0) -> PublishedValue | None:
        """Return why the files cannot tell a metric's value, None when they can.

        matures: days that must follow the period's first day, where they are more than the metric's own.
        """
        lack = self.lack(definition, matures)
        return None if lack is None else lack.state

    def lack(self, definition: Definition, matures: int = 0) -> Lack | None:
        """Return why the files cannot tell a metric's value, and what is missing, else None. matures: see `left_open`."""
        needed = needs(definition)
        absent = tuple(table for table in needed.tables if not self._is_covered(table))
        if absent:
            return Lack(NO_DATA, absent)
        for alternatives in needed.either:
            covered = [one for one in alternatives if all(self._is_covered(table) for table in one.tables)]
            if not covered:
                tables = sorted({table for one in alternatives for table in one.tables if not self._is_covered(table)})
                return Lack(NO_DATA, tuple(tables))
            if not any(self._is_recorded(one) for one in covered):
                return Lack(NOT_RECORDED, fields=_fields(covered))
        if not needed.tables:  # of amounts alone
            return None
        for table, days in needed.looks_back:
            if not self._knows_past(table, days):
                return Lack(NOT_RECORDED, (table,), days=days)
        longest = max(needed.matures, matures)
        return Lack(IMMATURE, days=longest) if self._is_young(definition.of_fact, longest) else None

    def lack_of_column(self, fact: Fact, name: str) -> Lack | None:
        """Return why the files cannot tell a column of a fact's rows, such as a dimension, None when they can.

        What another table tells of the same people may be of any time.
        """
        need, evidence = column_need(fact, name), replace(self, period=Days())
        absent = tuple(sorted(table for table in need.tables if not evidence._is_covered(table)))
        if absent:
            return Lack(NO_DATA, absent)
        for table, fields in need.fields:
            there = self if table == fact.of_table else evidence
            if not there._is_recorded(Need(fields=((table, fields),))):
                return Lack(NOT_RECORDED, fields=tuple(sorted(fields)))
        return None

    def who_is_untold(self, definition: Definition, dimension: str) -> PublishedValue | None:
        """Return why the files cannot tell who is of a code of a dimension, None when they can.

        Where no file has a column of the sex, women are not few: nobody knows how many they are.
        """
        fact = definition.of_fact
        lack = self.lack_of_column(fact, dimension) if is_left_unknown(fact, dimension) else None
        return None if lack is None else lack.state

    def known_from(self, definition: Definition) -> date | None:
        """Return the first day from which on the files know the past that a metric looks back over; None when they never do."""
        return self.extent.knows_past_from(needs(definition).looks_back, self.place)

    def ground(self, definition: Definition, dimensions: Iterable[str] = ()) -> str:
        """Return which sources cover the whole period, for each table of a metric: only values on the same ground are compared.

        Empty for all time; with `~` where a source covers a part of the period, or has what is counted and divided by in a part
        of it; what a place lacks in all of it stands there too. dimensions: by which the value is divided or limited.
        """
        first, last = self.period.first_day, self.period.last_day
        if first is None or last is None:
            return ""
        tables = [table for table in needs(definition).tables if has_days(table)]
        found = ((table, self.extent.ground(table, first, last, self.place)) for table in tables)
        whole = [f"{table}:{PART if sources is None else sources}" for table, sources in found]
        return " ".join([*whole, *self._fields_ground(definition, dimensions, first, last)])

    def _fields_ground(self, definition: Definition, dimensions: Iterable[str], first: date, last: date) -> list[str]:
        """What of the fields that a metric needs some files lack, of which place."""
        found: dict[str, None] = {}
        for table, ways in dict.fromkeys(field_ways(definition, dimensions)):
            for of, months in lacking_fields(self.extent, table, ways, first, last, self.place).items():
                is_throughout = len(months) == 12 * (last.year - first.year) + last.month - first.month + 1
                lost = ",".join(missing_fields(self.extent, table, ways[0], self.place))
                found[f"{table}-{lost}@{of}:{'' if is_throughout and len(set(months.values())) == 1 else PART}"] = None
        return list(found)

    def sources(self, definition: Definition) -> frozenset[tuple[str, int]]:
        """Return the sources that tell of some day of the period, with the table of a metric."""
        tables = [table for table in needs(definition).tables if has_days(table)]
        return frozenset(
            (table, one) for table in tables
            for one in self.extent.sources_within(table, self.period.first_day, self.period.last_day, self.place)
        )  # fmt: skip

    def _knows_past(self, table: str, days: int) -> bool:
        return self.extent.knows_past(table, *self._days(table), days, self.place)

    def _is_young(self, fact: Fact, matures: int) -> bool:
        """Whether no source knows of anybody of the period that many days later, by the same ends that the rows are judged by."""
        table = fact.of_table
        first = self.period.first_day or self.extent.first_day(table, self.place)
        if not matures or first is None or table in self.extent.unknown:
            return False
        drawn_out = {source: day for (of, source), day in self.extent.drawn_out.items() if of == table}
        reach = dict(self.reach(fact)) | drawn_out
        ends = max((reach[one] for one in self.extent.sources(table, self.place) if one in reach), default=None)
        # A period is told of once its first month is whole: the first days of one are no month.
        return ends is not None and month_end(first) > ends - timedelta(days=matures)

    def _is_covered(self, table: str) -> bool:
        return self.extent.covers(table, *self._days(table), self.place)

    def _is_recorded(self, need: Need) -> bool:
        return all(self.extent.records(table, fields, *self._days(table), self.place) for table, fields in need.fields)

    def _days(self, table: str) -> tuple[date | None, date | None]:
        return (self.period.first_day, self.period.last_day) if has_days(table) else (None, None)


@lru_cache(maxsize=32)
def extent_told(store: Store, generation: Generation, *, exact: bool) -> Extent:
    """Return how far deliveries reach, as it may be told; exact: to whoever sees exact values. Raises StoreError."""
    found = extent_of(store, generation)
    if exact:
        return found
    tables = (table for table, brought in found.deliveries.items() if brought and table not in found.unknown)
    begun = found.beginning(sources_told(store, generation, tables), FILES_FROM)
    return begun.without_days_of_few(FILES_FROM, generation.closed_until)


def extent_at(store: Store, generation: Generation, points: Collection[str], *, exact: bool) -> Extent:
    """Return the same of service points, by the sources that have brought their visits; of none, of all. Raises StoreError."""
    return _extent_of(store, generation, sources_at(store, generation, points, exact=exact), exact=exact)


def sources_at(
    store: Store, generation: Generation, points: Collection[str], *, exact: bool
) -> frozenset[int] | None:  # fmt: skip
    """Return the sources that tell of service points, by number; None for all, where that is not known. Raises StoreError."""
    known = [sources_of_point(store, generation, point, 1 if exact else FILES_FROM) for point in points]
    sources = [one for one in known if one is not None]
    return frozenset().union(*sources) if sources and len(sources) == len(known) else None


@lru_cache(maxsize=256)
def _extent_of(store: Store, generation: Generation, sources: frozenset[int] | None, *, exact: bool) -> Extent:
    extent = extent_told(store, generation, exact=exact)
    return extent if sources is None else extent.of_sources("encounter", sources)


def evidence_of(
    store: Store, generation: Generation, days: Period | Days, place: Place | None = None, *, others: bool = False,
    exact: bool = False, sources: frozenset[int] | None = None,
) -> Evidence:  # fmt: skip
    """Return what the files of a generation tell of a period and a place; others: of all places but that one.

    exact: for whoever sees exact values; sources: those that tell of a service point (`sources_at`), None for all.
    """
    extent = _extent_of(store, generation, sources, exact=exact)
    if others and isinstance(place, str):
        extent, place = extent.without(place), None
    return Evidence(extent, days, partial(reach_of, store, generation), place)


def place_of(codes: Mapping[str, str], only: Mapping[str, tuple[str, ...]]) -> Place | None:
    """Return the municipality or centre that a row is of, or those of its area; None when it is of any."""
    for name in (*PLACES, *AREAS):
        code = codes.get(name) or (only[name][0] if len(only.get(name, ())) == 1 else None)
        if code is not None:
            return code if name in PLACES else _members(name, code)
    return None


@cache
def _members(area: str, code: str) -> frozenset[str]:
    return frozenset(GROUPINGS[area].members(code))


def _fields(needed: Iterable[Need]) -> tuple[str, ...]:
    return tuple(sorted({name for one in needed for _, fields in one.fields for name in fields}))
