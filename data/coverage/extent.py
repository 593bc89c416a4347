"""How far the deliveries of a generation reach: whether files cover a table and a field there and then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from math import inf

import duckdb

from data.coverage import deliveries
from data.coverage.deliveries import Delivery, days_covered, overlaps
from data.coverage.sources import Sources
from data.coverage.untold import Years, payers_with_points, untold
from data.model.records import TABLES
from data.model.schema import client_tables, field_column
from data.store.generation import MANY, Generation
from data.store.reading import columns_there
from data.store.store import Store

Place = str | frozenset[str]
"""A municipality or centre, or those of a region or another area."""


@dataclass(frozen=True)
class Extent:
    """What the files of a generation cover.

    deliveries: by table; organisations: whose data a source's are, by its number (a municipality, or nothing where they are of
    several); unknown: tables with rows of which no delivery tells, since an earlier version has imported them. Such a table is
    taken to be covered always and everywhere; drawn_out: sources with few rows, by table, and to which day they are taken to tell
    (`without_days_of_few`); written: by number of a delivery, the months with rows that no later one has written anew (of one
    that is not there: every month); untold: by table, municipalities with a service of their own of which no file tells
    (`data.coverage.untold`), with the years of it. place, in every method: a municipality or centre. Only the sources of that
    place count, where it has some; else those of no single place, and else all. Of an area those of its municipalities count, and
    those of no single place, where it has any.
    """

    deliveries: Mapping[str, tuple[Delivery, ...]]
    organisations: Mapping[int, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    drawn_out: Mapping[tuple[str, int], date] = field(default_factory=dict)
    written: Mapping[int, frozenset[date]] = field(default_factory=dict)
    untold: Mapping[str, Mapping[str, Years]] = field(default_factory=dict)

    def covers(self, table: str, first: date | None, last: date | None, place: Place | None = None) -> bool:
        """Whether a delivery of the table covers some day of a period; None: without bound."""
        return table in self.unknown or any(overlaps(one, first, last) for one in self._of(table, place))

    def records(
        self, table: str, fields: Iterable[str], first: date | None, last: date | None, place: Place | None = None
    ) -> bool:
        """Whether every one of the fields is in some delivery of the table that covers a day of the period."""
        if table in self.unknown:
            return True
        there = {name for one in self._of(table, place) if overlaps(one, first, last) for name in one.fields}
        return there.issuperset(fields)

    def ground(self, table: str, first: date, last: date, place: Place | None = None) -> str | None:
        """The sources whose deliveries cover every day of a period, by number; None when some source covers a part of it.

        Two periods can be compared where it is the same for both.
        """
        if table in self.unknown:
            return ""
        days = {
            source: days_covered(brought, first, last)[0] for source, brought in self.by_source(table, place).items()
        }
        every = (last - first).days + 1
        if any(0 < covered < every for covered in days.values()):
            return None
        return ",".join(str(source) for source, covered in days.items() if covered)

    def knows_past(
        self, table: str, first: date | None, last: date | None, days: int, place: Place | None = None
    ) -> bool:
        """Whether each source with a day of the period has every one of the days before it, so that who comes is known to be new.

        A source that has joined since, or has left out a month, makes old clients look new; some rejected rows make few of them
        look so. Nothing is before all time.
        """
        if table in self.unknown:
            return True
        if first is None:
            return False
        last = last or date.max
        return all(
            days_covered(brought, first - timedelta(days=days), first - timedelta(days=1), with_rejected=True)[0]
            == days
            for brought in self.by_source(table, place).values()
            if days_covered(brought, first, last)[0]
        )

    def first_day(self, table: str, place: Place | None = None) -> date | None:
        """The first day that a delivery of the table covers; None where none tells of days."""
        return min((one.first_day for one in self._of(table, place) if one.first_day is not None), default=None)

    def knows_past_from(self, past: Iterable[tuple[str, int]], place: Place | None = None) -> date | None:
        """The first day of the first month from which on the files know of the past; None when they never do.

        past: tables with the days before. A month at whose beginning no such time has just filled up is not looked at.
        """
        known = [(table, days) for table, days in past if table not in self.unknown]
        filled = (
            one.first_day + timedelta(days=days)
            for table, days in known for one in self._of(table, place) if one.first_day is not None
        )  # fmt: skip
        for month in sorted({deliveries.month_end(day - timedelta(days=1)) + timedelta(days=1) for day in filled}):
            if all(self.knows_past(table, month, None, days, place) for table, days in known):
                return month
        return None if known else date.min

    def without(self, place: str) -> Extent:
        """The extent of all places but one: without the sources that are of that one alone."""
        others = {
            table: tuple(one for one in brought if self.organisations.get(one.source, "") != place)
            for table, brought in self.deliveries.items()
        }
        untold = {
            table: {name: of for name, of in some.items() if name != place} for table, some in self.untold.items()
        }
        return replace(self, deliveries=others, untold=untold)

    def bringing(self, table: str, first: date | None, last: date | None) -> frozenset[str]:
        """The municipalities with a source of their own that covers some day of a period; None: without bound."""
        there = (one for one in self.deliveries.get(table, ()) if overlaps(one, first, last))
        return frozenset(self.organisations.get(one.source, "") for one in there) - {""}

    def of_sources(self, table: str, sources: frozenset[int]) -> Extent:
        """The extent with those deliveries of a table alone that are of some sources."""
        own = tuple(one for one in self.deliveries.get(table, ()) if one.source in sources)
        return replace(self, deliveries={**self.deliveries, table: own})

    def without_days_of_few(self, least: int, until: date) -> Extent:
        """The extent in which sources with fewer rows a month of a table than `least` cover whole months, and lack only so many
        in a row that `least` rows would have come in them. until: the last closed day, to which any source might reach.

        The days that a file covers are those of its rows (`deliveries.inferred_period`). Where these are few, they are the days
        of single people, and a month without a file, also one after the last row of a table, may be one in which nobody came. Nor
        is it told in which months such a file has no value in a column: one person's would change that.
        """
        found, drawn_out, written = dict(self.deliveries), dict(self.drawn_out), dict(self.written)
        for table in client_tables():
            days = (one.last_day for one in self.deliveries.get(table, ()) if one.last_day is not None)
            end = max([until, *map(deliveries.month_end, days)])
            for source, brought in self.by_source(table).items():
                spans = _in_months(brought)
                rows = sum({one.number: one.loaded for one in brought}.values())
                a_month = rows / len(months) if (months := _months(spans)) else least
                if a_month >= least:
                    continue
                whole = _drawn_out(spans, end, least / a_month if a_month else inf)
                drawn_out[table, source] = max(last for _, last, _ in whole)
                columns = {one.number: frozenset[str]() for one in brought}
                for one in brought:
                    if written.get(one.number):
                        del written[one.number]
                    columns[one.number] |= frozenset(one.fields)
                of_source = tuple(
                    replace(one, first_day=first, last_day=last, fields=tuple(sorted(columns[one.number])), short=0)
                    for first, last, one in whole
                )
                found[table] = (*(one for one in found[table] if one.source != source), *of_source)
        return replace(self, deliveries=found, drawn_out=drawn_out, written=written)

    def beginning(self, begins: Mapping[tuple[str, int], date], least: int) -> Extent:
        """The extent in which sources tell of no day before they begin, where they have so many rows a month from then on.

        begins: by table and source, the first of a month. The days that a file covers begin with its first row
        (`deliveries.inferred_period`), and one that is much older than all others would be told by them.
        """
        found, written = dict(self.deliveries), dict(self.written)
        for (table, source), begin in begins.items():
            brought = [one for one in self.deliveries.get(table, ()) if one.source == source]
            later = [
                replace(one, first_day=max(one.first_day, begin))
                for one in brought
                if one.first_day is not None and one.last_day is not None and one.last_day >= begin
            ]
            rows = sum({one.number: one.loaded for one in later}.values())
            if later and rows >= least * len(_months(_in_months(later))):
                found[table] = (*(one for one in found[table] if one.source != source), *later)
                numbers = {one.number for one in brought} & written.keys()
                written |= {
                    number: frozenset(month for month in written[number] if month >= begin) for number in numbers
                }
        return replace(self, deliveries=found, written=written)

    def sources(self, table: str, place: Place | None = None) -> frozenset[int]:
        """The sources of the table, by number."""
        return frozenset(one.source for one in self._of(table, place))

    def sources_within(
        self, table: str, first: date | None, last: date | None, place: Place | None = None
    ) -> frozenset[int]:
        """The sources whose deliveries cover some day of a period; None: without bound."""
        if table in self.unknown:
            return frozenset()
        return frozenset(one.source for one in self._of(table, place) if overlaps(one, first, last))

    def by_source(self, table: str, place: Place | None = None) -> dict[int, list[Delivery]]:
        """The deliveries of the table of each source, by its number."""
        found: dict[int, list[Delivery]] = {}
        for one in sorted(self._of(table, place), key=lambda one: one.source):
            found.setdefault(one.source, []).append(one)
        return found

    def ends_within(self, table: str, first: date, last: date, place: Place | None = None) -> dict[str, date]:
        """The last days of sources that cover a part of a period and end before it does, by the municipality that they are of.

        Sources of no single municipality stand under the empty text. Of several sources, the one that ends first.
        """
        latest: dict[int, date] = {}
        for one in self._of(table, place) if table not in self.unknown else ():
            if one.last_day is not None:
                latest[one.source] = max(one.last_day, latest.get(one.source, one.last_day))
        found: dict[str, date] = {}
        for source, day in sorted(latest.items()):
            if first <= day < last:
                place_of_source = self.organisations.get(source, "")
                found[place_of_source] = min(day, found.get(place_of_source, day))
        return found

    def _of(self, table: str, place: Place | None) -> tuple[Delivery, ...]:
        found = self.deliveries.get(table, ())
        if place is None:
            return found
        codes = {place} if isinstance(place, str) else place
        of_place = tuple(one for one in found if self.organisations.get(one.source, "") in codes)
        of_several = tuple(one for one in found if not self.organisations.get(one.source, ""))
        if of_place and not isinstance(place, str):
            return of_place + of_several
        # What others' files say of those whose own service they do not tell of is a part of it, and nobody knows which.
        return of_place or of_several or (() if codes <= self.untold.get(table, {}).keys() else found)


_Spanning = tuple[date, date, Delivery]
"""First and last day of a delivery."""


def _in_months(brought: Iterable[Delivery]) -> list[_Spanning]:
    """The deliveries that cover days, each with those of the whole months in which they lie, in order."""
    spans = [
        (one.first_day.replace(day=1), deliveries.month_end(one.last_day), one)
        for one in brought if one.first_day is not None and one.last_day is not None
    ]  # fmt: skip
    return sorted(spans, key=lambda one: one[:2])


def _months(spans: Iterable[_Spanning]) -> frozenset[int]:
    """The months of spans, as year × 12 + month."""
    return frozenset(month for first, last, _ in spans for month in range(_number(first), _number(last) + 1))


def _number(day: date) -> int:
    return day.year * 12 + day.month


def _drawn_out(spans: Sequence[_Spanning], end: date, most: float) -> list[_Spanning]:
    """The spans with what lacks after each, to the next one or the end, in it: where that is of fewer months than `most`."""
    reached, found = date.min, []
    for (first, last, one), after in zip(
        spans, [*(first for first, *_ in spans[1:]), end + timedelta(days=1)], strict=True
    ):
        reached = max(reached, last)
        lacking = _number(after) - _number(reached) - 1
        found.append((first, after - timedelta(days=1) if 0 < lacking < most else last, one))
    return found


@lru_cache(maxsize=32)
def extent_of(store: Store, generation: Generation) -> Extent:
    """The extent of a generation. Raises StoreError."""
    with store.reading(generation) as connection:
        known = deliveries.read(connection)
        # Service points that encounters name, and nobody has listed, are of no delivery.
        asked = [table for table in TABLES if table != "service_point" or not known]
        unknown = frozenset(table for table in asked if _has_others(connection, table))
        told = [piece for one in known for piece in deliveries.pieces(one)]
        by_table = {table: tuple(one for one in told if one.table == table) for table in TABLES}
        written = _written(connection, by_table)
        paying = payers_with_points(connection)
    organisations = {one.number: one.organisation for one in Sources.of(store.path).all()}
    told_of = {
        table: frozenset(organisations.get(one.source, "") for one in brought)
        for table, brought in by_table.items() if table not in unknown
    }  # fmt: skip
    return Extent(by_table, organisations, unknown, written=written, untold=untold(told_of, paying))


def _written(
    connection: duckdb.DuckDBPyConnection, by_table: Mapping[str, tuple[Delivery, ...]]
) -> dict[int, frozenset[date]]:  # fmt: skip
    """By number of a delivery of a table with days, the months with rows that it was the last to write.

    Not those in which a later one has left a few people's rows beside its own: the only one would tell that a field lacks.
    Of a table whose files all have the same fields nothing depends on it, and the rows of a large one take long to go through.
    """
    found: dict[int, set[date]] = {}
    for table, brought in by_table.items():
        if TABLES[table].day is None or len({frozenset(one.fields) for one in brought}) < 2:
            continue
        found |= {one.number: set() for one in brought}
        day = field_column(TABLES[table], TABLES[table].day or "").name
        people = "count(DISTINCT client)" if table in client_tables() else "count(*)"
        # People are counted only where they decide: it takes long.
        query = f"""WITH dated AS (SELECT *, date_trunc('month', "{day}")::DATE AS month FROM {table} WHERE delivery > 0),
            counted AS (SELECT delivery, month, count(*) AS rows FROM dated GROUP BY ALL),
            judged AS (SELECT delivery, month, 2 * rows > sum(rows) OVER (PARTITION BY source, month) AS is_most
                FROM counted JOIN (SELECT DISTINCT delivery, source FROM delivery) USING (delivery))
            SELECT delivery, month FROM judged WHERE is_most
            UNION ALL SELECT delivery, month FROM dated JOIN judged USING (delivery, month) WHERE NOT is_most
            GROUP BY delivery, month HAVING {people} >= {MANY}"""
        for number, month in connection.execute(query).fetchall():
            found.setdefault(number, set()).add(month)
    return {number: frozenset(months) for number, months in found.items()}


def _has_others(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table has rows that no delivery has brought."""
    there = columns_there(connection, table)
    if not there:
        return False
    condition = "WHERE delivery = 0" if "delivery" in there else ""
    return bool(connection.execute(f"SELECT 1 FROM {table} {condition} LIMIT 1").fetchall())
