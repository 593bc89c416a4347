"""Of which municipalities, and in which months, the amounts are not known that a number is divided by.

Amounts are of places and not of files: a file of all service points may lack one of them. It depends on what the files tell of
staff, costs, residents and service points, never on how many clients there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from data.coverage.deliveries import month_end, months_of
from data.coverage.extent import Extent, Place
from data.coverage.lacking import Gaps
from data.coverage.untold import OF_GUIDANCE
from metrics.cube.amounts import Amounts, ListedPoint
from metrics.grammar.period import Period
from metrics.model.definition import Definition
from metrics.model.kinds import AMOUNT_TABLES, Rate, Spread
from metrics.model.needs import needs


def amounts_needed(definition: Definition) -> Iterator[tuple[str, tuple[frozenset[str], ...]]]:
    """Yield the table of the amounts that a metric is divided by, and once more with a field that may lack by itself."""
    measure = definition.measure
    if isinstance(measure, Rate | Spread) and measure.amount is not None:
        yield AMOUNT_TABLES[measure.amount], ()
        if measure.amount == "training_days":
            yield AMOUNT_TABLES[measure.amount], (frozenset({measure.amount}),)


def amount_gaps(
    definition: Definition, amounts: Amounts, extent: Extent, period: Period, until: date, place: Place | None,
    points: Collection[str],
) -> Iterator[tuple[str, str, Gaps]]:  # fmt: skip
    """Yield the table of a metric's amounts with what lacks in it, by municipality, and a field of it with where only that lacks.

    Of what nobody tells of nothing lacks. until: the last day that is told of; points: those asked for, none for all.
    """
    measure = definition.measure
    if not isinstance(measure, Rate | Spread) or measure.amount is None:
        return
    places = None if place is None else {place} if isinstance(place, str) else place
    table = AMOUNT_TABLES[measure.amount]
    if table == "staff":
        asked = [
            one for one in amounts.points()
            if (not points or one.code in points) and (places is None or one.municipality in places)
        ]  # fmt: skip
        found = _months_without_staff(asked, amounts.staffed(), period, until)
        if measure.amount == "training_days":
            untrained = _months_without_staff(asked, amounts.staffed(measure.amount), period, until)
            only = {
                place: {month: part for month, part in months.items() if month not in found.get(place, {})}
                for place, months in untrained.items()
            }
            if only := {place: months for place, months in only.items() if months}:
                yield table, measure.amount, only
    else:
        service = measure.service if isinstance(measure, Rate) else None
        serving = amounts.payers(service) | bringing(definition, extent, period)
        every = {one for one in serving if places is None or one in places}
        lost: dict[str, dict[date, bool]] = {
            one: {} for one in sorted(every)
            if amounts.of(measure.amount, period, {"municipality": one}, service) is None
        }  # fmt: skip
        found = lost if len(lost) < len(every) else {}
    if found:
        yield table, "", found


def bringing(definition: Definition, extent: Extent, period: Period) -> frozenset[str]:
    """Return the municipalities whose own files tell of guidance that a metric counts: they have it, whatever costs are known."""
    tables = (table for table in needs(definition).tables if table in OF_GUIDANCE)
    return frozenset().union(*(extent.bringing(table, period.first_day, period.last_day) for table in tables))


def _months_without_staff(
    points: Collection[ListedPoint], staffed: dict[str, frozenset[date]], period: Period, until: date
) -> Gaps:
    """The months in which the staff of an open service point is not known; in part where it is of another one there."""
    known = [month for one in points for month in staffed.get(one.code, ())]
    if not known:
        return {}
    first, last = period.first_day or min(known), min(period.last_day or month_end(max(known)), until)
    if not any(first <= month <= last for month in known):
        return {}
    found: dict[str, dict[date, bool]] = {}
    for month in months_of(first, last):
        is_open = [one for one in points if one.opened_on <= month_end(month) and month <= one.closed_on]
        there = {one.municipality for one in is_open if month in staffed.get(one.code, ())}
        for one in is_open:
            if month not in staffed.get(one.code, ()):
                found.setdefault(one.municipality, {})[month] = one.municipality in there
    return dict(sorted(found.items()))
