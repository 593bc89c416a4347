"""What is told of a published estimate: two significant digits, and a p value as one of four classes."""

import math

from metrics.hypotheses.methods.finding import Estimate
from metrics.hypotheses.methods.people import in_people
from metrics.hypotheses.register import Effect

DIGITS = 2
P_CLASSES = (0.001, 0.01, 0.05)
"""Upper limits of the classes of p values that are told; the highest class has none."""


def p_class(p: float) -> str:
    """Return the class of a p value.

    >>> [p_class(p) for p in (0.0004, 0.004, 0.04, 0.05)]
    ['< 0.001', '< 0.01', '< 0.05', '≥ 0.05']
    """
    return next((f"< {limit}" for limit in P_CLASSES if p < limit), f"≥ {P_CLASSES[-1]}")


def rounded(effect: Effect, unit: str) -> Effect:
    """Return an effect of which the largest of value and bounds has two significant digits, and none more decimals than that.

    Percentage points are whole. The p value stays as it is: it is told by `p_class`.

    >>> rounded(Effect(name="crude", value=34.4, lower=-3.2, upper=121.6, p=0.04), "days").upper
    120.0
    """
    places = digits_of(effect.value, effect.lower, effect.upper)
    if unit == "%":
        places = min(places, 0)
    value, lower, upper = (round(number, places) + 0.0 for number in (effect.value, effect.lower, effect.upper))
    people = None
    if unit == "%":
        found = in_people(Estimate(effect.name, "share_difference", value, lower, upper, effect.p))
        people = (found.number, found.lower, found.upper) if found else None
    return Effect(name=effect.name, value=value, lower=lower, upper=upper, p=effect.p, people=people)


def digits_of(*numbers: float) -> int:
    """Return the decimals (negative: tens, hundreds) with which the largest of some numbers has two significant digits.

    >>> digits_of(12.34, -121.6), digits_of(0.057)
    (-1, 3)
    """
    largest = max(map(abs, numbers))
    return DIGITS - 1 - math.floor(math.log10(largest)) if largest else 0
