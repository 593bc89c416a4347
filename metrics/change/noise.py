"""The noise of a published number: its own chance, the bundling of events by client, and the gate's rounding.

A count varies by about its square root from year to year. Counts of events vary more, because one client brings several:
their variance is `spread` times as large (a compound Poisson count). Rounding moves a number by less than its base. Both rules
of change stand on these: intervals of one figure (`metrics.change.trend`), and the signed z of many rows
(`metrics.change.ranking`), z = (now − before) / √(spread · (now + before) + variance of rounding).
"""

from math import sqrt

from metrics.gate import BASE, EVENT_BASES
from metrics.grammar.answer import Row


def signed_z(now: float, before: float, *, bases: tuple[float, float] = (1, 1), spread: float = 1.0) -> float:
    """The change in units of its own noise; 0 when rounding to multiples of `bases` alone could make it.

    >>> round(signed_z(260, 200, bases=(5, 5)), 2), signed_z(105, 100, bases=(5, 5))
    (2.77, 0.0)
    """
    if abs(now - before) <= sum(most_off(base) for base in bases):
        return 0.0
    # Random rounding to base b of a number with any remainder: variance (b² − 1) / 6 on average.
    rounding = sum((base**2 - 1) / 6 for base in bases)
    return (now - before) / sqrt(spread * (now + before) + rounding)


def base_of_rounding(published: float, unit: str) -> int:
    """What a published number has been rounded to a multiple of. The base of events is not told: the largest that fits."""
    if unit == "clients":
        return BASE
    return next((base for base in reversed(EVENT_BASES) if published % base == 0), BASE)


def most_off(base: float) -> float:
    """How far rounding to multiples of a base may move a whole number."""
    return base - 1


def spread_of(events_per_client: float) -> float:
    """How much more events vary than single clients do, when clients' numbers of events are geometric: E[c²] / E[c] = 2r − 1.

    >>> spread_of(1), spread_of(3.5)
    (1, 6.0)
    """
    return max(1, 2 * events_per_client - 1)


def spread_of_events(total: Row | None) -> float | None:
    """The spread of events by their own number per client; total: how many there are, on how many clients. None if not known."""
    return spread_of(total.value / total.n) if total is not None and total.value and total.n else None
