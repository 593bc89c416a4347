"""Which months of a period files do not tell of, or only in part, and in which they have no column of a field."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from data.coverage.deliveries import Delivery, days_covered, month_end, months_of, overlaps
from data.coverage.extent import Extent, Place
from data.coverage.untold import Years

Months = Mapping[date, bool]
"""By the first day of a month: whether files tell of a part of it all the same."""
Gaps = Mapping[str, Months]
"""By municipality whose sources lack something; empty: sources of no single one, or where no other is told of."""

_Brought = list[Delivery]
_LONG = 88
"""Days from the first to the last one of a source, three months, beside which others can have been: a shorter one may be a file
that came by itself."""


def lacking_days(extent: Extent, table: str, first: date, last: date, place: Place | None = None) -> Gaps:
    """The months of a period that are not whole; of all time, from the table's first day on. place: see `Extent`.

    Each source tells from its first day to its last one without a hole. A municipality that has sources of its own is told of as
    long as any is; some may join late, or end when another takes over. After the end of one that others have long been beside a
    part is told of. What nobody tells of is a gap, too. Of a period before the table's first day nothing is said. Of an area, a
    municipality whose own service no file tells of lacks every month of it.
    """
    told, without = _told(extent, table, place), _untold(extent, table, place)
    every = [brought for _, brought in told]
    several = [brought for name, brought in told if not name]
    if not told:
        return {}
    begin = min(_span(brought)[0] for brought in every)
    if last < begin:
        return {}
    start = begin if first == date.min else first

    def gap(name: str, month: date, end: date) -> bool | None:
        if name in without:
            years = without[name]
            return False if years is None or month.year in years else None
        own = [brought for other, brought in told if other == name]
        days = [days_covered(brought, month, end)[0] for brought in (own + several if name else every)]
        within = (brought for brought in own if (span := _span(brought))[0] <= end and month <= span[1])
        is_whole = any(days) and all(days_covered(brought, month, end)[0] == end.day for brought in within)
        return None if is_whole and not _has_lost(own, month, end) else any(days)

    return _found({name for name, _ in told} | without.keys(), start, last, gap)


def lacking_fields(
    extent: Extent, table: str, ways: Iterable[Collection[str]], first: date, last: date, place: Place | None = None
) -> Gaps:
    """The months of a period in which some file has brought rows without fields; nothing where none has them at all.

    A file that brings no rows but those of others changes nothing of what they tell, and one all of whose rows of a month a later
    file with the fields has brought anew lacks nothing there. ways: sets of fields, each of which is enough. place: see `Extent`.
    """
    enough = [frozenset(way) for way in ways]

    def has(one: Delivery) -> bool:
        return any(way.issubset(one.fields) for way in enough)

    def is_left(brought: _Brought, at: Delivery, month: date, end: date) -> bool:
        # Of what a file without the fields has written last, the rest may be an earlier one's.
        after = (one for one in brought if one.number >= at.number and overlaps(one, month, end) and not has(one))
        return any(one.number not in extent.written or month in extent.written[one.number] for one in after)

    told = _told(extent, table, place)
    if all(has(one) for _, brought in told for one in brought):
        return {}

    def gap(name: str, month: date, end: date) -> bool | None:
        own = [brought for other, brought in told if other == name]
        if not any(
            one.loaded and not has(one) and overlaps(one, month, end) and is_left(brought, one, month, end)
            for brought in own for one in brought
        ):  # fmt: skip
            return None
        return any(has(one) and overlaps(one, month, end) for brought in own for one in brought)

    start = max(first, min(_span(brought)[0] for _, brought in told))
    if not any(has(one) and overlaps(one, start, last) for _, brought in told for one in brought):
        return {}
    return _found({name for name, _ in told}, start, last, gap)


def missing_fields(extent: Extent, table: str, fields: Iterable[str], place: Place | None = None) -> tuple[str, ...]:
    """Those of the fields that some delivery does not have. place: see `Extent`."""
    brought = [one for some in extent.by_source(table, place).values() for one in some]
    return tuple(sorted(name for name in fields if any(name not in one.fields for one in brought)))


def _told(extent: Extent, table: str, place: Place | None) -> list[tuple[str, _Brought]]:
    """The deliveries of each source that tells of days, with the municipality it is named by."""
    if table in extent.unknown:
        return []
    sources = extent.by_source(table, place)
    brought = {source: [one for one in some if one.first_day and one.last_day] for source, some in sources.items()}
    names = {extent.organisations.get(source, "") for source, some in brought.items() if some}
    is_named = not isinstance(place, str) and len(names | _untold(extent, table, place).keys()) > 1
    return [
        (extent.organisations.get(source, "") if is_named else "", some) for source, some in brought.items() if some
    ]


def _untold(extent: Extent, table: str, place: Place | None) -> dict[str, Years]:
    """The municipalities of an area, or all, whose own service no file of a table tells of; of a single one its values say it."""
    if isinstance(place, str):
        return {}
    return {name: of for name, of in extent.untold.get(table, {}).items() if place is None or name in place}


def _found(
    names: Iterable[str], first: date, last: date, gap: Callable[[str, date, date], bool | None]
) -> dict[str, Months]:
    every = list(months_of(first, last))
    found = {
        name: {month: partly for month in every if (partly := gap(name, month, month_end(month))) is not None}
        for name in sorted(names)
    }
    return {name: months for name, months in found.items() if months}


def _has_lost(sources: Sequence[_Brought], first: date, last: date) -> bool:
    """Whether one of several sources has ended before a month, and none of those that tell of it has come in its place.

    Whoever has been there since before the middle of its time has told of others all along, such as of another office.
    """
    spans = [_span(brought) for brought in sources]
    there = [begin for begin, end in spans if begin <= last and first <= end]
    return bool(there) and any(
        end < first and (end - begin).days >= _LONG and max(there) <= begin + (end - begin) / 2 for begin, end in spans
    )


def _span(brought: _Brought) -> tuple[date, date]:
    first, last = (min(one.first_day or date.max for one in brought), max(one.last_day or date.min for one in brought))
    return first, last
