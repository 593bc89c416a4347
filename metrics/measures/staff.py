"""Figures about the staff: of a place with few workers they describe single workers, so the gate requires a minimum."""

from collections.abc import Mapping

from metrics.gate import NO_DATA, SMALL, Gate, PublishedValue, staff_groups
from metrics.grammar.period import Period
from metrics.measures.inquiry import Inquiry
from metrics.model.kinds import AmountName, Rate

_ABOUT_STAFF: frozenset[AmountName] = frozenset(("person_years", "training_days"))


def amount(
    inquiry: Inquiry, measure: Rate, name: AmountName, period: Period, codes: Mapping[str, str]
) -> PublishedValue:
    """Return an amount of a rate; suppressed when it is about too few staff for the audience. Raises StoreError."""
    other = next((one for one in (measure.amount, measure.per_amount) if one not in (name, None)), None)
    if not inquiry.gate.exact and name in _ABOUT_STAFF:
        wanted = codes.get("service_point")
        years = inquiry.amounts.staff(other)
        # All time holds every year: a suppressed year is the sum minus the other years.
        asked = years if period.level == "all" else {period.year} & years.keys()
        if not all(wanted in staff_groups(years[year]) for year in asked if wanted is None or wanted in years[year]):
            return SMALL
    found = inquiry.amounts.of(name, period, codes, measure.service, other)
    return NO_DATA if found is None else PublishedValue(found)


def told(gate: Gate, measure: Rate, value: PublishedValue) -> PublishedValue:
    """Return an amount as a row shows it: person-years and training days only for the internal audience."""
    return value if gate.exact or measure.amount not in _ABOUT_STAFF else SMALL
