"""Figures about the staff: of a place with few workers they describe single workers, so the gate requires a minimum."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial

from data.coverage.deliveries import days_covered, month_end
from data.coverage.extent import Extent
from data.coverage.lacking import lacking_days
from metrics.gate import NO_DATA, SMALL, Gate, PublishedValue, staff_groups
from metrics.grammar.period import Period
from metrics.measures.amount_gaps import bringing
from metrics.measures.evidence import extent_told, place_of
from metrics.measures.inquiry import Inquiry
from metrics.model.definition import Definition
from metrics.model.kinds import AmountName, Rate
from metrics.model.needs import has_days, needs

_ABOUT_STAFF: frozenset[AmountName] = frozenset(("person_years", "training_days"))


def amount(
    inquiry: Inquiry, definition: Definition, measure: Rate, name: AmountName, period: Period, codes: Mapping[str, str]
) -> PublishedValue:
    """Return an amount of a rate; suppressed when it is about too few staff for the audience. Raises StoreError.

    Of what is counted in no file of a month the staff of that month does not count either, and there are no costs of a year that
    lacks a month: a year's costs are not those of the visits of half of it, nor those of one municipality those of the visits of
    another (`_has_more`). Residents are of the municipalities of which files tell.
    """
    other = next((one for one in (measure.amount, measure.per_amount) if one not in (name, None)), None)
    if not inquiry.gate.exact and name in _ABOUT_STAFF:
        wanted = codes.get("service_point")
        years = inquiry.amounts.staff(other)
        # All time holds every year: a suppressed year is the sum minus the other years.
        asked = years if period.level == "all" else {period.year} & years.keys()
        if not all(wanted in staff_groups(years[year]) for year in asked if wanted is None or wanted in years[year]):
            return SMALL
    tables = tuple(filter(has_days, needs(definition).tables)) if measure.count is not None else ()
    if name == "euros" and (
        any(_lacks(inquiry, table, period, codes) for table in tables)
        or _has_more(inquiry, definition, measure, period, codes)
    ):
        return NO_DATA
    told = partial(_told, _extent(inquiry), tables[0]) if tables and name == "person_years" else None
    is_told = places_told(inquiry, definition, period) if name == "residents" else None
    found = inquiry.amounts.of(name, period, codes, measure.service, other, told, is_told)
    return NO_DATA if found is None else PublishedValue(found)


def places_told(inquiry: Inquiry, definition: Definition, period: Period) -> Callable[[str], bool]:
    """Return whether files tell of a municipality's people on some day of a period: else its residents do not count."""
    extent, tables = _extent(inquiry), tuple(filter(has_days, needs(definition).tables))

    def is_told(place: str) -> bool:
        return all(extent.covers(table, period.first_day, period.last_day, place) for table in tables)

    return cache(is_told)


def _lacks(inquiry: Inquiry, table: str, period: Period, codes: Mapping[str, str]) -> bool:
    """Whether files lack a month of a year, of a municipality whose costs of it are known or of no single one."""
    if period.first_day is None or period.last_day is None:
        return False
    place = place_of(codes, {})
    lost = lacking_days(_extent(inquiry), table, period.first_day, period.last_day, place)
    return any(
        not all(months.values())
        and (not name or inquiry.amounts.of("euros", period, {"municipality": name}) is not None)
        for name, months in lost.items()
    )


def _has_more(
    inquiry: Inquiry, definition: Definition, measure: Rate, period: Period, codes: Mapping[str, str]
) -> bool:  # fmt: skip
    """Whether files of a municipality's own tell of visits there, without costs or places by which they could be left out.

    Visits of those who live where no service is known count with the costs of all (`amounts_known.COST_KNOWN`).
    """
    place = place_of(codes, {})
    unpaid = bringing(definition, _extent(inquiry), period) - inquiry.amounts.payers(measure.service)
    return not isinstance(place, str) and any(place is None or one in place for one in unpaid)


def _extent(inquiry: Inquiry) -> Extent:
    """How far files reach, for whoever asks: that of few rows none is of some month says nothing of what the file is of."""
    return extent_told(inquiry.store, inquiry.generation, exact=False)


def _told(extent: Extent, table: str, place: str | None, month: date) -> float:
    """The part of a month that files tell of, as share of its days."""
    if table in extent.unknown:
        return 1.0
    last = month_end(month)
    brought = (one for some in extent.by_source(table, place).values() for one in some)
    return days_covered(brought, month, last)[0] / last.day


def told(gate: Gate, measure: Rate, value: PublishedValue) -> PublishedValue:
    """Return an amount as a row shows it: person-years and training days only for the internal audience."""
    return value if gate.exact or measure.amount not in _ABOUT_STAFF else SMALL
