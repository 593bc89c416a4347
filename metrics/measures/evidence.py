"""What the files of a store leave open: tables they do not cover, fields they do not record, days that are still to come.

It depends on deliveries alone, never on how many people there are, so it may be told to everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from data.coverage.deliveries import month_end
from data.coverage.extent import Extent
from metrics.gate import IMMATURE, NO_DATA, NOT_RECORDED, PublishedValue
from metrics.grammar.answer import PART
from metrics.grammar.period import Period
from metrics.model.definition import Definition
from metrics.model.needs import Need, has_days, needs

_PLACES = ("centre", "municipality")
"""Dimensions that a source may be the only one of."""


@dataclass(frozen=True)
class Evidence:
    """The files' evidence for one period and place. place: a municipality or centre, None for all."""

    extent: Extent
    period: Period
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
        return self._too_near_an_end(needed.tables[0], needed.looks_back, max(needed.matures, matures))

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

    def _too_near_an_end(self, table: str, looks_back: int, matures: int) -> PublishedValue | None:
        first = self.period.first_day
        starts, ends = self.extent.starts(table, self.place), self.extent.ends(table, self.place)
        if looks_back and starts and (first is None or first < starts + timedelta(days=looks_back)):
            return NOT_RECORDED
        # A period is told of once its first month is whole: the first days of one are no month.
        waits = matures and ends and first and month_end(first) > ends - timedelta(days=matures)
        return IMMATURE if waits else None

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
