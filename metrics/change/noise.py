"""Which of many published numbers have changed: signed z of each difference, and control of the false discovery rate.

z = (now − before) / √(spread · (now + before) + rounding). A count varies by about its square root from year to year; counts
of events vary more, because one client brings several, and `spread` says how much more. Rounding adds the variance of the
gate's. Of all the numbers compared, those are told as changed that Benjamini and Hochberg's procedure (1995) keeps: of what is
told, at most `RATE` is expected to be chance.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist

from metrics.gate import BASE, EVENT_BASES
from metrics.grammar.answer import Row

RATE = 0.05
"""False discovery rate. Where nothing has changed, the chance that anything at all is told."""

_NORMAL = NormalDist()


def signed_z(now: float, before: float, *, bases: tuple[float, float] = (1, 1), spread: float = 1.0) -> float:
    """The change in units of its own noise; 0 when rounding to multiples of `bases` alone could make it.

    >>> round(signed_z(260, 200, bases=(5, 5)), 2), signed_z(105, 100, bases=(5, 5))
    (2.77, 0.0)
    """
    if abs(now - before) <= sum(base - 1 for base in bases):
        return 0.0
    # Random rounding to base b of a number with any remainder: variance (b² − 1) / 6 on average.
    rounding = sum((base**2 - 1) / 6 for base in bases)
    return (now - before) / sqrt(spread * (now + before) + rounding)


def base_of_rounding(published: float, unit: str) -> int:
    """What a published number has been rounded to a multiple of. The base of events is not told: the largest that fits."""
    if unit == "clients":
        return BASE
    return next((base for base in reversed(EVENT_BASES) if published % base == 0), BASE)


def spread_of(events_per_client: float) -> float:
    """How much more events vary than single clients do, when clients' numbers of events are geometric: E[c²] / E[c] = 2r − 1.

    >>> spread_of(1), spread_of(3.5)
    (1, 6.0)
    """
    return max(1, 2 * events_per_client - 1)


def spread_of_events(total: Row | None) -> float | None:
    """The spread of events by their own number per client; total: how many there are, on how many clients. None if not known."""
    return spread_of(total.value / total.n) if total is not None and total.value and total.n else None


def discoveries(scores: Sequence[float], rate: float = RATE) -> tuple[bool, ...]:
    """Which of many z scores are told, by Benjamini and Hochberg's procedure on their two-sided p-values."""
    p_values = [2 * _NORMAL.cdf(-abs(score)) for score in scores]
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    kept = max((rank for rank, i in enumerate(order, 1) if p_values[i] <= rate * rank / len(order)), default=0)
    told = set(order[:kept])
    return tuple(i in told for i in range(len(p_values)))
