"""What the files of a store leave open: tables they do not cover, fields they do not record, days that are still to come.

It depends on deliveries and the ends of follow-up, never on how many people there are, so it may be told to everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from data.coverage.deliveries import month_end
from data.coverage.extent import Extent
from metrics.gate import IMMATURE, NO_DATA, NOT_RECORDED, PublishedValue
from metrics.grammar.answer import PART
from metrics.grammar.period import Period
from metrics.model.definition import Definition
from metrics.model.facts.fact import Fact
from metrics.model.needs import Need, has_days, needs

_PLACES = ("centre", "municipality")
"""Dimensions that a source may be the only one of."""


@dataclass(frozen=True)
class Evidence:
    """The files' evidence for one period and place.

    reach: to which day each source knows what becomes of the rows of a fact, by its number; place: a municipality or centre, None
    for all.
    """

    extent: Extent
    period: Period
    reach: Callable[[Fact], Mapping[int, date]]
    place: str | None = None

    def left_open(self, definition: Definition, matures: int = 0) -> PublishedValue | None:
        """Return why the files cannot tell a metric's value, None when they can.

        matures: days that must follow the period's first day, where they are more than the metric's own.
        """
        needed = needs(definition)
        if not all(self._is_covered(table) for table in needed.tables):
            return NO_DATA
        for alternatives in needed.either:
            covered = [one for one in alternatives if all(self._is_covered(table) for table in one.tables)]
            if not covered:
                return NO_DATA
            if not any(self._is_recorded(one) for one in covered):
                return NOT_RECORDED
        if not needed.tables:  # of amounts alone
            return None
        if not all(self._knows_past(table, days) for table, days in needed.looks_back):
            return NOT_RECORDED
        return IMMATURE if self._is_young(definition.of_fact, max(needed.matures, matures)) else None

    def ground(self, definition: Definition) -> str:
        """Return which sources cover the whole period, for each table of a metric: only values on the same ground are compared.

        Empty for all time; with `~` where a source covers a part of the period.
        """
        first, last = self.period.first_day, self.period.last_day
        if first is None or last is None:
            return ""
        tables = [table for table in needs(definition).tables if has_days(table)]
        found = ((table, self.extent.ground(table, first, last, self.place)) for table in tables)
        return " ".join(f"{table}:{PART if sources is None else sources}" for table, sources in found)

    def _knows_past(self, table: str, days: int) -> bool:
        return self.extent.knows_past(table, *self._days(table), days, self.place)

    def _is_young(self, fact: Fact, matures: int) -> bool:
        """Whether no source knows of anybody of the period that many days later, by the same ends that the rows are judged by."""
        first, table = self.period.first_day, fact.of_table
        if not matures or first is None or table in self.extent.unknown:
            return False
        reach = self.reach(fact)
        ends = max((reach[one] for one in self.extent.sources(table, self.place) if one in reach), default=None)
        # A period is told of once its first month is whole: the first days of one are no month.
        return ends is not None and month_end(first) > ends - timedelta(days=matures)

    def _is_covered(self, table: str) -> bool:
        return self.extent.covers(table, *self._days(table), self.place)

    def _is_recorded(self, need: Need) -> bool:
        return all(self.extent.records(table, fields, *self._days(table), self.place) for table, fields in need.fields)

    def _days(self, table: str) -> tuple[date | None, date | None]:
        return (self.period.first_day, self.period.last_day) if has_days(table) else (None, None)


def place_of(codes: Mapping[str, str], only: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the municipality or centre that a row is of, None when it is of several."""
    for name in _PLACES:
        if name in codes:
            return codes[name]
        if len(only.get(name, ())) == 1:
            return only[name][0]
    return None
