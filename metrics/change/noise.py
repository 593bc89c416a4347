"""Noise of a published number: Poisson variation, overdispersion of events by client, and the gate's rounding.

The variance of a count is about the count itself. Counts of events vary more, because one client brings several: their
variance is `spread` times as large (a compound Poisson count). Rounding moves a number by less than its base. Both
rules of change use this model: intervals of one value (`metrics.change.trend`), and the signed z of many rows
(`metrics.change.ranking`), z = (now − before) / √(spread · (now + before) + variance of rounding).
"""

from math import ceil, log, sqrt

from metrics.gate import BASE, EVENT_BASES, SHOWN_FROM
from metrics.grammar.answer import Row


def signed_z(now: float, before: float, *, bases: tuple[float, float] = (1, 1), spread: float = 1.0) -> float:
    """Return the change in units of its standard deviation; 0 when rounding to multiples of `bases` alone could cause it.

    >>> round(signed_z(260, 200, bases=(5, 5)), 2), signed_z(105, 100, bases=(5, 5))
    (2.77, 0.0)
    """
    if abs(now - before) <= sum(most_off(base) for base in bases):
        return 0.0
    rounding = sum(rounding_variance(base) for base in bases)
    return (now - before) / sqrt(spread * (now + before) + rounding)


def rounding_variance(base: float) -> float:
    """Return the variance of random rounding to a base, on average over all remainders.

    >>> rounding_variance(5)
    4.0
    """
    return (base**2 - 1) / 6


def base_of_rounding(published: float, unit: str) -> int:
    """Return the base that a published number was rounded to.

    The base of events is not published: the largest one that divides the number is assumed.
    """
    if unit == "clients":
        return BASE
    return next((base for base in reversed(EVENT_BASES) if published % base == 0), BASE)


def most_off(base: float) -> float:
    """Return the largest distance by which rounding to multiples of a base can move a whole number."""
    return base - 1


def most_suppressed(row: Row, spread: float) -> float:
    """Return what a suppressed count is at most: fewer clients than are shown, each with the events that `spread` implies."""
    return max(SHOWN_FROM * events_per_client(spread), row.bound.limit if row.bound else 0)


def spread_of(events_per_client: float) -> float:
    """Return the overdispersion of events for geometric numbers of events per client: E[c²] / E[c] = 2r − 1.

    >>> spread_of(1), spread_of(3.5)
    (1, 6.0)
    """
    return max(1, 2 * events_per_client - 1)


def events_per_client(spread: float) -> float:
    """Return the events per client that an overdispersion implies; the inverse of `spread_of`.

    >>> events_per_client(1.0), events_per_client(6.0)
    (1.0, 3.5)
    """
    return (spread + 1) / 2


def usual_base(events: float, spread: float) -> int:
    """Return the rounding base for the busiest of the clients who bring so many events, in geometric numbers.

    >>> usual_base(400, 1.0), usual_base(400, 6.0)
    (5, 25)
    """
    each = events_per_client(spread)
    if each <= 1:
        return EVENT_BASES[0]
    busiest = ceil(log(max(events / each, 1.0)) / -log(1 - 1 / each))
    return next((base for base in EVENT_BASES if base >= busiest), EVENT_BASES[-1])


def largest_base(events: float, spread: float) -> int:
    """Return the largest rounding base to be reckoned with: two steps above the usual one, for clients who come far more often.

    With one event a client it is that of clients.

    >>> largest_base(400, 1.0), largest_base(12000, 6.0)
    (5, 100)
    """
    usual = EVENT_BASES.index(usual_base(events, spread))
    return EVENT_BASES[0] if spread <= 1 else EVENT_BASES[min(usual + 2, len(EVENT_BASES) - 1)]


def spread_of_events(total: Row | None) -> float | None:
    """Return the overdispersion of events from a row with their number (`value`) and that of clients (`n`); None if not known."""
    return spread_of(total.value / total.n) if total is not None and total.value and total.n else None
